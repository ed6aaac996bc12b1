/** The one channel between a window and the main process; what goes over it are envelopes of the contract. */
export const CHANNEL = 'signalbox';

/** The scheme of our own pages, and the page of the window. Nothing else is ever loaded. */
export const SCHEME = 'signalbox';
export const WINDOW_URL = `${SCHEME}://app/index.html`;
