import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { CHANNEL } from '../../shared/contract/channel.ts';
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

/** Values that some channel takes, so that nothing but its sender speaks against a message. */
const TAKEN: readonly unknown[] = [
  null,
  { kind: 'until-resumed' },
  { name: 'pre-job-hook-path' },
  { 'env-vars': ['OWNED=1'] },
  { withToken: false, reader: 'signalbox' },
  { text: 'SEMAPHORE_ENDPOINT=evil.example' },
  { url: 'https://example.com/' },
];

/** Puts frames into the page: of our own folder, of a stranger's server, and three that need no server to be live. */
function framesScript(address: string): string {
  return `(async () => {
    const blob = URL.createObjectURL(new Blob(['<h1>blob</h1>'], { type: 'text/html' }));
    const sources = [{ src: 'signalbox://app/index.html' }, { src: '${address}' }, { src: 'about:blank' }, { src: blob },
      { srcdoc: '<h1>srcdoc</h1>' }];
    for (const source of sources) {
      const frame = Object.assign(document.createElement('iframe'), source);
      const settled = new Promise((resolve) => { frame.onload = resolve; frame.onerror = resolve; });
      document.body.append(frame);
      await settled;
    }
    return window.open('about:blank') === null && window.open('${address}') === null;
  })()`;
}

/** What a page could get at the main process with, in each frame but the first. */
function reachOfFrames(page: Page): Promise<readonly (readonly string[])[]> {
  const inFrame = () => ['signalboxBridge', 'require', 'process', 'electron'].filter((name) => name in globalThis);
  return Promise.all(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.evaluate(inFrame)),
  );
}

/**
 * Electron gives a second frame no bridge, so that none of its messages would leave it. Here they come to the main process all
 * the same, with a live frame as their sender. Resolves with the answers, of each frame and of the page itself for comparison.
 */
function callFromFrames(running: ElectronApplication, messages: readonly unknown[]): Promise<readonly number[]> {
  return running.evaluate(
    async ({ BrowserWindow, ipcMain }, { channel, sent, asked }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (!window) throw new Error('there is no window');
      const contents = window.webContents;
      let answers = 0;
      contents.send = (_channel, { id }: { readonly id?: number }) => {
        if (id === asked) answers += 1;
      };
      const counts: number[] = [];
      const [main, ...frames] = contents.mainFrame.framesInSubtree;
      for (const senderFrame of [...frames, main]) {
        answers = 0;
        const own = senderFrame === main ? sent.slice(0, 1) : sent;
        for (const message of own) ipcMain.emit(channel, { sender: contents, senderFrame }, message);
        await new Promise((resolve) => setImmediate(resolve));
        counts.push(answers);
      }
      return counts;
    },
    { channel: CHANNEL, sent: messages, asked: FIRST_ID },
  );
}

/** Resolves when the page wants to go elsewhere, with whether it is kept from that. */
function willNavigate(running: ElectronApplication): Promise<boolean | undefined> {
  return running.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return new Promise<boolean | undefined>((resolve) =>
      window?.webContents.once('will-navigate', (event) => setImmediate(() => resolve(event.defaultPrevented))),
    );
  });
}

describe('a hostile page', () => {
  // A thousand messages for each of some forty channels, and an answer to each.
  it('gets nothing done through any channel, and main lives on', { timeout: 180_000 }, async () => {
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
      expect(await page.evaluate(framesScript(address))).toBe(true);
      const reaches = await reachOfFrames(page);
      expect(reaches.length).toBeGreaterThanOrEqual(5);
      expect(reaches.flat()).toEqual([]);
      const own = { kind: 'request', id: FIRST_ID, name: 'snapshot', value: null };
      const calls = CHANNELS.flatMap((name) =>
        TAKEN.map((value) => ({ kind: REQUESTS.includes(name) ? 'request' : 'command', id: FIRST_ID, name, value })),
      );
      const answers = await callFromFrames(running, [own, ...calls]);
      expect(answers).toEqual([...reaches.map(() => 0), 1]);
      const prevented = willNavigate(running);
      await page.evaluate(`setTimeout(() => { location.href = '${address}'; });`);
      expect(await prevented).toBe(true);
      expect(page.url()).toBe('signalbox://app/index.html');
      expect(running.windows()).toHaveLength(1);
      expect(await noted()).toEqual([]);
      expect(journey.hub.connectedAgents).toBe(1);
      expect(existsSync(join(journey.work, 'data', 'settings.json'))).toBe(false);
      const permission = await page.evaluate(
        "navigator.mediaDevices?.getUserMedia({ audio: true }).then(() => 'granted', () => 'refused') ?? 'refused'",
      );
      expect(permission).toBe('refused');
    } finally {
      await new Promise((resolve) => strange.close(resolve));
    }
  });

  it('is refused what is not of our folder', async () => {
    await openPage();
    // A page of ours may not fetch at all; who answers its scheme is asked here by itself.
    const statusOf = (path: string) =>
      journey.app.evaluate(async ({ net }, asked) => (await net.fetch(`signalbox://app/${asked}`)).status, path);
    expect(await statusOf('index.html')).toBe(200);
    const outside = ['..%2f..%2fpackage.json', '..%2fmain.cjs', '%2e%2e%2fmain.cjs', 'x%2f..%2f..%2fmain.cjs'];
    for (const path of [...outside, '../package.json', '%2e%2e/main.cjs', '//etc/passwd', '%2fetc%2fpasswd', 'nothing'])
      expect([path, await statusOf(path)]).toEqual([path, 404]);
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
