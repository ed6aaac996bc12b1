import type { Container } from './pods.ts';

/** A container's variables, with references to those before them: `$(NAME)`. */
export function variablesOf({ env = [] }: Container): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const { name, value = '' } of env)
    variables[name] = value.replaceAll(/\$\((\w+)\)/g, (all, key: string) => variables[key] ?? all);
  return variables;
}
