import { createSocket } from 'node:dgram';
import type { OptionValues } from '../../../shared/options/index.ts';
import { type Metrics, NO_METRICS } from './metrics.ts';

const MOST_TAGS = 3;
const NO_TAG = 'no_tag';

export interface StatsdSettings {
  /** Empty, as the port: nothing is sent. */
  readonly host: string;
  readonly port: string;
  /** What the names of all figures begin with. */
  readonly namespace: string;
}

/** As the options say. */
export function statsdOf(values: OptionValues): Metrics {
  const { 'statsd-host': host, 'statsd-port': port, 'statsd-namespace': namespace } = values;
  return createStatsd({ host, port, namespace });
}

/**
 * Metrics as StatsD over UDP, one figure a packet. Names are those of Semaphore's own library (go-watchman):
 * `tagged.<namespace>.<tag>.<tag>.<tag>.<name>`.
 */
export function createStatsd({ host, port, namespace }: StatsdSettings): Metrics {
  if (host === '' || port === '') return NO_METRICS;
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  // Nobody listens, no such host: a figure that is lost is lost.
  socket.on('error', () => undefined);
  socket.unref();
  const send = (name: string, value: string, tags: readonly string[]) => {
    const packet = `tagged.${namespace}.${tagPath(tags)}.${name}:${value}`;
    socket.send(packet, Number(port), host, () => undefined);
  };
  return {
    count: (name, tags = []) => send(name, '1|c', tags),
    gauge: (name, value, tags = []) => send(name, `${value}|g`, tags),
    timing: (name, ms, tags = []) => send(name, `${Math.round(ms)}|ms`, tags),
    close: () => socket.close(),
  };
}

function tagPath(tags: readonly string[]): string {
  const filled = [...tags, ...Array.from({ length: MOST_TAGS }, () => NO_TAG)].slice(0, MOST_TAGS);
  return filled.map((tag) => tag.replace(/[^a-zA-Z0-9_-]+/g, '_')).join('.');
}
