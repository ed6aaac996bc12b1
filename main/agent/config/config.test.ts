import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS, optionsOf } from '../../../shared/options/index.ts';
import { type OptionRow, variableName } from '../../../shared/options/option.ts';
import { isOn, parseCommandLine } from './command-line.ts';
import { COMMAND_NAMES, SHELLS } from './commands.ts';
import { completionScript } from './completions.ts';
import { type ConfigSources, loadConfig } from './config.ts';
import { commandTable, exampleFile, optionTable } from './documents.ts';
import { helpText } from './help.ts';
import { manPage } from './man-page.ts';

const REQUIRED = { SEMAPHORE_AGENT_ENDPOINT: 'acme.example.com', SEMAPHORE_AGENT_TOKEN: 'registration-token' };
/** Options that only make sense together with another. */
const WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'job-id': { SEMAPHORE_AGENT_DISCONNECT_AFTER_JOB: 'true' },
};

/** The one file of these tests with certificates in it. */
const CERTIFICATES = '/etc/ssl/company.pem';

function load(over: Partial<ConfigSources> & { readonly argv?: readonly string[]; readonly file?: string }) {
  const line = parseCommandLine(['start', ...(over.argv ?? [])]);
  if (!line.ok) return line;
  return loadConfig({
    command: 'start',
    flags: line.flags,
    env: REQUIRED,
    readFile: (path) => (path === CERTIFICATES ? (rootCertificates[0] ?? '') : (over.file ?? '')),
    ...over,
  });
}

/** Value and origin of one option, by whatever way it was given. */
function valueAndSource(name: string, loaded: ReturnType<typeof load>) {
  if (!loaded.ok) throw new Error(loaded.problem);
  if (!('config' in loaded)) throw new Error('no configuration');
  const { values, origins } = loaded.config;
  return { value: values[name as keyof typeof values], source: origins[name as keyof typeof origins].source };
}

const rows: readonly OptionRow[] = optionsOf('start').filter(({ name }) => name !== 'config-file');

/** A value other than the default, as a text for flags and variables. */
const asText = (row: OptionRow) => (row.type === 'list' ? (row.example as readonly string[]) : [String(row.example)]);
const expected = (row: OptionRow) => (row.name === 'name-from-env' ? 'MY_AGENT_NAME' : row.example);
const env = (row: OptionRow) => ({ ...REQUIRED, ...WITH[row.name], MY_AGENT_NAME: 'agent-of-env' });

describe.each(rows.map((row) => [row.name, row] as const))('the option %s', (name, row) => {
  const flags = asText(row).flatMap((text) => (row.type === 'flag' ? [`--${name}=${text}`] : [`--${name}`, text]));
  const variable = { [variableName(name)]: asText(row).join(' ') };
  const file = JSON.stringify({ [name]: row.example });
  const withoutRow = Object.fromEntries(Object.entries(env(row)).filter(([key]) => key !== variableName(name)));

  it('has its default', () => {
    if (row.required)
      return expect(load({ env: withoutRow })).toEqual({
        ok: false,
        problem: expect.stringContaining(`${name} is missing`),
      });
    expect(valueAndSource(name, load({ env: withoutRow }))).toEqual({ value: row.default, source: 'default' });
  });

  it('is read from saved settings, a file, a variable and a flag, the later over the earlier', () => {
    const saved = { [name]: row.example };
    expect(valueAndSource(name, load({ env: withoutRow, saved }))).toEqual({ value: expected(row), source: 'saved' });
    const argv = ['--config-file', 'x.yml'];
    expect(valueAndSource(name, load({ env: withoutRow, saved, file, argv }))).toEqual({
      value: expected(row),
      source: 'file',
    });
    const all = { env: { ...withoutRow, ...variable }, saved, file };
    expect(valueAndSource(name, load({ ...all, argv }))).toEqual({ value: expected(row), source: 'variable' });
    expect(valueAndSource(name, load({ ...all, argv: [...argv, ...flags] }))).toEqual({
      value: expected(row),
      source: 'flag',
    });
  });

  it('stands in the help text, the example file and the README', () => {
    expect(helpText('start')).toContain(`--${name}`);
    expect(exampleFile()).toContain(`#${name}:`);
    expect(optionTable()).toContain(`\`${variableName(name)}\``);
  });
});

describe('lists', () => {
  const variables = (argv: readonly string[], extra: Readonly<Record<string, string>> = {}) =>
    valueAndSource('env-vars', load({ argv, env: { ...REQUIRED, ...extra } })).value;

  it.each([
    [
      ['--env-vars', 'A=1,B=2', '--env-vars=C=3'],
      ['A=1', 'B=2', 'C=3'],
    ],
    [
      ['--env-vars', '"A=1,2",B=3'],
      ['A=1,2', 'B=3'],
    ],
    [['--env-vars', '"A=say ""hi"""'], ['A=say "hi"']],
    [['--env-vars', 'OPTS=-Da=b'], ['OPTS=-Da=b']],
    [['--env-vars', 'EMPTY='], ['EMPTY=']],
  ])('flags %j', (argv, wanted) => {
    expect(variables(argv)).toEqual(wanted);
  });

  it.each([
    ['A=1 B=2', ['A=1', 'B=2']],
    ['A=1,B=2', ['A=1', 'B=2']],
    ['A=1,2', ['A=1,2']],
    [' A=1,2  B=3,C=4 ', ['A=1,2', 'B=3', 'C=4']],
  ])('variable %j', (text, wanted) => {
    expect(variables([], { SEMAPHORE_AGENT_ENV_VARS: text })).toEqual(wanted);
  });
});

describe('bad values', () => {
  it.each([
    [['--no-https=perhaps'], /^no-https \(from the flag --no-https\).*true or false/],
    [['--interruption-grace-period', '-1'], /^interruption-grace-period .*not below 0/],
    [['--interruption-grace-period', '1.5'], /whole number/],
    [['--env-vars', 'NO_VALUE'], /^env-vars .*NAME=VALUE/],
    [['--env-vars', '"A=1'], /whole quotes/],
    [['--files', 'only-one'], /HOST:CONTAINER/],
    [['--kubernetes-allowed-images', '('], /regular expression/],
    [['--ca-file', '/etc/hosts'], /^ca-file \(from the flag --ca-file\): \/etc\/hosts holds no certificates/],
    [['--upload-job-logs', 'no'], /one of never, when-trimmed, always/],
    [['--name', 'short'], /^name \(from the flag --name\).*8 to 80/],
    [['--name', 'has a blank in it'], /^name /],
    [['--name-from-env', 'NOT_SET'], /variable NOT_SET is not set/],
    [['--job-id', 'j'], /only allowed together with disconnect-after-job/],
    [['--endpoint', 'http://a.example.com'], /^endpoint .*no-https/],
    [['--endpoint', 'a.example.com/path'], /without a path/],
    [['--endpoint', 'user:secret-word@a.example.com'], /user name/],
    [['--endpoint', 'ftp://a.example.com'], /^endpoint/],
    [['--endpoint', 'two words'], /no host name/],
  ])('%j', (argv, told) => {
    const loaded = load({ argv });
    expect(loaded).toEqual({ ok: false, problem: expect.stringMatching(told) });
    expect(JSON.stringify(loaded)).not.toContain('secret-word');
  });

  it.each([
    ['no-https: "yes"\n', /no-https \(from x\.yml\).*true or false/],
    ['env-vars: A\n', /a list of texts/],
    ['disconnect-after-job: 1\n', /true or false/],
    ['disconnect-after-idle-timeout: "-1"\n', /whole number/],
    ['no-https: true\nunknown-key: 1\n', /unknown option "unknown-key", at line 2, column 1$/],
    ['config-file: other.yml\n', /unknown option "config-file"/],
    ['- a list\n', /must hold options/],
    ['name: "open\n', /is not YAML at line 2, column 1|line 1/],
    ['a: 1\na: 2\n', /line 2/],
  ])('in a file: %j', (file, told) => {
    expect(load({ argv: ['--config-file', 'x.yml'], file })).toEqual({
      ok: false,
      problem: expect.stringMatching(told),
    });
  });

  it('reads what a file has in quotes as the reference agent does', () => {
    const file = [
      'name: 12345678',
      'disconnect-after-job: "true"',
      'fail-on-missing-files: "0"',
      'disconnect-after-idle-timeout: "30"',
      'env-vars: A=1 B=x,y',
    ];
    const loaded = load({ argv: ['--config-file', 'x.yml'], file: file.join('\n') });
    expect(loaded).toMatchObject({
      config: {
        values: {
          name: '12345678',
          'disconnect-after-job': true,
          'fail-on-missing-files': false,
          'disconnect-after-idle-timeout': 30,
          'env-vars': ['A=1', 'B=x,y'],
        },
      },
    });
  });

  it('never shows a token', () => {
    const loaded = load({ argv: ['--token', 'very-secret', '--port', '1'] });
    expect(JSON.stringify(loaded)).not.toContain('very-secret');
  });
});

describe("a command's own flags", () => {
  it.each([
    [['status', '--json'], true],
    [['status', '--json=true'], true],
    [['status', '--json=false'], false],
    [['status', '--json', '--json=0'], false],
    [['status'], false],
  ])('%j', (argv, on) => {
    const line = parseCommandLine(argv);
    expect(line.ok && isOn(line.flags, 'json')).toBe(on);
  });
});

describe('endpoints', () => {
  it.each([
    ['https://org.example.com/', 'org.example.com'],
    ['org.example.com', 'org.example.com'],
    ['org.example.com:8443', 'org.example.com:8443'],
    [' https://org.example.com:443 ', 'org.example.com:443'],
  ])('%j is %j', (text, endpoint) => {
    expect(valueAndSource('endpoint', load({ argv: ['--endpoint', text] })).value).toBe(endpoint);
  });

  it('may be http with no-https', () => {
    expect(valueAndSource('endpoint', load({ argv: ['--endpoint', 'http://a:80', '--no-https'] })).value).toBe('a:80');
  });
});

describe('warnings', () => {
  it('are for a token that others can see, and for what is deprecated', () => {
    const warnings = (argv: readonly string[]) => {
      const loaded = load({ argv, env: { ...REQUIRED, OWN: 'named-by-variable' } });
      return loaded.ok && 'config' in loaded ? loaded.config.warnings : [];
    };
    expect(warnings([])).toEqual([]);
    expect(warnings(['--token', 'x'])).toEqual([expect.stringContaining('SEMAPHORE_AGENT_TOKEN')]);
    expect(warnings(['--name-from-env', 'OWN'])).toEqual([expect.stringContaining('deprecated')]);
  });
});

describe('what is made from the table', () => {
  it('is up to date', () => {
    expect(readFileSync('resources/config.example.yaml', 'utf8')).toBe(exampleFile());
    expect(readFileSync('README.md', 'utf8')).toContain(optionTable());
    expect(readFileSync('README.md', 'utf8')).toContain(commandTable());
    expect(readFileSync('resources/signalbox.1', 'utf8')).toBe(manPage());
  });

  it.each([52, 80, 100, 200])('tells help on a terminal of %s columns, no line wider', (columns) => {
    for (const name of [undefined, ...COMMAND_NAMES]) {
      const lines = helpText(name, columns).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
    }
  });

  it.each(SHELLS)('completes every command and flag in %s', (shell) => {
    const script = completionScript(shell);
    for (const name of COMMAND_NAMES) expect(script).toContain(name);
    for (const { name } of [...optionsOf('start'), ...optionsOf('serve')]) expect(script).toContain(name);
  });

  it('is a file that the agent takes, with every line of it', () => {
    const all = exampleFile().replace(/^#(?=[a-z-]+:|\s+- )/gm, '');
    const options = OPTIONS as readonly OptionRow[];
    expect(Object.keys(parse(all))).toEqual(
      options.filter(({ commands, notInFile }) => commands.includes('start') && !notInFile).map(({ name }) => name),
    );
    const loaded = load({ argv: ['--config-file', 'x.yml'], file: all, env: { MY_AGENT_NAME: 'agent-of-env' } });
    expect(loaded.ok ? '' : loaded.problem).toBe('');
    expect(load({ argv: ['--config-file', 'x.yml'], file: exampleFile() }).ok).toBe(true);
  });
});
