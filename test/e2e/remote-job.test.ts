// Remote jobs from their start to their end on computers that are real as far as one machine can be several: sshd on many addresses,
// and in network namespaces whose cables can be pulled.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Computers, commandOf, freePort, processes, SSHD, startComputers, WITHOUT_SSHD } from '../../plugins/remote-job/test/computers.ts';
import { contentOf, isAlive, newPlace, waitFor, type Job, type Place } from './product.ts';

const COMPUTERS = Array.from({ length: 12 }, (_, index) => `127.0.0.${index + 1}`);
const lines = (count: number): string => Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('');

/** A corner of the machine whose ssh reaches these computers and no others. */
function placeNear(there: Computers): Place & { readonly childrenOf: (id: number) => Promise<readonly Job[]>; readonly inState: (id: number, state: string) => Promise<Job>; readonly pidOf: (job: Job, file: 'claim' | 'host') => number } {
  const place = newPlace();
  place.env['PATH'] = `${there.folder}/bin:${place.env['PATH']}`;
  place.env['XDG_RUNTIME_DIR'] = join(there.folder, 'run');
  const attemptOf = ({ instanceId, attempt }: Job): string => join(findFolder(place.state, instanceId), String(attempt));
  return {
    ...place,
    childrenOf: async (id) => (await place.jobs(String(id), '--include-child-job')).filter((one) => one.id !== id),
    inState: (id, state) => waitFor(`job ${id} is ${state}`, () => place.job(id), (job) => job.state === state),
    pidOf: (job, file) => Number(contentOf(join(attemptOf(job), file)).split(' ')[0]),
  };
}

function findFolder(folder: string, instanceId: string): string {
  const [found] = globSync(`**/{${instanceId},*${instanceId.slice(-8)}}`, { cwd: folder });
  if (found !== undefined) return join(folder, found);
  throw new Error(`${instanceId} has no folder in ${folder}`);
}

/** Processes of the system's ssh that were started here, those that keep a connection open for the next one included. */
function sshProcesses({ folder }: Computers): number {
  return processes().filter((pid) => contentOf(`/proc/${pid}/comm`) === 'ssh' && commandOf(pid).includes(folder)).length;
}

describe.skipIf(SSHD === undefined)(`on many addresses (${SSHD ?? WITHOUT_SSHD})`, () => {
  let there: Computers;
  beforeAll(async () => {
    there = await startComputers({ names: COMPUTERS, listen: '0.0.0.0' });
  });
  afterAll(() => there[Symbol.dispose]());

  // Forty and thirty-two are a case of their own, where something else stands in ssh's place.
  test('of twelve computers with a limit of four, four are connected at a time, and never more processes of ssh', async () => {
    const place = placeNear(there);
    const gate = join(place.work, 'go');
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', COMPUTERS.join(','), '--throttle-limit', '4', '--as-job', '-o', 'id', `echo here; until [ -e ${gate} ]; do sleep 0.1; done`));
    let most = 0;
    const looking = setInterval(() => (most = Math.max(most, sshProcesses(there))), 20);
    await waitFor('four run', () => there.runs().filter((run) => contentOf(join(there.remote, run, 'stdout')) === 'here').length, (count) => count === 4);
    expect((await place.job(id)).childJobs).toHaveLength(4);
    writeFileSync(gate, '');
    expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
    clearInterval(looking);
    expect([most, (await place.childrenOf(id)).map(({ location }) => location)]).toEqual([4, COMPUTERS]);
  });

  test('a coordinator that is killed leaves its children to the next one, which goes on with the computers that have none', async () => {
    const place = placeNear(there);
    const gate = join(place.work, 'go');
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', COMPUTERS.slice(0, 4).join(','), '--throttle-limit', '2', '--as-job', '-o', 'id', `echo here; until [ -e ${gate} ]; do sleep 0.1; done; echo done`));
    await waitFor('two run', () => there.runs().length, (count) => count === 2);
    process.kill(place.pidOf(await place.job(id), 'host'), 'SIGKILL');
    expect(await place.inState(id, 'Disconnected')).toMatchObject({ childJobs: [expect.any(Number), expect.any(Number)] });
    await place.stdoutOf('resume-job', String(id));
    writeFileSync(gate, '');
    expect(await place.finished(id)).toMatchObject({ state: 'Completed', attempt: 2 });
    expect((await place.childrenOf(id)).map(({ location, state, attempt }) => [location, state, attempt])).toEqual(COMPUTERS.slice(0, 4).map((computer) => [computer, 'Completed', 1]));
    expect(await place.stdoutOf('receive-job', String(id))).toBe('here\ndone\n'.repeat(4));
  });

  test('everything of ours that is killed here is taken up again, and what was written meanwhile comes once', async () => {
    const place = placeNear(there);
    const gate = join(place.work, 'go');
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', '127.0.0.1,127.0.0.2', '--as-job', '-o', 'id', `seq 20000; until [ -e ${gate} ]; do sleep 0.1; done; seq 20000`));
    await waitFor('both run', () => there.runs().filter((run) => contentOf(join(there.remote, run, 'stdout')).length > 100_000).length, (count) => count === 2);
    const children = await place.childrenOf(id);
    for (const job of [await place.job(id), ...children]) for (const file of ['claim', 'host'] as const) process.kill(place.pidOf(job, file), 'SIGKILL');
    await place.inState(id, 'Disconnected');
    writeFileSync(gate, '');
    const received = await place.run('receive-job', [String(id), '--wait']);
    expect([received.code, received.stdout === lines(20_000).repeat(4), received.stderr]).toEqual([0, true, '']);
    expect((await place.childrenOf(id)).map(({ state, attempt }) => [state, attempt])).toEqual([['Completed', 2], ['Completed', 2]]);
    await waitFor('nothing is left over there', () => there.runs(), (runs) => runs.length === 0);
  });

  test('a computer that goes down, and asks all processes of ours to end, takes nothing with it over there', async () => {
    const place = placeNear(there);
    const gate = join(place.work, 'go');
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', '127.0.0.1,127.0.0.2', '--persist', '--as-job', '-o', 'id', `trap "echo asked" TERM; echo here; until [ -e ${gate} ]; do sleep 0.1; done; echo done`));
    await waitFor('both run', () => there.runs().filter((run) => contentOf(join(there.remote, run, 'stdout')) === 'here').length, (count) => count === 2);
    const ours = [await place.job(id), ...(await place.childrenOf(id))].flatMap((job) => [place.pidOf(job, 'claim'), place.pidOf(job, 'host')]);
    for (const pid of ours) process.kill(pid, 'SIGTERM');
    await waitFor('all are gone', () => ours.filter(isAlive).length, (count) => count === 0);
    expect([await place.job(id), ...(await place.childrenOf(id))].map(({ state }) => state)).toEqual(['Disconnected', 'Disconnected', 'Disconnected']);
    writeFileSync(gate, '');
    expect((await place.stdoutOf('receive-job', String(id), '--wait')).split('\n').toSorted()).toEqual(['', 'done', 'done', 'here', 'here']);
    expect(await place.job(id)).toMatchObject({ state: 'Completed' });
  });

  test.each([['softly', [], 'asked\n'], ['by force', ['--force'], '']] as const)('a job that is stopped %s ends on each computer', async (_, flags, said) => {
    const place = placeNear(there);
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', '127.0.0.1,127.0.0.2', '--as-job', '-o', 'id', 'trap "echo asked; exit 3" TERM; echo $$; while :; do sleep 0.05; done'));
    await waitFor('both run', () => there.runs().filter((run) => /\d/.test(contentOf(join(there.remote, run, 'stdout')))).length, (count) => count === 2);
    const pids = there.runs().map((run) => Number(contentOf(join(there.remote, run, 'stdout'))));
    await place.stdoutOf('stop-job', ...flags, String(id));
    expect([await place.job(id), ...(await place.childrenOf(id))].map(({ state }) => state)).toEqual(['Stopped', 'Stopped', 'Stopped']);
    expect([pids.filter(isAlive), (await place.stdoutOf('receive-job', String(id))).replaceAll(/\d+\n/g, '')]).toEqual([[], said.repeat(2)]);
  });

  test('a definition is a job on computers, kept like any other, and its file is sent', async () => {
    const place = placeNear(there);
    mkdirSync(join(place.work, 'definitions'));
    writeFileSync(join(place.work, 'definitions', 'hello.sh'), 'echo "hello $1 from $NAME"; cat; exit 4\n');
    writeFileSync(join(place.work, 'definitions', 'Far.yaml'), 'type: RemoteJob\njob:\n  computerName: [127.0.0.1]\n  filePath: hello.sh\n  argumentList: [you]\n  environment: { NAME: afar }\n  inputObject: [in]\n');
    expect(await place.run('nightshift', ['validate'])).toMatchObject({ code: 0 });
    const id = await place.start('--definition-name', 'Far', '--persist');
    expect(await place.finished(id)).toMatchObject({ state: 'Failed', reason: 'exit', command: join(place.work, 'definitions', 'hello.sh'), statusMessage: 'the command exited with code 4' });
    expect(await place.stdoutOf('receive-job', String(id))).toBe('hello you from afar\nin\n');
  });

  test('another try begins anew on the computers that have failed, and on no others', async () => {
    const place = placeNear(there);
    mkdirSync(join(place.work, 'definitions'));
    const script = `on=$(echo $SSH_CONNECTION | cut -d" " -f3); echo $on >> ${place.work}/ran; [ $on = 127.0.0.2 ] || [ $(grep -c $on ${place.work}/ran) = 3 ]`;
    writeFileSync(join(place.work, 'definitions', 'Flaky.yaml'), `type: ScheduledJob\noptions: { retry: { limit: 2, delay: 0s }, startIfOnBatteries: true }\ntriggers: [ { atStartup: {} } ]\njob:\n  type: RemoteJob\n  computerName: [127.0.0.1, 127.0.0.2]\n  scriptBlock: '${script}'\n`);
    await place.run('nightshift', ['scheduler', 'run', '--once']);
    const [job] = await place.jobs('--name', 'Flaky', '--include-child-job');
    expect([job, contentOf(join(place.work, 'ran')).split('\n').toSorted()]).toMatchObject([{ state: 'Completed', reason: null }, ['127.0.0.1', '127.0.0.1', '127.0.0.1', '127.0.0.2']]);
  });

  test('a stop that does not reach the computer has failed: nobody says that it was stopped', async () => {
    const place = placeNear(there);
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', '127.0.0.1', '--in-disconnected-session', '-o', 'id', 'sleep 600'));
    there.cut();
    await place.run('stop-job', [String(id)]);
    await there.start();
    const [child] = await place.childrenOf(id);
    expect(child).toMatchObject({ state: 'Failed', reason: 'stopped', statusMessage: expect.stringContaining('it was to be stopped, and may go on where it runs: 127.0.0.1 could not be reached') });
  });
});

const canSplit = SSHD !== undefined && mayMakeNamespaces();

function mayMakeNamespaces(): boolean {
  try {
    ip('netns', 'add', `ns-try-${process.pid}`);
    ip('netns', 'delete', `ns-try-${process.pid}`);
    return true;
  } catch {
    return false;
  }
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: 'ignore' });
}

interface Lan {
  readonly there: Computers;
  readonly addresses: readonly string[];
  /** Pulls the cable of one, or puts it back. */
  cable(index: number, is: 'up' | 'down'): void;
}

/** Three computers, each with a network of its own behind a cable. */
async function newLan(): Promise<Lan> {
  const third = 1 + (process.pid % 200);
  const names = [1, 2, 3].map((index) => `ns${process.pid}-${index}`);
  const addresses = names.map((_, index) => `10.213.${third}.${index * 4 + 2}`);
  const port = await freePort();
  const servers: ChildProcess[] = [];
  const there = await startComputers({ names: addresses, port });
  onTestFinished(() => {
    for (const server of servers) server.kill('SIGKILL');
    there[Symbol.dispose]();
    for (const name of names) ip('netns', 'delete', name);
  });
  writeFileSync(join(there.folder, 'lan.conf'), readFileSync(join(there.folder, 'sshd.conf'), 'utf8').replace(/^ListenAddress .*$/m, 'ListenAddress 0.0.0.0'));
  for (const [index, name] of names.entries()) {
    ip('netns', 'add', name);
    ip('link', 'add', `${name}a`, 'type', 'veth', 'peer', 'name', `${name}b`, 'netns', name);
    ip('address', 'add', `10.213.${third}.${index * 4 + 1}/30`, 'dev', `${name}a`);
    ip('link', 'set', `${name}a`, 'up');
    ip('-n', name, 'address', 'add', `${addresses[index]}/30`, 'dev', `${name}b`);
    ip('-n', name, 'link', 'set', `${name}b`, 'up');
    servers.push(await listening(spawn('ip', ['netns', 'exec', name, SSHD as string, '-D', '-e', '-f', join(there.folder, 'lan.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })));
  }
  return { there, addresses, cable: (index, is) => ip('link', 'set', `${names[index]}a`, is) };
}

function listening(server: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Server listening')) resolve(server);
    });
    server.once('exit', () => reject(new Error(`sshd ended: ${log}`)));
  });
}

describe.skipIf(!canSplit)('in networks of their own', () => {
  test('a computer that is cut off is Disconnected, and so is the job when the others are done; behind the mended cable comes exactly the rest', { timeout: 120_000 }, async () => {
    const { there, addresses, cable } = await newLan();
    const place = placeNear(there);
    const [others, gate] = [join(place.work, 'others'), join(place.work, 'go')];
    const id = Number(await place.stdoutOf('invoke-command', '--computer-name', addresses.join(','), '--as-job', '-o', 'id', `seq 30000; until [ -e ${others} ]; do sleep 0.1; done; case $SSH_CONNECTION in *" ${addresses[1]} "*) until [ -e ${gate} ]; do sleep 0.1; done ;; esac; seq 30000; echo end`));
    await waitFor('all three run', () => there.runs().filter((run) => contentOf(join(there.remote, run, 'stdout')).length > 100_000).length, (count) => count === 3);
    const [, cutOff] = await place.childrenOf(id);
    cable(1, 'down');
    writeFileSync(others, '');
    // Nothing tells a pulled cable but that nobody answers.
    const waiting = { state: 'Running', statusMessage: '' };
    expect(await place.job(cutOff?.id as number)).toMatchObject(waiting);
    await waitFor('it is noticed', () => place.job(id), ({ state }) => state === 'Disconnected');
    expect((await place.childrenOf(id)).map(({ state }) => state)).toEqual(['Completed', 'Disconnected', 'Completed']);
    expect(await place.job(id)).toMatchObject({ statusMessage: '1 of 3 computers is not connected' });
    const refused = await place.run('receive-job', [String(cutOff?.id)]);
    expect(refused.stderr).toContain('Disconnected');
    writeFileSync(gate, '');
    cable(1, 'up');
    const rest = await place.run('receive-job', [String(cutOff?.id), '--wait']);
    expect([rest.code, refused.stdout + rest.stdout === `${lines(30_000)}${lines(30_000)}end\n`]).toEqual([0, true]);
    expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
    expect(existsSync(there.remote) ? there.runs() : []).toEqual([]);
  });
});
