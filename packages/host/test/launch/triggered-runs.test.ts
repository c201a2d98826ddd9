import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJobHost, createRegistry, createTriggeredRuns, type CoreParts } from '@nightshift/core';
import { STREAM_NAMES, type Definition, type Instance } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BUILT_IN } from '../../src/built-in.ts';
import { createCommandLauncher } from '../../src/launch/command.ts';
import { thisProcess } from '../../src/launch/identity.ts';
import { newInstanceId } from '../../src/launch/instance-id.ts';
import { createStores } from '../../src/stores.ts';
import { systemClock } from '../../src/system-clock.ts';
import { contentOf, runs as isRunning, temporaryFolder, until } from '../folder.ts';

const SHIM = fileURLToPath(new URL('../../src/launch/shim.sh', import.meta.url));
const DUE = new Date(Date.UTC(2027, 2, 28, 1));

/** Real stores, real processes, and a definition that runs a text of sh. */
function createBench() {
  const root = temporaryFolder();
  const stores = createStores({ NIGHTSHIFT_STATE_DIR: join(root, 'state') });
  onTestFinished(() => stores.close());
  const parts: CoreParts = {
    stores, newInstanceId,
    types: createRegistry(BUILT_IN),
    clock: systemClock,
    launcher: createCommandLauncher({ clock: systemClock, environment: { PATH: process.env['PATH'], FOLDER: `${root}/` }, umask: 0o022, shim: SHIM }),
    definitions: async () => ({ source: undefined as never, files: undefined as never, checkPaths: async () => {} }),
  };
  const runs = createTriggeredRuns(parts, stores.openDurable);
  const due = async (scriptBlock: string, options: Definition['options'] = {}): Promise<readonly [Instance, Instance]> => {
    const definition: Definition = { key: 'here/nightly', name: 'Nightly', type: 'ScheduledJob', location: join(root, 'Nightly.yaml'), baseFolder: root, spec: { scriptBlock }, options };
    const [parent, child] = runs.instances(await runs.plan(definition), { kind: 'trigger', triggerId: '3', dueAt: DUE, catchUp: false });
    return (await stores.openDurable().insert(parent, [child])) as unknown as readonly [Instance, Instance];
  };
  /** Starts it and answers with what it is when its shim has gone. */
  const tried = async (child: Instance): Promise<Instance> => {
    await new Promise<void>((ended) => void runs.start(child, ended));
    return (await runs.settle(child)) as Instance;
  };
  return { root, stores, runs, due, tried, host: createJobHost(parts) };
}

type Bench = ReturnType<typeof createBench>;

async function received({ host }: Bench, id: number): Promise<string[]> {
  const { batches, commit } = await host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false });
  const values: string[] = [];
  for await (const { records } of batches) values.push(...records.map(({ value }) => (typeof value === 'string' ? value : (value as { message: string }).message)));
  await commit();
  return values;
}

const AT_ONCE = { retry: { limit: 2, delay: 0 } };

describe('a triggered run', () => {
  test('knows what was due, and its attempt', async () => {
    const bench = createBench();
    const [parent, child] = await bench.due('env | grep ^NIGHTSHIFT_ | sort');
    expect(await bench.tried(child)).toMatchObject({ state: 'Completed' });
    expect(await received(bench, parent.id)).toEqual([
      'NIGHTSHIFT_ATTEMPT=1',
      'NIGHTSHIFT_DUE_AT=2027-03-28T01:00:00.000Z',
      `NIGHTSHIFT_INSTANCE_ID=${parent.instanceId}`,
      `NIGHTSHIFT_JOB_ID=${parent.id}`,
      'NIGHTSHIFT_JOB_NAME=Nightly',
      `NIGHTSHIFT_RUN_DIR=${child.runFolder}`,
      'NIGHTSHIFT_TRIGGER_ID=3',
    ]);
  });

  test('is tried again until it succeeds; all that it wrote is received in order', async () => {
    const bench = createBench();
    const [parent, child] = await bench.due('echo try $NIGHTSHIFT_ATTEMPT; echo oh $NIGHTSHIFT_ATTEMPT >&2; exit $((3 - NIGHTSHIFT_ATTEMPT))', AT_ONCE);
    let run = child;
    for (const attempt of [2, 3]) {
      run = await bench.tried(run);
      expect(run).toMatchObject({ state: 'Running', attempt });
    }
    expect(await bench.tried(run)).toMatchObject({ state: 'Completed', attempt: 3, exitCode: 0, outputBytes: 33 });
    const { jobs: [job] } = await bench.host.getJobs({ ids: [parent.id] }, { attempts: true });
    expect(job).toMatchObject({ hasMoreData: true, attempts: [{ exitCode: 2, reason: 'exit' }, { exitCode: 1 }, { exitCode: 0, reason: null }] });
    const begins = job?.attempts?.map(({ beginTime }) => Number(new Date(beginTime as string))) as number[];
    expect(begins).toEqual(begins.toSorted((a, b) => a - b));
    expect(await received(bench, parent.id)).toEqual(['try 1', 'oh 1', 'try 2', 'oh 2', 'try 3', 'oh 3']);
    expect(await received(bench, parent.id)).toEqual([]);
  });

  test('ends what its last attempt left running before it runs again', async () => {
    const bench = createBench();
    const [, child] = await bench.due('[ $NIGHTSHIFT_ATTEMPT = 1 ] || exit 0; setsid sh -c "echo \\$\\$ >pid; exec sleep 600" & until [ -s pid ]; do sleep 0.05; done; exit 1', AT_ONCE);
    const waiting = await bench.tried(child);
    const pid = Number(contentOf(join(bench.root, 'pid')));
    expect(isRunning(pid)).toBe(true);
    expect(await bench.tried(waiting)).toMatchObject({ state: 'Completed' });
    expect(isRunning(pid)).toBe(false);
  });

  test('whose launcher died before the claim runs once, in its next attempt', async () => {
    const bench = createBench();
    const [, child] = await bench.due('echo $NIGHTSHIFT_ATTEMPT >>ran');
    await bench.stores.openDurable().takeUp(child, { ...thisProcess(), startTime: '1' });
    const waiting = (await bench.runs.settle(child)) as Instance;
    expect(waiting).toMatchObject({ state: 'NotStarted', attempt: 2 });
    expect(await bench.tried(waiting)).toMatchObject({ state: 'Completed', attempt: 2 });
    expect(contentOf(join(bench.root, 'ran'))).toBe('2');
  });

  test('that ran too long is tried again, and stopped it is not', async () => {
    const bench = createBench();
    const [parent, child] = await bench.due('echo $$ >pid-$NIGHTSHIFT_ATTEMPT; exec sleep 600', { ...AT_ONCE, timeout: '200ms', gracePeriod: '1s' });
    const waiting = await bench.tried(child);
    expect(waiting).toMatchObject({ state: 'Running', attempt: 2, statusMessage: expect.stringContaining('attempt 1: the command ran longer than 200ms') as string });
    await bench.runs.stop(parent, 'condition');
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ state: 'Stopped', reason: 'condition', attempt: 2 }]);
  });

  test('that is stopped while it runs ends with all its processes, whoever holds it', async () => {
    const bench = createBench();
    const [parent, child] = await bench.due('echo $$ >pid; exec sleep 600', AT_ONCE);
    await bench.runs.start(child);
    const pid = Number(await until('it has begun', () => contentOf(join(bench.root, 'pid'))));
    await bench.runs.stop(parent, 'overlap');
    expect(isRunning(pid)).toBe(false);
    expect((await bench.host.getJobs({ ids: [parent.id] })).jobs).toMatchObject([{ state: 'Stopped', reason: 'overlap', attempt: 1 }]);
  });
});
