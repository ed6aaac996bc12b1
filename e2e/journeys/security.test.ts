import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { mainRendererContract } from '../../shared/contract/main-renderer.ts';
import { appJourney, shellJob } from '../desktop/app-journey.ts';
import { FIRST_ID, hostilePayloads } from '../desktop/hostile-payloads.ts';
import { processesBelow } from '../desktop/processes.ts';

const journey = appJourney();

type Bridge = { send(message: unknown): void; onMessage(receiver: (message: unknown) => void): void };
type Counter = { reply: number; failure: number; settled: () => void };
const REQUESTS = Object.keys(mainRendererContract.requests);
const CHANNELS = [...REQUESTS, ...Object.keys(mainRendererContract.commands)];

async function openPage(args: readonly string[] = ['--show']): Promise<Page> {
  await journey.start(args);
  const page = await journey.window();
  await page.getByRole('heading', { name: 'Ready for jobs' }).waitFor();
  return page;
}

/** Notes every process, shell and file that the main process is asked to start or open from now on. */
async function watchStarts(running: ElectronApplication): Promise<() => Promise<readonly string[]>> {
  await running.evaluate(({ shell, dialog, utilityProcess, BrowserWindow }) => {
    const noted: string[] = [];
    Object.assign(globalThis, { noted });
    const note = (owner: object, names: readonly string[]) => {
      for (const name of names) {
        Object.assign(owner, {
          [name]: () => {
            noted.push(name);
            return Promise.resolve({ response: 0, canceled: true, filePaths: [] });
          },
        });
      }
    };
    note(shell, ['openExternal', 'openPath', 'showItemInFolder']);
    note(dialog, ['showMessageBox', 'showOpenDialog', 'showSaveDialog']);
    note(utilityProcess, ['fork']);
    note(process.mainModule?.require('node:child_process') as object, ['spawn', 'exec', 'execFile', 'fork']);
    Object.assign(globalThis, { windowsBefore: BrowserWindow.getAllWindows().length });
  });
  return () => running.evaluate(() => (globalThis as unknown as { noted: string[] }).noted);
}

/** Counts what comes back over the bridge, by its kind; `settled` resolves when the request with this id was answered. */
async function countReplies(page: Page): Promise<void> {
  await page.evaluate((firstId) => {
    const { signalboxBridge: bridge } = globalThis as unknown as { signalboxBridge: Bridge };
    const counter: Counter = { reply: 0, failure: 0, settled: () => undefined };
    Object.assign(globalThis, { counter });
    bridge.onMessage((message) => {
      const { kind, id } = message as { kind: string; id: number };
      if (kind !== 'reply' && kind !== 'failure') return;
      if (id === 999_999) counter.settled();
      else if (id >= firstId) counter[kind] += 1;
    });
  }, FIRST_ID);
}

/** Sends all of it, then asks for something good. Resolves with the replies there are in all, when that was answered. */
function sendAll(page: Page, messages: readonly unknown[]): Promise<number> {
  return page.evaluate((all) => {
    const { signalboxBridge: bridge, counter } = globalThis as unknown as { signalboxBridge: Bridge; counter: Counter };
    for (const message of all as unknown[]) {
      try {
        bridge.send(message);
      } catch {
        // What cannot be cloned does not leave the page at all.
      }
    }
    return new Promise<number>((resolve) => {
      counter.settled = () => resolve(counter.reply);
      bridge.send({ kind: 'request', id: 999_999, name: 'snapshot', value: null });
    });
  }, messages);
}

/** Frames of our own page, of a stranger's and of none: tells whether any of them has the bridge. */
function framesScript(address: string): string {
  return `(async () => {
    const results = [];
    for (const source of ['signalbox://app/index.html', '${address}', 'about:blank']) {
      const frame = document.createElement('iframe');
      frame.src = source;
      const settled = new Promise((resolve) => { frame.onload = resolve; frame.onerror = resolve; });
      document.body.append(frame);
      await settled;
      try {
        const bridge = frame.contentWindow.signalboxBridge;
        bridge?.send({ kind: 'command', name: 'disconnect', value: null });
        results.push(bridge ? 'bridge' : 'none');
      } catch {
        results.push('foreign');
      }
    }
    return results;
  })()`;
}

describe('a hostile page', () => {
  it('gets nothing done through any channel, and main lives on', async () => {
    const page = await openPage();
    const running = journey.app;
    const pid = running.process().pid ?? 0;
    const before = processesBelow(pid, '--type=utility').length;
    const noted = await watchStarts(running);
    await countReplies(page);
    for (const channel of CHANNELS) {
      const kind = REQUESTS.includes(channel) ? 'request' : 'command';
      expect([channel, await sendAll(page, hostilePayloads(channel, kind, 1_000))]).toEqual([channel, 0]);
    }
    expect(await noted()).toEqual([]);
    expect(processesBelow(pid, '--type=utility')).toHaveLength(before);
    const id = journey.hub.addJob(shellJob(['echo fine']));
    await journey.reported(id);
    expect(journey.hub.resultOf(id)).toBe('passed');
    expect(existsSync(join(journey.work, 'data', 'crashes'))).toBe(false);
    expect(journey.hub.calls.filter(({ kind }) => kind === 'disconnect')).toEqual([]);
  });

  it('is not listened to in a second frame, and not let go elsewhere', async () => {
    const strange = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<h1>strange</h1>');
    });
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(strange.address() as AddressInfo).port}/`;
    try {
      const page = await openPage();
      const running = journey.app;
      const noted = await watchStarts(running);
      const frames = await page.evaluate(framesScript(address));
      expect(frames).not.toContain('bridge');
      await page.evaluate(`window.open('${address}'); location.href = '${address}';`);
      await expect.poll(() => page.url()).toBe('signalbox://app/index.html');
      expect(running.windows()).toHaveLength(1);
      expect(await noted()).toEqual([]);
      expect(journey.hub.connectedAgents).toBe(1);
      const permission = await page.evaluate(
        "navigator.mediaDevices?.getUserMedia({ audio: true }).then(() => 'granted', () => 'refused') ?? 'refused'",
      );
      expect(permission).toBe('refused');
    } finally {
      await new Promise((resolve) => strange.close(resolve));
    }
  });

  it('is refused what is not of our folder', async () => {
    const page = await openPage();
    const paths = ['../package.json', '..%2f..%2fpackage.json', '%2e%2e/main.cjs', '//etc/passwd', 'nothing'];
    const script = `Promise.all(${JSON.stringify(paths)}.map((path) =>
      fetch('signalbox://app/' + path).then(({ status }) => status, () => 0)))`;
    const statuses = (await page.evaluate(script)) as readonly number[];
    for (const status of statuses) expect([0, 404]).toContain(status);
  });
});

describe('a job of the app', () => {
  it("has its user's PATH and nothing of Electron's, and the app starts at login", async () => {
    mkdirSync(join(journey.work, 'home'));
    writeFileSync(
      join(journey.work, 'home', '.bash_profile'),
      `export PATH="${journey.work}/tools:$PATH" FROM_PROFILE=1\n`,
    );
    await journey.start([], {
      SEMAPHORE_AGENT_START_AT_LOGIN: 'true',
      NODE_OPTIONS: '--no-warnings',
    });
    const id = journey.hub.addJob(shellJob(['env -0 | tr "\\n\\0" " \\n"']));
    await journey.reported(id);
    const names = journey.hub
      .log(id)
      .text.split('\n')
      .map((line) => line.split('=', 1)[0] ?? '');
    expect(names).toContain('FROM_PROFILE');
    expect(journey.hub.log(id).text).toContain(`PATH=${journey.work}/tools:`);
    const strange = /^(ELECTRON_|CHROME_|APPIMAGE|APPDIR|ARGV0|OWD|NODE_OPTIONS|SEMAPHORE_AGENT_TOKEN)/;
    expect(names.filter((name) => strange.test(name))).toEqual([]);
    const autostart = readFileSync(join(journey.work, 'home', '.config', 'autostart', 'signalbox.desktop'), 'utf8');
    expect(autostart).toMatch(/^Exec="\/.*electron" "\/.*" "--hidden"$/m);
  });
});
