/** The one channel between a window and the main process; what goes over it are envelopes of the contract. */
export const CHANNEL = 'signalbox';

/** On this one main hands a window the port to the running job's log, and the preload passes it on to the page. */
export const TAIL_CHANNEL = 'signalbox-tail';

/** The scheme of our own pages, and the page of the window. Nothing else is ever loaded. */
export const SCHEME = 'signalbox';
export const WINDOW_URL = `${SCHEME}://app/index.html`;
