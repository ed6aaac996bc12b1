/** The one channel between a window and the main process; what goes over it are envelopes of the contract. */
export const CHANNEL = 'signalbox';

/** On this one main hands a window ports to the agent, and the preload passes them on to the page with their purpose. */
export const PORT_CHANNEL = 'signalbox-port';

/** What a port to the agent is for: the end of the running job's log (tail.ts), or reading logs (log.ts). */
export const PORT_PURPOSES = ['tail', 'logs'] as const;
export type PortPurpose = (typeof PORT_PURPOSES)[number];

/** The scheme of our own pages, and the page of the window. Nothing else is ever loaded. */
export const SCHEME = 'signalbox';
export const WINDOW_URL = `${SCHEME}://app/index.html`;
