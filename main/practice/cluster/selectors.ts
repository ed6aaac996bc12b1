import { badRequest } from './api-failure.ts';
import type { ApiObject } from './objects.ts';

type Test = (object: ApiObject) => boolean;

/** Both selectors of a list, a watch or a deletion. Throws for one that cannot be read. */
export function readSelectors(query: URLSearchParams): Test {
  const tests = [...labelTests(query.get('labelSelector') ?? ''), ...fieldTests(query.get('fieldSelector') ?? '')];
  return (object) => tests.every((test) => test(object));
}

const LABEL = /^\s*(!?)\s*([\w./-]+)\s*(?:(=|==|!=)\s*([\w.-]*)|(in|notin)\s*\(([^)]*)\))?\s*$/;

function labelTests(selector: string): Test[] {
  if (selector.trim() === '') return [];
  return selector.split(/,(?![^(]*\))/).map((requirement): Test => {
    const match = LABEL.exec(requirement);
    if (!match) throw badRequest(unreadable(requirement));
    const [, not, key = '', operator, value = '', set, values = ''] = match;
    const listed = values.split(',').map((one) => one.trim());
    return ({ metadata: { labels = {} } }) => {
      const label = labels[key];
      if (set) return (label !== undefined && listed.includes(label)) === (set === 'in');
      if (operator === '!=') return label !== value;
      if (operator) return label === value;
      return (label === undefined) === (not === '!');
    };
  });
}

function unreadable(requirement: string): string {
  const found = requirement.trim().split(/\s+/)[1]?.replace(/\W.*$/, '') ?? '';
  return `unable to parse requirement: found '${found}', expected: in, notin, =, ==, !=, gt, lt`;
}

function fieldTests(selector: string): Test[] {
  if (selector === '') return [];
  return selector.split(',').map((requirement): Test => {
    const [, path = '', operator, value] = /^([\w.]+)(==?|!=)(.*)$/.exec(requirement) ?? [];
    if (!operator) throw badRequest(`invalid selector: '${selector}'; can't understand '${requirement}'`);
    return (object) => (String(fieldOf(object, path)) === value) === (operator !== '!=');
  });
}

function fieldOf(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key] ?? '', object);
}
