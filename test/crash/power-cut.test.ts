/**
 * A power cut after any step of a run, on a disk that keeps only what was synced: what our readers make of each disk that it may
 * leave. The product's own steps are recorded; the shim's are those of shim.sh, which syncs nothing.
 *
 *     run folder, job.json │ row │ files opened │ spawned: reserve, claim │ the command │ Running │ its output │ exit record
 *     ─────────────────────┴─────┴──────────────┴─────────────────────────┴─────────────┴─────────┴────────────┴────────────
 *      no job, or one that      never ran; nobody   interrupted, however much     interrupted, or its true end
 *      never ran                can know: interrupted   of it is left
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { settle } from '../../packages/core/src/reconcile.ts';
import { createCommandLauncher } from '../../packages/host/src/launch/command.ts';
import { thisMachine } from '../../packages/host/src/launch/identity.ts';
import { createIdCounter, openEmbeddedStore, type EmbeddedStore } from '../../packages/store/src/index.ts';
import { prepareAttempt } from '../../packages/store/src/run-folder/attempt-place.ts';
import { identityFault, makeRunFolder, readJobFile } from '../../packages/store/src/run-folder/job-file.ts';
import type { Instance, ProcessIdentity } from '@nightshift/sdk';
import { newFolder, removeFolders } from './product.ts';
import { materialise, recorded, statesAfter, type Disk, type Step } from './power-cut.ts';

afterAll(removeFolders);

const RUN = 'output/project/Nightly/20240501-120000-000-00000001';
/** Of a boot that is over. */
const HOLDER: ProcessIdentity = { host: thisMachine().host, boot: 'the boot before', pid: 1, startTime: '0' };
const FAMILY: readonly Instance[] = [1, 2].map((id) => ({
  id, instanceId: `01890000-0000-7000-8000-00000000000${id}`, name: 'Nightly', type: id === 1 ? 'ScheduledJob' : 'BackgroundJob', state: 'NotStarted', location: 'localhost',
  command: `echo ${'long '.repeat(300)}`, attempt: 1, ...(id === 1 ? {} : { parentId: 1, run: { holder: HOLDER, carries: '01890000-0000-7000-8000-000000000001' } }),
  origin: id === 1 ? { kind: 'trigger', triggerId: '1', dueAt: new Date(0), catchUp: false } : { kind: 'parent', parentId: 1 },
}) as Instance);

/** How the product makes a run folder: at a start on demand, and where a waiting run is taken up. */
const MAKERS = {
  'a start': (folder: string) => makeRunFolder(folder, FAMILY, true),
  'a take-up': (folder: string) => prepareAttempt(folder, FAMILY, 1, true),
};

function stepsOf(make: (folder: string) => void): Step[] {
  const root = newFolder();
  return recorded(root, () => make(join(root, RUN)));
}

const prefixes = (steps: readonly Step[]): Step[][] => steps.map((_, index) => steps.slice(0, index + 1));

/** Each disk once, whichever steps lead to it. */
function disksOf(sequences: readonly (readonly Step[])[]): Disk[] {
  return sequences.flatMap((steps) => statesAfter(steps));
}

test.each(Object.entries(MAKERS))('%s cut off while the run folder is made leaves a job that can be read, or none at all', (_what, make) => {
  const root = newFolder();
  const disks = disksOf(prefixes(stepsOf(make)));
  expect(disks.length).toBeGreaterThan(20);
  const seen = { job: 0, none: 0 };
  for (const disk of disks) {
    materialise(disk, root);
    const [folder, file] = [join(root, RUN), disk.get(`${RUN}/job.json`)];
    const job = readJobFile(folder);
    // What has its name was whole before it got it.
    if (file !== undefined) expect(job?.instances.map(({ id }) => id)).toEqual([1, 2]);
    else expect(job).toBeUndefined();
    if (disk.has(RUN)) expect(identityFault(folder)).toBeUndefined();
    seen[job === undefined ? 'none' : 'job'] += 1;
  }
  expect(Math.min(seen.job, seen.none)).toBeGreaterThan(0);
});

test.each(Object.entries(MAKERS))('once %s has made a run folder, and before its row is written, no power cut can take it away', (_what, make) => {
  const disks = statesAfter(stepsOf(make));
  expect(disks.map((disk) => [...disk.keys()].filter((path) => path.startsWith(RUN)).toSorted())).toEqual([[RUN, `${RUN}/1`, `${RUN}/job.json`]]);
});

test('a further attempt is made where the first one lies, and lasts as well', () => {
  const root = newFolder();
  makeRunFolder(join(root, RUN), FAMILY, true);
  const steps = recorded(root, () => prepareAttempt(join(root, RUN), FAMILY, 2, true));
  const before: Step[] = [...stepsOf(MAKERS['a start']), ...steps];
  expect(statesAfter(before).map((disk) => disk.has(`${RUN}/2`))).toEqual([true]);
});

/** After the row: `exec` when the command begins, `running` when somebody has written down that it has, `over` when it ends with 3. */
function stepsOfRun(): Step[] {
  const file = (name: string): Step => ({ does: 'file', path: `${RUN}/1/${name}` });
  const content = (name: string, text: string): Step => ({ does: 'content', path: `${RUN}/1/${name}`, content: Buffer.from(text) });
  const reserve = `${' '.repeat(63)}\n`;
  const record = '{"exitCode":3}';
  return [
    file('stdout'),
    file('exit.json'), content('exit.json', reserve),
    file('claim'), content('claim', `4711 12345 ${HOLDER.boot.replaceAll(' ', '-')}\n`),
    { does: 'mark', what: 'exec' },
    { does: 'mark', what: 'running' },
    content('stdout', 'said\n'),
    { does: 'mark', what: 'over' },
    content('exit.json', record + reserve.slice(record.length)),
  ];
}

test('the steps of a run are those of the shim: nothing runs before its claim, and nothing is synced', () => {
  const shim = readFileSync(fileURLToPath(new URL('../../packages/host/src/launch/shim.sh', import.meta.url)), 'utf8');
  const main = shim.slice(shim.indexOf('main() {'), shim.indexOf('who_am_i() {'));
  const order = [">\"$nightshift_attempt/exit.json\"", '>"$nightshift_attempt/claim"', 'exec "$@"', 'record "$nightshift_code"'].map((text) => main.indexOf(text));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
  expect(shim).not.toMatch(/^\s*sync\b/m);
});

interface Bench {
  readonly store: EmbeddedStore;
  /** What the scheduler writes down about the run on a disk. */
  judge(disk: Disk, isRunning: boolean): Promise<Instance>;
}

function newBench(): Bench {
  const root = newFolder();
  mkdirSync(join(root, 'store'));
  const ids = createIdCounter(root);
  const store = openEmbeddedStore({ root: join(root, 'store'), layout: ({ instanceId }) => instanceId, synchronous: 'OFF', durable: false }, { ids, cutRecord: () => ({ stream: 'output', value: '' }) });
  onTestFinished(() => {
    store.close();
    ids.close();
  });
  const clock = { now: () => new Date(), monotonic: () => performance.now(), sleep: async () => {} };
  const launcher = createCommandLauncher({ clock, environment: {}, umask: 0o077, shim: '/nonexistent' });
  let made = 0;
  return {
    store,
    async judge(disk, isRunning) {
      made += 1;
      const instanceId = (which: number): string => `01890000-0000-7000-800${which}-${made.toString(16).padStart(12, '0')}`;
      const [parent, run] = FAMILY.map(({ id: _id, name: _name, parentId: _parentId, state: _state, attempt: _attempt, ...facts }, index) => ({ ...facts, instanceId: instanceId(index + 1), origin: index === 0 ? facts.origin : ({ kind: 'parent' } as const) }));
      const [, child] = (await store.insert(parent as never, [run as never])) as unknown as readonly [Instance, Instance];
      if (isRunning) await store.transition([{ instanceId: child.instanceId, from: ['NotStarted'], to: 'Running', beginTime: new Date() }]);
      materialise(new Map([...disk].filter(([path]) => path.startsWith(RUN)).map(([path, what]) => [path.slice(RUN.length + 1), what])), child.runFolder as string);
      return (await settle({ launcher, clock }, store, child)) as Instance;
    },
  };
}

test('a run that a power cut ended is interrupted or has its true end, is never begun anew, and never said not to have run', async () => {
  const bench = newBench();
  const made = stepsOf(MAKERS['a take-up']);
  const run = stepsOfRun();
  const ends = new Set<string>();
  let count = 0;
  for (const steps of prefixes(run)) {
    const has = (what: string): boolean => steps.some((step) => step.does === 'mark' && step.what === what);
    const isRecorded = steps.length === run.length;
    for (const disk of statesAfter([...made, ...steps])) {
      count += 1;
      const { state, reason, exitCode, attempt, statusMessage } = await bench.judge(disk, has('running'));
      const end = `${state} ${reason} ${exitCode ?? '-'}`;
      ends.add(end);
      const seen = { end, attempt, statusMessage, disk: [...disk].filter(([path]) => path.startsWith(`${RUN}/1/`)).map(([path, what]) => `${path}: ${what.toString('latin1')}`) };
      expect.soft(attempt, JSON.stringify(seen)).toBe(1);
      expect.soft(isRecorded ? ['Failed interrupted -', 'Failed exit 3'] : ['Failed interrupted -'], JSON.stringify(seen)).toContain(end);
    }
  }
  expect([...ends].toSorted()).toEqual(['Failed exit 3', 'Failed interrupted -']);
  expect(count).toBeGreaterThan(100);
});
