import type { AgentStatus } from '../../shared/agent-snapshot.ts';
import type { Setting } from '../../shared/contract/settings.ts';

type Attention = Extract<AgentStatus, { state: 'needs-attention' }>;

/** What its owner does about an agent that needs them, step by step. `settings`: all of them, as far as they are known. */
export function whatToDo({ cause }: Attention, settings: readonly Setting[]): readonly string[] {
  switch (cause) {
    case 'token-refused':
      return [
        'In Semaphore, under Settings → Self-hosted agents, look up or reset the token of your agent type.',
        change(settings, ({ name }) => name === 'token', 'Enter it in Settings → Connection and save.'),
      ];
    case 'refused':
      return [
        'Compare hub address, registration token and agent name with those of your organisation.',
        change(
          settings,
          ({ name }) => ['endpoint', 'token', 'name'].includes(name),
          'Correct them in Settings → Connection and save.',
        ),
      ];
    case 'settings':
      return [change(settings, ({ problem }) => problem !== undefined, 'Correct it in Settings and save.')];
    case 'crashed':
      return [
        'Read why in the agent’s own log: in the tray’s menu, Diagnostics → Open agent log.',
        'Try again. If it keeps crashing, Diagnostics → Copy report has what a bug report needs.',
      ];
  }
}

/** `here`: how they are changed in this window, unless a variable or a flag sets one of them. */
function change(settings: readonly Setting[], isMeant: (setting: Setting) => boolean, here: string): string {
  const meant = settings.filter(isMeant);
  const outside = meant.find(({ origin }) => origin.source === 'variable' || origin.source === 'flag');
  if (!outside) return here;
  const again = `Change that ${outside.origin.source} and start Signalbox again.`;
  return `${capital(outside.origin.where)} sets ${outside.name}. ${again}${meant.length > 1 ? ` ${here}` : ''}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
