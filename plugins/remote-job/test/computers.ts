/** Real computers for tests: an sshd of our own on a free port, with keys of its own. Nothing of the user's is read or written. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

export const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(isProgram);
/** Said by the one test that fails where it must not be missing. */
export const WITHOUT_SSHD = 'no sshd on this machine: install openssh-server to run the tests of remote jobs';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Computers {
  readonly folder: string;
  readonly port: number;
  /** Where runs lie over there. */
  readonly remote: string;
  /** PATH with an ssh that knows port, key and host keys of ours, and a place for its open connections. */
  readonly environment: NodeJS.ProcessEnv;
  /** What sshd has said so far. */
  log(): string;
  /** Ends all its connections at once, as a computer does that loses its power; or the listener alone. */
  cut(): void;
  start(): Promise<void>;
  /** Ids of processes of ssh that were started through our PATH and live. */
  clients(): number[];
  /** Folders of runs over there. */
  runs(): readonly string[];
  [Symbol.dispose](): void;
}

export interface ComputersOptions {
  /** More lines of sshd_config. */
  readonly config?: string;
  /** More lines of ssh_config. */
  readonly clientConfig?: string;
  /** What known_hosts names. Default: 127.0.0.1 and localhost. */
  readonly names?: readonly string[];
  readonly listen?: string;
  /** Words before sshd, such as `ip netns exec web1`. */
  readonly before?: readonly string[];
  readonly port?: number;
  /** PATH over there, `FOLDER` being that of this sshd. Default: as sshd has it. */
  readonly path?: string;
}

export async function startComputers({ config = '', clientConfig = '', names = ['127.0.0.1', 'localhost'], listen = '127.0.0.1', before = [], port: wanted, path }: ComputersOptions = {}): Promise<Computers> {
  // Short: a socket's path has little room.
  const folder = mkdtempSync('/tmp/ns-ssh-');
  const port = wanted ?? (await freePort());
  const remote = join(folder, 'state', 'nightshift', 'remote');
  for (const name of ['host', 'key']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  writeFileSync(join(folder, 'authorized'), readFileSync(join(folder, 'key.pub')));
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(folder, 'known'), names.map((name) => `[${name}]:${port} ${hostKey}\n`).join(''));
  writeFileSync(join(folder, 'sshd.conf'), [
    ...(config === '' ? [] : [config]), `Port ${port}`, `ListenAddress ${listen}`, `HostKey ${folder}/host`, `AuthorizedKeysFile ${folder}/authorized`, 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no',
    'KbdInteractiveAuthentication no', 'PidFile none', 'MaxStartups 200', 'MaxSessions 100', `SetEnv XDG_STATE_HOME=${folder}/state${path === undefined ? '' : ` PATH=${path.replace('FOLDER', folder)}`}`, 'PermitRootLogin yes', 'UseDNS no', 'PrintMotd no', 'PrintLastLog no', '',
  ].join('\n'));
  writeFileSync(join(folder, 'ssh.conf'), [...(clientConfig === '' ? [] : [clientConfig]), 'Host *', `Port ${port}`, `IdentityFile ${folder}/key`, 'IdentitiesOnly yes', 'IdentityAgent none', `UserKnownHostsFile ${folder}/known`, 'GlobalKnownHostsFile /dev/null', ''].join('\n'));
  for (const name of ['bin', 'run', 'pids']) mkdirSync(join(folder, name), { mode: 0o700 });
  // ssh takes the user's home from the list of users and not from HOME: so this is the way to hand it another configuration.
  const real = execFileSync('/bin/sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'bin', 'ssh'), `#!/bin/sh\n: >${folder}/pids/$$\nexec ${real} -F ${folder}/ssh.conf "$@"\n`);
  chmodSync(join(folder, 'bin', 'ssh'), 0o755);
  let server: ChildProcess | undefined;
  let log = '';
  // Without privileges to separate there is no folder to make.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const [program, ...words] = [...before, SSHD as string, '-D', '-e', '-f', join(folder, 'sshd.conf')] as unknown as [string, ...string[]];
      server = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
      server.stderr?.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('Server listening')) resolve();
      });
      server.once('exit', (code) => reject(new Error(`sshd ended with code ${code}: ${log}`)));
    });
  await start();
  const computers: Computers = {
    folder, port, remote, start,
    environment: { PATH: `${folder}/bin${delimiter}${process.env['PATH']}`, HOME: process.env['HOME'] ?? '/', XDG_RUNTIME_DIR: join(folder, 'run'), LANG: 'C.UTF-8' },
    log: () => log,
    cut() {
      const { pid } = server as ChildProcess;
      log = '';
      for (const one of [...descendants(pid as number, /sshd/), pid as number]) endProcess(one);
    },
    clients: () => readdirSync(join(folder, 'pids')).map(Number).filter((pid) => statOf(pid)?.name === 'ssh'),
    runs: () => listed(remote),
    [Symbol.dispose]() {
      computers.cut();
      for (const pid of processes()) if (commandOf(pid).includes(folder)) endProcess(pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
  return computers;
}

export function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone.
  }
}

export function processes(): number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

/** Its words; empty for one that is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function statOf(pid: number): { readonly name: string; readonly parent: number; readonly state: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ') as [string, string];
    return state === 'Z' ? undefined : { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: Number(parent), state };
  } catch {
    return undefined;
  }
}

/** Those below a process whose words fit, wherever they stand. */
export function descendants(pid: number, words: RegExp): number[] {
  const below = processes().filter((one) => statOf(one)?.parent === pid);
  return below.flatMap((one) => [...descendants(one, words), ...(words.test(commandOf(one)) ? [one] : [])]);
}

export const USER: string = userInfo().username;
