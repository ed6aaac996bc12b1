import { expect, it } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const key = (name: string, ...modifiers: readonly ('ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey')[]) => ({
  key: name,
  ctrlKey: modifiers.includes('ctrlKey'),
  metaKey: modifiers.includes('metaKey'),
  altKey: modifiers.includes('altKey'),
  shiftKey: modifiers.includes('shiftKey'),
});

it.each([
  [key('1', 'ctrlKey'), { kind: 'show', view: 'now' }],
  [key('2', 'ctrlKey'), { kind: 'show', view: 'log' }],
  [key('3', 'ctrlKey'), { kind: 'show', view: 'history' }],
  [key('4', 'ctrlKey'), { kind: 'show', view: 'settings' }],
  [key(',', 'ctrlKey'), { kind: 'show', view: 'settings' }],
  [key('p', 'ctrlKey'), { kind: 'pause-or-resume' }],
  [key('P', 'ctrlKey'), { kind: 'pause-or-resume' }],
  [key('5', 'ctrlKey'), undefined],
  [key('0', 'ctrlKey'), undefined],
  [key('1'), undefined],
  [key('p'), undefined],
  [key('p', 'ctrlKey', 'shiftKey'), undefined],
  [key('1', 'ctrlKey', 'altKey'), undefined],
  [key('1', 'metaKey'), undefined],
])('%o', (pressed, shortcut) => {
  expect(shortcutOf(pressed, false)).toEqual(shortcut);
});

it('takes Cmd on a Mac, and leaves Ctrl to the system', () => {
  expect(shortcutOf(key('2', 'metaKey'), true)).toEqual({ kind: 'show', view: 'log' });
  expect(shortcutOf(key('2', 'ctrlKey'), true)).toBeUndefined();
});
