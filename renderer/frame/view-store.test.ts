import { expect, it } from 'vitest';
import { useView } from './view-store.ts';

it('shows the newest log to who wants to see the log, whatever was read before', () => {
  useView.getState().openLog('20261125T003133000Z-abc', 41);
  useView.getState().show('history');
  useView.getState().show('log');
  expect(useView.getState()).toMatchObject({ view: 'log', logJob: '', logLine: undefined });
});
