/**
 * Where the app begins with another value than the command line: what is saved, and everything above that, goes over it. A
 * desktop is somebody's own machine, and the code of strangers does not run there unasked.
 */
export const DESKTOP_DEFAULTS = {
  'forked-pull-requests': 'refuse',
  'mask-secrets': true,
  'mount-engine-socket': false,
} as const;
