import { VIEWS, type ViewId } from './view-store.ts';

/** What a key of the window's own does. The other keys belong to the views. */
export type Shortcut = { readonly kind: 'show'; readonly view: ViewId } | { readonly kind: 'pause-or-resume' };

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Ctrl, on a Mac Cmd, with 1 to 4 for the views, comma for the settings, P to pause and to resume. */
export function shortcutOf(pressed: Key, isMac: boolean): Shortcut | undefined {
  const hasModifier = isMac ? pressed.metaKey && !pressed.ctrlKey : pressed.ctrlKey && !pressed.metaKey;
  if (!hasModifier || pressed.altKey || pressed.shiftKey) return undefined;
  const view = VIEWS[Number(pressed.key) - 1];
  if (view) return { kind: 'show', view: view.id };
  if (pressed.key === ',') return { kind: 'show', view: 'settings' };
  return pressed.key.toLowerCase() === 'p' ? { kind: 'pause-or-resume' } : undefined;
}

/** True where Cmd is what Ctrl is elsewhere. */
export function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}
