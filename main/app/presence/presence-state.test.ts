import { describe, expect, it } from 'vitest';
import {
  beginPresence,
  type PresenceEvent,
  type PresenceState,
  pauseOf,
  presence,
  restOf,
  type Wish,
} from './presence-state.ts';

const byHand = { by: 'you' } as const;
const half = { by: 'you', until: 1_800 } as const;
const battery = { by: 'battery', whileOnBattery: true } as const;
const pause: PresenceEvent = { kind: 'pause', pause: byHand };
const pauseFor: PresenceEvent = { kind: 'pause', pause: half };
const resume: PresenceEvent = { kind: 'resume' };
const disconnect: PresenceEvent = { kind: 'disconnect', job: 'finish' };
const stop: PresenceEvent = { kind: 'disconnect', job: 'stop' };
const settings: PresenceEvent = { kind: 'settings' };
const away: PresenceEvent = { kind: 'away' };
const quit: PresenceEvent = { kind: 'quit-after-job' };
const look = (now: number, over: Partial<Extract<PresenceEvent, { kind: 'look' }>> = {}): PresenceEvent => ({
  kind: 'look',
  now,
  onBattery: false,
  policy: undefined,
  ...over,
});
const onBattery = look(0, { onBattery: true, policy: battery });

function walk(events: readonly PresenceEvent[], wish: Wish = { kind: 'connected' }) {
  let state: PresenceState = beginPresence(wish);
  let last: readonly string[] = [];
  for (const event of events) {
    const next = presence(state, event);
    state = next.state;
    last = next.effects.map((effect) => ('job' in effect ? `${effect.kind} ${effect.job}` : effect.kind));
  }
  return { state, last };
}

describe('whether this machine is to be an agent', () => {
  const rows: [name: string, events: PresenceEvent[], last: string[], rest: string][] = [
    ['is paused by hand', [pause], ['keep', 'pause'], 'paused'],
    ['is resumed by hand', [pause, resume], ['keep', 'resume'], 'connected'],
    ['keeps a pause that has no end', [pause, look(1e15)], [], 'paused'],
    ['keeps a pause before its end', [pauseFor, look(1_799)], [], 'paused'],
    ['ends a pause that has one', [pauseFor, look(1_800)], ['keep', 'resume'], 'connected'],
    ['is paused by an option', [onBattery], ['pause'], 'paused'],
    ['goes on when the option has nothing to say any more', [onBattery, look(1)], ['resume'], 'connected'],
    ['takes no hand-made pause back for that', [pause, onBattery, look(1)], [], 'paused'],
    [
      'tells the agent nothing when one pause follows the other',
      [onBattery, pauseFor, look(1_800, { policy: battery })],
      ['keep'],
      'paused',
    ],
    ['is resumed against an option', [onBattery, resume], ['keep', 'resume'], 'connected'],
    ['stays so while the option says the same', [onBattery, resume, onBattery], [], 'connected'],
    ['is paused again when it says so anew', [onBattery, resume, look(1), onBattery], ['pause'], 'paused'],
    ['is disconnected by hand', [disconnect], ['keep', 'disconnect finish'], 'disconnected'],
    ['is not paused by an option then', [disconnect, onBattery], [], 'disconnected'],
    ['leaves for new settings behind its job', [settings], ['disconnect finish'], 'connected'],
    ['comes back with them', [settings, away], ['restart'], 'connected'],
    ['comes back paused where it was', [pause, settings, away], ['restart'], 'paused'],
    ['may be paused while it leaves for them', [settings, pause], ['keep'], 'paused'],
    ['may be resumed while it leaves for them', [settings, resume], ['keep'], 'connected'],
    ['stops its job for who disconnects at once', [settings, stop], ['keep', 'disconnect stop'], 'disconnected'],
    ['has them when it crashed meanwhile', [settings, { kind: 'started' }, away], [], 'connected'],
    ['goes behind its job', [quit, away], ['leave'], 'connected'],
    ['stays when that is taken back', [quit, resume], ['keep', 'resume'], 'connected'],
    ['does not go any more then', [quit, resume, away], [], 'connected'],
    ['leaves for new settings all the same', [settings, quit, resume, away], ['restart'], 'connected'],
    ['passes over that it is away by itself', [away], [], 'connected'],
  ];
  it.each(rows)('%s', (_name, events, last, rest) => {
    const walked = walk(events);
    expect(walked.last).toEqual(last);
    expect(restOf(walked.state)).toBe(rest);
  });

  it('tells whose pause it is: the hand goes over the options', () => {
    expect(pauseOf(walk([onBattery]).state)).toEqual(battery);
    expect(pauseOf(walk([onBattery, pauseFor]).state)).toEqual(half);
    expect(pauseOf(walk([pauseFor, disconnect]).state)).toBeUndefined();
  });

  it('begins where it was left', () => {
    expect(restOf(beginPresence({ kind: 'paused', pause: byHand }))).toBe('paused');
    expect(restOf(beginPresence({ kind: 'disconnected' }))).toBe('disconnected');
  });

  it('ends a pause on battery on mains, and not before', () => {
    const asked: PresenceEvent = { kind: 'pause', pause: { by: 'you', whileOnBattery: true } };
    expect(restOf(walk([asked, look(1, { onBattery: true })]).state)).toBe('paused');
    expect(restOf(walk([asked, look(1)]).state)).toBe('connected');
  });
});
