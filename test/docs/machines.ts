// Three machines for a reader: each with a name, a home and a network of its own behind a cable, and a PostgreSQL that all of them reach.

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAST, startPostgres, type TestPostgres } from '../../plugins/engine-pgboss/test/postgres.ts';
import { openDatabase } from '../../plugins/engine-pgboss/src/database.ts';
import { realTime } from '../../plugins/engine-pgboss/test/real-time.ts';
import type { Place } from '../e2e/product.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = ['one', 'two', 'three'];

/** Why this machine cannot play three; undefined: it can. Networks of one's own are root's to make, and some containers forbid them. */
export function whyNoMachines(): string | undefined {
  if (process.env['NIGHTSHIFT_TEST_POSTGRES']) return 'the server of NIGHTSHIFT_TEST_POSTGRES is behind no cable of theirs';
  const name = `ns-doc-try-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.status !== 0) return `three machines are network namespaces, which cannot be made here: ${made.error?.message ?? made.stderr.trim()}`;
  const entered = spawnSync('ip', ['netns', 'exec', name, 'unshare', '--uts', 'true'], { encoding: 'utf8' });
  spawnSync('ip', ['netns', 'delete', name]);
  return entered.status === 0 ? undefined : `three machines are network namespaces, which cannot be entered here: ${entered.error?.message ?? entered.stderr.trim()}`;
}

/**
 * Gives the shell of a place what makes it three machines: `. on NAME` sits down at one, `cable NAME up|down` puts its cable in
 * or pulls it. On each, `db` is the host of a database `jobs` whose owner is `jobs`, with the password `secret`.
 */
export async function threeMachines(place: Place): Promise<AsyncDisposable> {
  const number = process.pid % 200;
  const tag = `nsd${process.pid}`;
  const addressOf = (index: number, end: 1 | 2): string => `10.214.${number}.${index * 4 + end}`;
  const namespaces = NAMES.map((name) => `${tag}-${name}`);
  const undo: (() => void)[] = [];
  let postgres: TestPostgres | undefined;
  const clean = async (): Promise<void> => {
    await postgres?.stop();
    for (const act of undo.toReversed()) act();
  };
  try {
    for (const [index, namespace] of namespaces.entries()) {
      const outside = `${tag}${index}`;
      ip('netns', 'add', namespace);
      undo.push(() => spawnSync('ip', ['netns', 'delete', namespace]), () => rmSync(`/etc/netns/${namespace}`, { recursive: true, force: true }));
      ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('address', 'add', `${addressOf(index, 1)}/30`, 'dev', outside);
      ip('link', 'set', outside, 'up');
      ip('-n', namespace, 'address', 'add', `${addressOf(index, 2)}/30`, 'dev', 'eth0');
      for (const device of ['eth0', 'lo']) ip('-n', namespace, 'link', 'set', device, 'up');
      mkdirSync(`/etc/netns/${namespace}`, { recursive: true });
      writeFileSync(`/etc/netns/${namespace}/hosts`, `127.0.0.1 localhost\n${addressOf(index, 1)} db\n`);
    }
    // As somebody would have it who keeps his jobs there: the engine refuses a server that forgets.
    postgres = await startPostgres({ ...FAST, fsync: 'on', listen_addresses: NAMES.map((_, index) => addressOf(index, 1)).join(',') });
    await admit(postgres, `10.214.${number}.0/24`);
    furnish(place, tag);
    return { [Symbol.asyncDispose]: clean };
  } catch (cause) {
    await clean();
    throw cause;
  }
}

/** The verbs of each machine, where the shell looks first. */
function furnish(place: Place, tag: string): void {
  const bin = join(place.root, 'machines');
  const { bin: verbs } = JSON.parse(readFileSync(join(REPOSITORY, 'packages/cli/package.json'), 'utf8')) as { bin: Record<string, string> };
  mkdirSync(bin);
  const program = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  program('verb', `exec ip netns exec ${tag}-$MACHINE unshare --uts sh -c 'hostname "$MACHINE" && exec "$0" "$@"' ${REPOSITORY}node_modules/.bin/"\${0##*/}" "$@"`);
  for (const verb of Object.keys(verbs)) symlinkSync('verb', join(bin, verb));
  program('on', `export MACHINE=$1 HOME=${place.home}/$1; cd`);
  const numbers = NAMES.map((name, index) => `${name}) ip link set ${tag}${index} "$2" ;;`).join(' ');
  program('cable', `case $1 in ${numbers} esac`);
  for (const name of NAMES) {
    const plugins = join(place.home, name, '.config/nightshift/node_modules/@nightshift');
    mkdirSync(plugins, { recursive: true });
    symlinkSync(join(REPOSITORY, 'plugins/engine-pgboss'), join(plugins, 'engine-pgboss'));
  }
  place.env['PATH'] = [bin, place.env['PATH']].join(delimiter);
}

/** Whoever comes by a cable has to say the password. */
async function admit({ connectionString, pid }: TestPostgres, network: string): Promise<void> {
  const folder = decodeURIComponent(/[?&]host=([^&]*)/.exec(connectionString)?.[1] as string);
  appendFileSync(join(folder, 'data/pg_hba.conf'), `host all all ${network} scram-sha-256\n`);
  process.kill(pid, 'SIGHUP');
  await using database = openDatabase({ connection: connectionString, schema: 'public' }, realTime);
  await database.query("CREATE ROLE jobs LOGIN PASSWORD 'secret'");
  await database.query('CREATE DATABASE jobs OWNER jobs');
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
