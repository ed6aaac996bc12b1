import { expect, it } from 'vitest';
import { type PullEvent, PullProgress } from './pull-progress.ts';

it('tells of a pull at most once a second, and only what is new', () => {
  let now = 0;
  const progress = new PullProgress('ruby:2.6', () => now);
  const at = (seconds: number, event: PullEvent) => {
    now = seconds * 1_000;
    return progress.take(event);
  };
  const downloading = (id: string, current: number, total: number): PullEvent => ({
    status: 'Downloading',
    id,
    progressDetail: { current, total },
  });
  expect(at(0, { status: 'Pulling from library/ruby', id: '2.6' })).toBeUndefined();
  expect(at(0, { status: 'Pulling fs layer', id: 'a' })).toBeUndefined();
  expect(at(0, { status: 'Pulling fs layer', id: 'b' })).toBeUndefined();
  for (let step = 1; step <= 99; step += 1) expect(at(step / 100, downloading('a', step * 1e4, 2e6))).toBeUndefined();
  expect(at(1, downloading('b', 5e5, 1e6))).toBe('Pulling ruby:2.6: 1.5 of 3.0 MB, 0 of 2 layers ready\n');
  expect(at(1.5, downloading('b', 7e5, 1e6))).toBeUndefined();
  expect(at(2, { status: 'Download complete', id: 'b' })).toBe(
    'Pulling ruby:2.6: 2.0 of 3.0 MB, 0 of 2 layers ready\n',
  );
  expect(at(3, { status: 'Extracting', id: 'b', progressDetail: { current: 1, total: 1e6 } })).toBeUndefined();
  expect(at(4, { status: 'Pull complete', id: 'b' })).toBe('Pulling ruby:2.6: 2.0 of 3.0 MB, 1 of 2 layers ready\n');
});

it('says nothing where every layer is there already', () => {
  let now = 0;
  const progress = new PullProgress('a:1', () => now);
  now = 5_000;
  expect(progress.take({ status: 'Already exists', id: 'a' })).toBeUndefined();
  expect(progress.take({ status: 'Status: Image is up to date' })).toBeUndefined();
});
