import type { Destination } from '../shared/contract/views.ts';
import type { Bridge } from './bridge.ts';
import { useDesktop, useSnapshot } from './frame/snapshot-store.ts';
import { useView } from './frame/view-store.ts';
import { useHookTests } from './settings/hook-tests-store.ts';
import { useSettings } from './settings/settings-store.ts';

/** What is asked for at the begin is there at once, or main hangs. In ms. */
const ANSWER_LIMIT_MS = 10_000;

/** Fills the stores with what main tells, now and from now on. */
export function feedStores(bridge: Bridge): void {
  const { take } = useSnapshot.getState();
  bridge.on('snapshot', take);
  void bridge.request('snapshot', null, ANSWER_LIMIT_MS).then(take);
  void bridge.request('desktop', null, ANSWER_LIMIT_MS).then((desktop) => useDesktop.setState(desktop));
  const { take: takeSettings } = useSettings.getState();
  bridge.on('settings', takeSettings);
  void bridge.request('settings', null, ANSWER_LIMIT_MS).then(takeSettings, () => undefined);
  bridge.on('hookOutput', useHookTests.getState().take);
  bridge.on('showDestination', go);
  void bridge.request('destination', null, ANSWER_LIMIT_MS).then(go);
  bridge.command('tail', null);
}

function go(destination: Destination): void {
  if (destination.settings === 'hooks') useSettings.setState({ group: 'Hooks' });
  useView.getState().go(destination);
}
