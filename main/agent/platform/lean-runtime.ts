import { setFlagsFromString } from 'node:v8';

/**
 * Three habits of V8 that cost an agent more memory than all it keeps; called before anything else is loaded.
 *
 * The part of the heap where objects begin doubles each time as much has outlived it as it holds, up to 32 MB: so a long log
 * would cost more than a short one, however little of either is kept. It keeps its first size, 2 MB. (The limit itself,
 * `--max-semi-space-size`, is read before any code of ours runs; by how much it grows is read each time.)
 *
 * What has outlived it is garbage all the same, in a job of hours, and is looked for when there is twice as much as there was
 * the last time; here, when there is a fifth more (8 MB at least).
 *
 * HTTP is parsed in WebAssembly, which V8 compiles a second time, to quicker code, once it is used: that takes 26 MB for a
 * moment and 10 MB for good, and the agent's answers are short.
 */
export function keepRuntimeLean(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--liftoff-only');
}
