import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventFile } from '../event-file.ts';
import { type StoredJob, StoredLog } from './readable-log.ts';
import { LIMIT, texts, ViewsStage } from './views-stage.ts';

const stage = new ViewsStage();
let stored: StoredJob | undefined;
beforeEach(() => stage.open());
afterEach(() => stage.close());

/** The log that is kept is found when `resolve` is called. */
function findLater() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<StoredJob | undefined>((settle) => {
    resolve = () => settle(stored);
  });
  return { promise, resolve };
}

describe('a log that is kept', () => {
  beforeEach(async () => {
    stage.log.commandStarted('count');
    stage.write(0, 30_000);
    stage.log.commandFinished(1);
    stage.log.jobFinished('failed');
    await stage.log.close();
    stored = { id: 'old', name: 'Old', startedAt: 1, end: { result: 'failed', at: 2 }, folder: stage.folder.path };
    stage.show({ findStored: async () => stored });
  });

  it('shows its end while it is read through for the first time, and opens at once from then on', async () => {
    const { window } = stage.openWindow();
    const indexed = new Promise<number>((resolve) => {
      window.on('grew', ({ bytes, indexedBytes, lines }) => indexedBytes === bytes && resolve(lines));
    });
    const opened = await window.request('open', { job: 'old' }, LIMIT);
    expect(opened?.preview.at(-2)).toBe('line 29999');
    expect(await indexed).toBe(30_000);
    expect(await texts(window, 29_990, 1)).toEqual(['line 29990']);
    const again = stage.openWindow().window;
    await expect.poll(async () => (await again.request('open', { job: 'old' }, LIMIT))?.lines).toBe(30_000);
    expect((await again.request('open', { job: 'old' }, LIMIT))?.commands).toMatchObject([{ end: { exitCode: 1 } }]);
  });

  it('is not shown over one that was asked for while it was opened', async () => {
    const found = findLater();
    const young = await stage.another('young');
    stage.show({ findStored: () => found.promise });
    stage.views.begin(young);
    const { window } = stage.openWindow();
    const old = window.request('open', { job: 'old' }, LIMIT);
    const newest = window.request('open', { job: '' }, LIMIT);
    found.resolve();
    expect((await old)?.id).toBe('old');
    expect((await newest)?.id).toBe('young');
    expect(await texts(window, 0, 1)).toEqual([]);
    await young.file.release();
  });

  it('is closed again when its window has gone while it was opened, and cannot be read', async () => {
    const found = findLater();
    stage.show({ findStored: () => found.promise });
    const { window, leave } = stage.openWindow();
    void window.request('open', { job: 'old' }, LIMIT).catch(() => undefined);
    await Promise.resolve();
    const release = vi.spyOn(EventFile.prototype, 'release');
    leave();
    found.resolve();
    await expect.poll(() => release.mock.calls.length).toBe(1);
    release.mockRestore();
  });

  it('is not read through when nobody has it open any more', async () => {
    const kept = await StoredLog.open(stored as StoredJob);
    await kept.close();
    await kept.completeIndex(() => undefined);
    expect(kept.isIndexed).toBe(false);
  });

  it('is saved as text, or says why not', async () => {
    const path = join(stage.folder.path, 'saved.txt');
    expect(await stage.views.save('old', path)).toBe('');
    await rm(path);
    expect(await stage.views.save('old', join(stage.folder.path, 'nowhere', 'saved.txt'))).toMatch(
      /cannot be written .* \(ENOENT\)$/,
    );
  });
});
