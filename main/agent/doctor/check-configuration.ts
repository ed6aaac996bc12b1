import { optionsOf } from '../../../shared/options/index.ts';
import { type Check, fine, warning } from './finding.ts';

/** What is set, and where; a secret only that it is. What is wrong with it was told when it was read. */
export const checkConfiguration: Check = async ({ config }) => {
  if (!config) return [];
  const { values, origins } = config;
  const set = optionsOf('start').filter(({ name }) => origins[name].source !== 'default');
  const told = set.map(({ name, type }) => {
    const value = type === 'secret' || name === 'env-vars' ? '(hidden)' : String(values[name]);
    return fine('configuration', `${name}: ${value}, from ${origins[name].where}`);
  });
  return [
    ...told,
    ...config.warnings.map((text) =>
      warning('configuration', text, 'jobs run all the same; change it where it is set'),
    ),
  ];
};
