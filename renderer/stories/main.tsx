import { createRoot } from 'react-dom/client';
import { tailBatchSchema } from '../../shared/contract/tail.ts';
import { feedStores } from '../feed.ts';
import { Window } from '../frame/window.tsx';
import { connectLogStore } from '../log/log-store.ts';
import { useTail } from '../now/tail-store.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { createFakeLogs } from './fake-logs.ts';
import { FIRST_RUN_STORIES } from './first-run-stories.ts';
import { HISTORY_STORIES } from './history-stories.ts';
import { LOG_STORIES } from './log-stories.ts';
import { NOW_STORIES } from './now-stories.ts';
import { SETTINGS_STORIES } from './settings-stories.ts';
import type { Story } from './story.ts';
import '../ui/tokens.css';
import '../ui/base.css';

/*
 * The window in every state that it can be in, without an agent: `npm run stories` shows a list of them, and tests go through
 * it. What a story says goes through the contract's schemas, so none can show what the app could not.
 */
const STORIES: Readonly<Record<string, Story>> = {
  ...NOW_STORIES,
  ...LOG_STORIES,
  ...HISTORY_STORIES,
  ...SETTINGS_STORIES,
  ...FIRST_RUN_STORIES,
};

function Contents() {
  return (
    <main>
      <h1>Stories</h1>
      <ul>
        {Object.keys(STORIES).map((name) => (
          <li key={name}>
            <a href={`?story=${name}`}>{name}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}

/** The page as the window would be in the story. */
function tell({ snapshot, view, tail, requests, fakes, logs, prepare, hasTray = true }: Story) {
  const told = fakes?.((name, value) => main.emit(name, value));
  const { bridge, main } = createFakeBridge({
    requests: {
      snapshot: async () => snapshot,
      desktop: async () => ({ hasTray }),
      destination: async () => ({ view: view ?? 'now' }),
      ...requests,
      ...told?.requests,
    },
    commands: told?.commands ?? {},
  });
  if (tail) useTail.getState().take(tailBatchSchema.parse(tail));
  if (logs) connectLogStore(createFakeLogs(logs).caller);
  prepare?.();
  // A test may let the agent's state change.
  window.addEventListener('story-status', (event) =>
    main.emit('snapshot', { ...snapshot, version: snapshot.version + 1, status: (event as CustomEvent).detail }),
  );
  // And output may come, as over the port.
  window.addEventListener('story-tail', (event) =>
    useTail.getState().take(tailBatchSchema.parse((event as CustomEvent).detail)),
  );
  feedStores(bridge);
  return <Window bridge={bridge} />;
}

const story = STORIES[new URLSearchParams(window.location.search).get('story') ?? ''];
const root = document.getElementById('root');
if (root) createRoot(root).render(story ? tell(story) : <Contents />);
