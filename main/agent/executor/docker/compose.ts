import type { JobRequest } from '../../job/job-request.ts';
import { decodeBase64 } from '../../job/variables.ts';
import { wordsOf } from '../shell-words.ts';

/** A container of a job request, ready for the engine. */
export interface ComposeContainer {
  /** What the others call it. */
  readonly name: string;
  /** With a tag or a digest. */
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly entrypoint: readonly string[] | undefined;
  readonly user: string;
  /** `NAME=value`. */
  readonly env: readonly string[];
}

/** Reads the containers of a request. One line says what is wrong with it. */
export function readContainers({ compose }: JobRequest): readonly ComposeContainer[] | string {
  const { containers } = compose;
  if (containers.length === 0) return 'the job names no container';
  const read: ComposeContainer[] = [];
  for (const [index, { name, image, command, entrypoint, user, env_vars: variables }] of containers.entries()) {
    const called = name || `container-${index}`;
    if (image === '') return `the container ${called} has no image`;
    const env: string[] = [];
    for (const { name: variable, value } of variables) {
      const decoded = decodeBase64(value);
      if (!decoded) return `the value of the variable ${variable} of the container ${called} is not base64`;
      env.push(`${variable}=${Buffer.from(decoded).toString('utf8')}`);
    }
    const words = [wordsOf(command), wordsOf(entrypoint)];
    if (words.includes(null)) return `the command or entrypoint of the container ${called} has a quote without its end`;
    const [commandWords, entrypointWords] = words;
    read.push({
      name: called,
      image: withTag(image),
      command: commandWords ?? undefined,
      entrypoint: entrypointWords ?? undefined,
      user,
      env,
    });
  }
  return read;
}

/** Without a tag the engine would pull all there are. */
export function withTag(image: string): string {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.includes(':') || name.includes('@') ? image : `${image}:latest`;
}
