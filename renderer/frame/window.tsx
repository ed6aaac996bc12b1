import { useEffect } from 'react';
import type { AgentSnapshot } from '../../shared/agent-snapshot.ts';
import type { Bridge } from '../bridge.ts';
import { BridgeContext } from '../bridge-context.ts';
import { FirstRunView } from '../first-run/first-run-view.tsx';
import { HistoryView } from '../history/history-view.tsx';
import { LogView } from '../log/log-view.tsx';
import { Now } from '../now/now.tsx';
import { SettingsView } from '../settings/settings-view.tsx';
import { Button } from '../ui/button.tsx';
import styles from './frame.module.css';
import { Announcer, Headline } from './headline.tsx';
import { possible } from './possible.ts';
import { isMac, shortcutOf } from './shortcuts.ts';
import { Sidebar } from './sidebar.tsx';
import { useDesktop, useSnapshot } from './snapshot-store.ts';
import { useView } from './view-store.ts';

/** The window: a frame around one of its views. */
export function Window({ bridge }: { readonly bridge: Bridge }) {
  const snapshot = useSnapshot((slice) => slice.snapshot);
  useShortcuts(bridge);
  if (!snapshot) return null;
  if (snapshot.status.state === 'not-configured')
    return (
      <BridgeContext value={bridge}>
        <div className={styles.setUp}>
          <header>
            <Notices snapshot={snapshot} />
          </header>
          <FirstRunView />
        </div>
      </BridgeContext>
    );
  return (
    <BridgeContext value={bridge}>
      <div className={styles.window}>
        <Sidebar snapshot={snapshot} />
        <main className={styles.main}>
          <Headline snapshot={snapshot} />
          <Notices snapshot={snapshot} />
          <View snapshot={snapshot} />
        </main>
        <Announcer snapshot={snapshot} />
      </div>
    </BridgeContext>
  );
}

function View({ snapshot }: { readonly snapshot: AgentSnapshot }) {
  const { view, logJob } = useView();
  switch (view) {
    case 'now':
      return <Now snapshot={snapshot} />;
    case 'log':
      return <LogView job={logJob} />;
    case 'history':
      return <HistoryView />;
    case 'settings':
      return <SettingsView snapshot={snapshot} />;
  }
}

/** What its reader has to know before anything else. */
function Notices({ snapshot: { notice, practice } }: { readonly snapshot: AgentSnapshot }) {
  const hasTray = useDesktop((slice) => slice.hasTray);
  return (
    <BridgeContext.Consumer>
      {(bridge) => (
        <>
          {notice && (
            <div className={styles.notice} role="alert">
              <span>{notice.text}</span>
              <Button onClick={() => bridge?.command('dismissNotice', null)}>Dismiss</Button>
            </div>
          )}
          {practice && (
            <div className={styles.hint}>
              <span>This is practice on a hub of this computer’s own: nothing leaves it.</span>
              <Button onClick={() => bridge?.command('leavePractice', null)}>Connect to Semaphore…</Button>
            </div>
          )}
          {!hasTray && (
            <div className={styles.hint}>
              <span>This desktop has no tray: closing this window quits Signalbox.</span>
            </div>
          )}
        </>
      )}
    </BridgeContext.Consumer>
  );
}

function useShortcuts(bridge: Bridge): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { snapshot } = useSnapshot.getState();
      const shortcut = shortcutOf(event, isMac());
      if (!shortcut || !snapshot) return;
      event.preventDefault();
      if (shortcut.kind === 'show') useView.getState().show(shortcut.view);
      else pauseOrResume(bridge, snapshot);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [bridge]);
}

function pauseOrResume(bridge: Bridge, snapshot: AgentSnapshot): void {
  const { canPause, comeBack } = possible(snapshot);
  if (canPause) bridge.command('pause', { kind: 'until-resumed' });
  else if (comeBack !== undefined) bridge.command('resume', null);
}
