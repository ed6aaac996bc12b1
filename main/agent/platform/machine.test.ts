import { describe, expect, it } from 'vitest';
import { describeMachine, prettyName, wireArchitecture } from './machine.ts';

describe('prettyName', () => {
  it.each([
    ['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', 'Debian GNU/Linux 12 (bookworm)'],
    ['PRETTY_NAME=Alpine\n', 'Alpine'],
    ["PRETTY_NAME='Arch Linux'", 'Arch Linux'],
    ['NAME=nothing\n', ''],
    ['', ''],
  ])('of %j', (text, expected) => {
    expect(prettyName(text)).toBe(expected);
  });
});

describe('wireArchitecture', () => {
  it.each([
    ['x64', 'x86_64'],
    ['ia32', 'x86'],
    ['arm64', 'arm64'],
  ])('%s is %s', (node, wire) => {
    expect(wireArchitecture(node)).toBe(wire);
  });
});

describe('describeMachine', () => {
  it('knows this machine', () => {
    const machine = describeMachine();
    expect(machine.hostname).not.toBe('');
    expect(machine.os).not.toBe('');
  });
});
