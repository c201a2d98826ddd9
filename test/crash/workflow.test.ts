/**
 * The process that runs a workflow is killed, at every point of its life and at any time, again and again, and taken up by
 * another one each time. What the steps did is told by a file to which each of them appends its name: once, whatever happens.
 * `SEED=…` plays the same kills again, `ROUNDS=…` says how many there are.
 */
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createHost, type Host, type JobView } from '@nightshift/host';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { newPlace, waitFor, type Place } from '../e2e/product.ts';
import { killHard, MARK, quiet } from './processes.ts';
import { DIST_TEST, newFolder, removeFolders } from './product.ts';
import { randomOf, type Random } from './random.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 100);

/** Every point that a host of a workflow passes, in its own life and in the start of a child. */
const POINTS = [
  'code.host', 'code.prepared', 'code.started', 'code.checkpoint.before', 'code.checkpoint.after', 'code.ended', 'code.outcome',
  'start.ids', 'start.folder', 'folder.made', 'start.row', 'spawn.before', 'start.opened', 'start.spawned', 'start.claimed', 'spawn.after',
];

afterAll(removeFolders);

/** Those at which a job rests that has never begun before: it has its first checkpoint by then. */
const FIRST_POINTS = POINTS.slice(POINTS.indexOf('code.checkpoint.after'));

/** Two branches that meet; what each hands on is what the last one says. */
const STEPS = { a: [], b: [], c: ['a'], d: ['a', 'b'], e: ['c', 'd'] } as const;
const NAMES = Object.keys(STEPS);
const WORKFLOW = {
  type: 'WorkflowJob',
  spec: {
    maxParallel: 2,
    steps: Object.entries(STEPS).map(([name, needs]) => ({
      name, needs, scriptBlock: `echo ${name} >> effects; sleep 0.05; echo ${name.toUpperCase()}=${name} >> "$NIGHTSHIFT_CHECKPOINT"${name === 'e' ? '; echo "$A$B$C$D" >> values' : ''}`,
    })),
  },
};

/** Verbs in this process; the hosts that they start die where `failpoints` says. */
function hostsOf(place: Place, product = DIST_TEST, more: Readonly<Record<string, string>> = {}): (failpoints?: string) => Host {
  const open = (failpoints = ''): Host => {
    const host = createHost({
      environment: { ...place.env, ...more, NIGHTSHIFT_FAILPOINTS: failpoints }, workingDirectory: place.work, umask: 0o022, shim: join(product, 'shim.sh'), codeHost: [join(product, 'code-host.cjs')],
    });
    onTestFinished(() => host[Symbol.asyncDispose]());
    return host;
  };
  return open;
}

const ENDS = ['Completed', 'Failed', 'Stopped'];

async function jobOf(host: Host, id: number): Promise<JobView> {
  return (await host.getJobs({ ids: [id] })).jobs[0] as JobView;
}

/** Looked for in no other folder: whoever seeks through those of all jobs is slower with each of them, and comes too late to kill any. */
function runFolderOf(place: Place, { instanceId }: JobView): string {
  const session = join(place.state, 'session');
  return join(session, readdirSync(session)[0] as string, instanceId);
}

/** The pid of its newest host, if there is one. */
function hostPid(place: Place, job: JobView): number | undefined {
  const folder = runFolderOf(place, job);
  const attempts = readdirSync(folder).map(Number).filter((attempt) => attempt > 0).toSorted((a, b) => b - a);
  const newest = attempts.map((attempt) => join(folder, String(attempt), 'host')).find((file) => existsSync(file));
  return newest === undefined ? undefined : Number(readFileSync(newest, 'utf8').split(' ')[0]);
}

/** One workflow, whose hosts die up to so many times, and the first one surely; answers how often they did. Each third is killed by the clock. */
async function liveThrough(place: Place, folder: string, random: Random, kills: number): Promise<number> {
  mkdirSync(folder);
  const open = hostsOf(place);
  const plain = open();
  const plan = [`${random.oneOf(FIRST_POINTS)}:1`];
  const job = await open(`${plan[0]}=kill`).startJob({ what: WORKFLOW, name: 'Release', callerDirectory: folder, warn: () => {} });
  const { id } = job;
  for (let killed = 0; ; killed += 1) {
    if (killed > 0 && killed < kills && killed % 3 === 0) {
      const delay = random.between(0, 80);
      plan.push(`after ${delay} ms`);
      await setTimeout(delay);
      const { state } = await jobOf(plain, id);
      const pid = hostPid(place, job);
      if (!ENDS.includes(state) && pid !== undefined) killHard(pid);
    }
    const { state, statusMessage } = await waitFor(`job ${id} has come to rest (${plan.join(', ')})`, () => jobOf(plain, id), (now) => now.state === 'Suspended' || ENDS.includes(now.state));
    if (ENDS.includes(state)) {
      const seen = effectsOf(folder);
      if (JSON.stringify(seen) !== JSON.stringify(NAMES)) plan.push(await historyOf(plain, id));
      expect({ state, why: statusMessage, effects: seen, values: linesOf(folder, 'values'), plan: plan.join(', ') })
        .toEqual({ state: 'Completed', why: '', effects: NAMES, values: ['abcd'], plan: plan.join(', ') });
      return killed;
    }
    const point = `${random.oneOf(POINTS)}:1`;
    const failpoints = killed + 1 < kills && (killed + 1) % 3 !== 0 ? `${point}=kill` : '';
    plan.push(failpoints === '' ? 'resumed' : point);
    await open(failpoints).resumeJobs({ ids: [id] });
  }
}

function effectsOf(folder: string): string[] {
  return linesOf(folder, 'effects').toSorted();
}

/** What became of each step's jobs: for whoever has to find out why. */
async function historyOf(host: Host, id: number): Promise<string> {
  const { jobs } = await host.getJobs({ ids: [id] }, { children: 'all', attempts: true });
  return jobs.map(({ name, state, reason, statusMessage, beginTime, endTime, attempt }) => `\n${name} (${attempt}): ${state} ${reason ?? ''} ${beginTime ?? 'never'} to ${endTime}: ${statusMessage}`).join('');
}

function linesOf(folder: string, name: string): string[] {
  const file = join(folder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

test(`a workflow whose hosts are killed ${rounds} times, wherever they are, has done each step once, with what was handed on (SEED=${seed})`, { timeout: 60_000 + rounds * 3_000 }, async () => {
  const random = randomOf(seed);
  const place = newPlace();
  let [killed, job] = [0, 0];
  const worker = async (): Promise<void> => {
    while (killed < rounds) {
      job += 1;
      const deaths = await liveThrough(place, join(place.work, `job-${job}`), random, 12);
      killed += deaths;
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(killed).toBeGreaterThanOrEqual(rounds);
});

test.each(['code.host', 'code.prepared', 'code.checkpoint.before'])('of a workflow whose first host is killed at %s no step has run', async (point) => {
  const place = newPlace();
  const { id } = await hostsOf(place)(`${point}:1=kill`).startJob({ what: WORKFLOW, name: 'Release', callerDirectory: place.work, warn: () => {} });
  const { state } = await waitFor('it has come to rest', () => jobOf(hostsOf(place)(), id), (now) => now.state === 'Suspended' || ENDS.includes(now.state));
  expect([point === 'code.prepared' ? 'Suspended' : 'Failed', linesOf(place.work, 'effects')]).toEqual([state, []]);
});

/** The product with a shim that stands still when it has made its claim and not filled it: that of the first try of a step. */
function stallingProduct(): { readonly folder: string; isStalled(): boolean; goOn(): void } {
  const root = newFolder();
  const [folder, gate] = [join(root, 'dist'), join(root, 'gate')];
  cpSync(DIST_TEST, folder, { recursive: true });
  const claim = `printf '%s\\n' "$nightshift_me" >"$nightshift_attempt/claim" || exit 125`;
  const stall = `: >"$nightshift_attempt/claim"; mkdir '${gate}.made'; until [ -e '${gate}' ]; do sleep 0.05; done; printf '%s\\n' "$nightshift_me" >>"$nightshift_attempt/claim"`;
  const text = readFileSync(join(folder, 'shim.sh'), 'utf8');
  expect(text).toContain(claim);
  writeFileSync(join(folder, 'shim.sh'), text.replace(claim, () => `if [ "$NIGHTSHIFT_JOB_NAME" = slow ] && mkdir '${gate}.reached'; then ${stall}; else ${claim}; fi`));
  return { folder, isStalled: () => existsSync(`${gate}.made`), goOn: () => writeFileSync(gate, '') };
}

test('a step whose shim stood still in the middle of its claim, when its host was killed, is done once', async () => {
  const place = newPlace();
  const [product, mark] = [stallingProduct(), `workflow-${process.pid}`];
  const plain = hostsOf(place, product.folder, { [MARK]: mark })();
  onTestFinished(() => product.goOn());
  const what = { type: 'WorkflowJob', spec: { steps: [{ name: 'slow', scriptBlock: 'echo slow >> effects' }] } };
  const job = await plain.startJob({ what, name: 'Release', callerDirectory: place.work, warn: () => {} });
  const { id } = job;
  await waitFor('the shim stands still', () => product.isStalled());
  killHard(hostPid(place, job) as number);
  await waitFor('its host is gone', () => jobOf(plain, id), ({ state }) => state === 'Suspended');
  // An hour, for all that whoever looks can know.
  const [claim] = globSync('**/claim', { cwd: place.state }).map((file) => join(place.state, file)).filter((file) => statSync(file).size === 0);
  utimesSync(claim as string, new Date(Date.now() - 3_600_000), new Date(Date.now() - 3_600_000));
  await plain.resumeJobs({ ids: [id] });
  await waitFor('the job has ended', () => jobOf(plain, id), ({ state }) => ENDS.includes(state));
  product.goOn();
  await quiet(mark);
  expect([(await jobOf(plain, id)).state, linesOf(place.work, 'effects')]).toEqual(['Completed', ['slow']]);
});
