/** The version of this program, as `signalbox version`, the register call and the user agent tell it. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : 'dev';
