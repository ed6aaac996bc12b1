import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SearchProgress } from '../../../../shared/contract/log.ts';
import { FakeClock } from '../../platform/fake-clock.ts';
import { ABOUT, LIMIT, texts, ViewsStage } from './views-stage.ts';

const stage = new ViewsStage();
beforeEach(() => stage.open());
afterEach(() => stage.close());

describe('a window that reads the log of a running job', () => {
  it('gets any lines of it, and is told how it grows and ends', async () => {
    stage.views.begin(stage.live);
    stage.log.jobStarted();
    stage.log.commandStarted('count');
    stage.write(0, 5_000);
    const { window } = stage.openWindow();
    const grown = new Promise<number>((resolve) => {
      window.on('grew', ({ lines, end, commands }) => {
        if (end && commands.length >= 0) resolve(lines);
      });
    });
    expect(await window.request('open', { job: '' }, LIMIT)).toMatchObject({
      id: 'j1',
      about: ABOUT,
      commands: [{ directive: 'count' }],
    });
    stage.write(5_000, 9_000);
    stage.log.commandFinished(0);
    stage.log.jobFinished('passed');
    await stage.log.close();
    void stage.views.end(stage.live, 'passed');
    expect(await grown).toBe(9_000);
    expect(stage.live.index.bytes).toBe(stage.file.size);
    expect(await texts(window, 8_998, 10)).toEqual(['line 8998', 'line 8999']);
    expect(await texts(window, 1_234, 1)).toEqual(['line 1234']);
  });

  it('searches it, finds the first failure, and copies', async () => {
    stage.views.begin(stage.live);
    stage.log.commandStarted('fine');
    stage.log.output(Buffer.from('all is well, 0 errors\r\n'));
    stage.log.commandFinished(0);
    stage.log.commandStarted('broken');
    stage.write(0, 20_000);
    stage.log.output(Buffer.from('no errors so far\r\nfatal: it broke\r\n'));
    stage.write(0, 100);
    stage.log.commandFinished(2);
    await stage.log.drained();
    const { window } = stage.openWindow();
    await window.request('open', { job: 'j1' }, LIMIT);
    expect(await window.request('firstFailure', null, LIMIT)).toEqual({ command: 1, line: 20_002 });
    const done = new Promise<SearchProgress>((resolve) => {
      window.on('searched', (progress) => progress.done === 1 && resolve(progress));
    });
    const query = { text: 'LINE 1999', matchesCase: false, wholeWord: false, isExpression: false };
    expect(await window.request('search', { query, near: 0 }, LIMIT)).toEqual({ problem: '' });
    expect((await done).matches).toBe(11);
    const found = await window.request('findMatch', { from: { line: 3_000, column: 0 }, direction: 'next' }, LIMIT);
    expect(found).toMatchObject({ match: { line: 19_991, start: 0, end: 9 } });
    const copied = await window.request(
      'text',
      { from: { line: 20_001, column: 3 }, to: { line: 20_002, column: 5 } },
      LIMIT,
    );
    expect(copied).toEqual({ text: 'errors so far\nfatal' });
    const broken = { ...query, text: '(', isExpression: true };
    expect((await window.request('search', { query: broken, near: 0 }, LIMIT)).problem).toMatch(/^Not a regular/);
  });

  it('is told of its search as seldom as of its growth, however fast that is', async () => {
    const clock = new FakeClock();
    stage.show({ clock });
    stage.views.begin(stage.live);
    stage.log.commandStarted('fast');
    const { window } = stage.openWindow();
    await window.request('open', { job: '' }, LIMIT);
    const told: SearchProgress[] = [];
    window.on('searched', (progress) => told.push(progress));
    const query = { text: 'line', matchesCase: true, wholeWord: false, isExpression: false };
    await window.request('search', { query, near: 0 }, LIMIT);
    await expect.poll(() => told.at(-1)?.done).toBe(1);
    const before = told.length;
    for (let n = 0; n < 200; n += 1) {
      stage.write(n * 10, n * 10 + 10);
      stage.log.line('');
      await stage.log.drained();
    }
    expect(told.length).toBe(before);
    await clock.advance(50);
    await expect.poll(() => told.at(-1)?.matches).toBe(2_000);
    expect(told.length).toBeLessThan(before + 5);
  });

  it('is told more seldom of what grows faster than anybody can read', async () => {
    const clock = new FakeClock();
    stage.show({ clock });
    stage.views.begin(stage.live);
    const { window } = stage.openWindow();
    await window.request('open', { job: '' }, LIMIT);
    const told: number[] = [];
    window.on('grew', ({ lines }) => told.push(lines));
    const grow = async (from: number, to: number) => {
      stage.write(from, to);
      stage.log.line('');
      await stage.log.drained();
    };
    await grow(0, 40_000);
    await clock.advance(50);
    expect(told).toEqual([40_000]);
    await grow(40_000, 40_010);
    await clock.advance(199);
    expect(told).toHaveLength(1);
    await clock.advance(1);
    expect(told).toEqual([40_000, 40_010]);
    await grow(40_010, 40_020);
    await clock.advance(50);
    expect(told).toHaveLength(3);
  });

  it('keeps the last log until another job begins and nobody reads it', async () => {
    stage.views.begin(stage.live);
    const { window, leave } = stage.openWindow();
    await window.request('open', { job: 'j1' }, LIMIT);
    await stage.log.close();
    let isLetGo = false;
    const letGo = stage.views.end(stage.live, 'passed').then(() => {
      isLetGo = true;
    });
    const next = await stage.another('j2');
    stage.views.begin(next);
    expect(isLetGo).toBe(false);
    leave();
    await letGo;
    await next.file.release();
  });
});
