/** Set by the build from package.json. Not defined where the sources run unbuilt, as in tests. */
declare const __VERSION__: string | undefined;

/*
 * Node's types are those of 18.15, the oldest Node the agent runs in; TypeScript's own library has since made typed
 * arrays generic, and by the old declarations a Buffer is no Uint8Array any more. One overload mends that. Remove it when
 * the types of Node move to 22 or later.
 */
interface Buffer {
  slice(start?: number, end?: number): Buffer & { readonly buffer: ArrayBuffer };
}
