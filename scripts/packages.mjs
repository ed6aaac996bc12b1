// System packages: which commands our programs and tests call, and the Debian packages that bring them. What is missing is
// named, and installed where that may be done without asking.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const BASH = { command: 'bash', package: 'bash', reason: "jobs run in it, and it holds a job's terminal" };
const STTY = { command: 'stty', package: 'coreutils', reason: "it sets up a job's terminal" };

/** What `npm start` needs. */
export const FOR_START = [BASH, STTY];

/** What the app needs. */
export const FOR_APP = [
  // The app's runtime is linked against these even where it only behaves like Node. `elsewhere`: Ubuntu's name.
  { library: 'libgtk-3.so.0', package: 'libgtk-3-0', reason: "the app's runtime needs it" },
  { library: 'libnss3.so', package: 'libnss3', reason: "the app's runtime needs it" },
  {
    library: 'libasound.so.2',
    package: 'libasound2',
    elsewhere: 'libasound2t64',
    reason: "the app's runtime needs it",
  },
  { library: 'libgbm.so.1', package: 'libgbm1', reason: "the app's runtime needs it" },
  { library: 'libnotify.so.4', package: 'libnotify4', reason: 'the app tells of jobs by it' },
  {
    command: 'dbus-send',
    package: 'dbus',
    elsewhere: 'dbus-bin',
    reason: 'the app asks by it whether there is a tray',
  },
];

/** What `npm test` needs. */
export const FOR_TEST = [
  BASH,
  STTY,
  { command: 'openssl', package: 'openssl', reason: 'tests make authorities and certificates of their own' },
  { command: 'git', package: 'git', reason: 'the agent builds a clone of this repository' },
  { command: 'unshare', package: 'util-linux', reason: 'pods of the tests have namespaces of their own' },
  { command: 'setpriv', package: 'util-linux', reason: 'pods of the tests end with them, however that is' },
  { command: 'nsenter', package: 'util-linux', reason: 'commands are run in the pods of the tests' },
  { command: 'setsid', package: 'util-linux', reason: 'tests start processes that leave their session' },
  { command: 'grep', package: 'grep', reason: 'recorded cases call it' },
  { command: 'sed', package: 'sed', reason: 'recorded cases call it' },
  { command: 'find', package: 'findutils', reason: 'recorded cases call it' },
  { command: 'zsh', package: 'zsh', reason: 'its completions are tried in it' },
  { command: 'fish', package: 'fish', reason: 'its completions are tried in it' },
  { command: 'groff', package: 'groff-base', reason: 'the manual page is set by it' },
  ...FOR_APP,
  { command: 'chromium', package: 'chromium', reason: 'the window is looked at in every state' },
  { command: 'Xvfb', package: 'xvfb', reason: 'the app is tried on a screen of its own' },
  { command: 'dbus-daemon', package: 'dbus', reason: 'the tray is read over a bus of its own' },
  { command: 'gnome-keyring-daemon', package: 'gnome-keyring', reason: 'the app keeps its token in it' },
  { library: 'libsecret-1.so.0', package: 'libsecret-1-0', reason: "the app's runtime talks to the keyring by it" },
  { command: 'dockerd', package: 'docker.io', reason: 'jobs in containers are tried on an engine of their own' },
  {
    command: 'docker',
    package: 'docker.io',
    elsewhere: 'docker-cli',
    unless: 'dockerd',
    reason: "the tests look at their engine's things",
  },
  { command: 'iptables', package: 'iptables', reason: "containers find each other's names by it" },
  { command: 'busybox', package: 'busybox-static', reason: "it is in the tests' images" },
];

/**
 * Installs what is missing where it may; returns what is missing all the same. Says what it does. `unless`: a command whose
 * presence says that somebody has packaged this in another way, which is not to be mixed with ours.
 */
export function ensure(wanted) {
  const missing = wanted.filter((one) => !isThere(one));
  if (missing.length === 0) return [];
  for (const { command, package: name, reason } of missing)
    console.log(`Missing: ${command} (package ${name}): ${reason}`);
  const wantable = missing.filter(({ unless }) => !unless || !hasCommand(unless));
  const prefix = installer();
  if (!prefix) console.log(`To get them: ${installHint(missing)}`);
  else if (wantable.length > 0) install(prefix, wantable);
  return wanted.filter((one) => !isThere(one));
}

function isThere({ command, library }) {
  return command ? hasCommand(command) : hasLibrary(library);
}

/** Where Debian and Ubuntu keep libraries of this machine's architecture. */
function hasLibrary(library) {
  const folders = [
    '/usr/lib',
    '/lib',
    ...entries('/usr/lib')
      .filter((name) => name.endsWith('-linux-gnu'))
      .map((name) => join('/usr/lib', name)),
  ];
  return folders.some((folder) => existsSync(join(folder, library)));
}

function entries(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function hasCommand(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** How apt-get may be called here without asking anybody; undefined where it may not. */
function installer() {
  const allowed = process.env.CI === 'true' || process.env.SIGNALBOX_SETUP === '1' || isContainer();
  if (!allowed || !hasCommand('apt-get')) return undefined;
  if (process.getuid?.() === 0) return [];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n'] : undefined;
}

/** Docker's and podman's files, Kubernetes' and systemd's variables. */
function isContainer() {
  const { container, KUBERNETES_SERVICE_HOST } = process.env;
  return Boolean(container || KUBERNETES_SERVICE_HOST) || existsSync('/.dockerenv') || existsSync('/run/.containerenv');
}

function install(prefix, missing) {
  const apt = (...args) => run(prefix, ['apt-get', '-o', 'DPkg::Lock::Timeout=120', '-q', ...args]);
  const add = () => {
    const packages = [...new Set(missing.map(nameHere))];
    console.log(`Installing ${packages.join(', ')}`);
    apt('install', '-y', '--no-remove', '--no-install-recommends', ...packages);
  };
  try {
    add();
  } catch {
    // The lists of packages may be missing or old.
    try {
      apt('update');
      add();
    } catch (error) {
      console.log(`That failed: ${error.message.split('\n')[0]}`);
    }
  }
}

/** Some packages have another name on newer Ubuntus. */
function nameHere({ package: name, elsewhere }) {
  if (!elsewhere) return name;
  const { stdout } = spawnSync('apt-cache', ['policy', elsewhere], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(stdout ?? '') ? elsewhere : name;
}

function run(prefix, command) {
  const [program, ...args] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...command];
  execFileSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

function installHint(missing) {
  const names = [...new Set(missing.map(({ package: name }) => name))].join(' ');
  return hasCommand('apt-get')
    ? `sudo apt-get install ${names}, or run again with SIGNALBOX_SETUP=1`
    : `install ${names}`;
}
