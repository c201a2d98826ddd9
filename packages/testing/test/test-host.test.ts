import { API_VERSION, defineCodeJobType, defineCommandJobType, type JobTypePlugin, type SpecSchema } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { createTestHost } from '../src/index.ts';
import { noteJob } from './note-job.ts';

const anything: SpecSchema<{ readonly does?: string; readonly script?: string }> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => (typeof value === 'object' && value !== null ? { value } : { issues: [{ message: '"job" must be a map of keys', hint: 'write a map' }] }) },
};

const stubborn = defineCodeJobType({
  name: 'StubbornJob', description: 'Does as its spec says.', runs: 'code', capabilities: {}, spec: anything,
  async prepare({ spec, clock, streams, argumentList }) {
    if (spec.does === 'prepare slowly') await clock.sleep(5_000);
    if (spec.does === 'fail to prepare') throw new Error('there is no such place');
    return {
      async start() {
        if (spec.does === 'tell') await streams.output.write(argumentList);
        if (spec.does === 'hang') await new Promise(() => {});
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

const shell = defineCommandJobType({
  name: 'ShellJob', description: 'Runs a line of shell.', runs: 'command', capabilities: { persist: true }, spec: anything,
  command: ({ spec }) => ({ argv: ['sh', '-c', spec.script ?? 'true'], timeout: 60_000 }),
});

const parent = defineCodeJobType({
  name: 'ParentJob', description: 'Starts a child and ends as it does.', runs: 'code', capabilities: {}, spec: anything,
  prepare: async ({ spec, startChild, signal }) => ({
    async start() {
      const child = await startChild({ type: 'ShellJob', name: 'Inner', spec });
      signal.addEventListener('abort', () => void child.stop('parent'));
      const outcome = await child.finished;
      return outcome;
    },
    async [Symbol.asyncDispose]() {},
  }),
});

/** Counts to ten, one a second, and goes on where its last checkpoint says. */
const counting = defineCodeJobType({
  name: 'CountingJob', description: 'Counts to ten.', runs: 'code', capabilities: { suspend: true }, spec: anything,
  async prepare({ clock, streams, checkpoint, restored, signal }) {
    let held: Promise<void> | undefined;
    let letGo = (): void => {};
    return {
      async start() {
        for (let count = Number(restored ?? 0) + 1; count <= 10; count++) {
          await streams.output.write(count);
          await checkpoint(count);
          await clock.sleep(1_000, signal).catch(() => {});
          if (signal.aborted) return { state: 'Stopped', reason: String(signal.reason) };
          await held;
        }
        return { state: 'Completed' };
      },
      suspend: async () => void (held = new Promise((resolve) => (letGo = resolve))),
      resume: async () => {
        held = undefined;
        letGo();
      },
      async [Symbol.asyncDispose]() {},
    };
  },
});

const plugins: readonly JobTypePlugin[] = [{ name: 'nightshift-plugin-test', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [noteJob, stubborn, shell, parent, counting] }];

describe('a host in memory', () => {
  test('runs a job of JavaScript from its beginning to its end', async () => {
    await using host = await createTestHost({ plugins });
    const job = await host.startJob({ type: 'NoteJob', spec: { lines: ['a', 'b'] } });
    expect(job).toMatchObject({ id: 1, name: 'Job1', attempt: 1 });
    expect(await host.waitForState(job.instanceId, 'Completed')).toMatchObject({ beginTime: new Date('2026-01-01T00:00:00Z'), exitCode: 0 });
    expect(await host.receive(job.instanceId, 'output')).toEqual(['a', 'b']);
    expect(await host.receive(job.instanceId, 'output')).toEqual([]);
  });

  test('fails a job of JavaScript with the message of its error, and tells it as its last error record', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'notejob', spec: { lines: [], ends: 'failed' } });
    expect(await host.waitForState(instanceId, 'Failed')).toMatchObject({ reason: 'error', statusMessage: 'the note could not be written' });
    expect(await host.receive(instanceId, 'error')).toEqual([{ message: 'the note could not be written', terminating: true }]);
  });

  test('hands the argument list over with its types', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'StubbornJob', spec: { does: 'tell' }, argumentList: [1, 'two', { three: 3 }] });
    await host.waitForState(instanceId, 'Completed');
    expect(await host.receive(instanceId, 'output')).toEqual([[1, 'two', { three: 3 }]]);
  });

  test('shows a job that waits for the clock while it is prepared as NotStarted', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'StubbornJob', spec: { does: 'prepare slowly' } });
    await host.waitForState(instanceId, 'NotStarted');
    await host.clock.advance(5_000);
    expect(await host.waitForState(instanceId, 'Completed')).toMatchObject({ beginTime: new Date('2026-01-01T00:00:05Z') });
  });

  test('is Failed (spawn) when it cannot be prepared', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'StubbornJob', spec: { does: 'fail to prepare' } });
    expect(await host.waitForState(instanceId, 'Failed')).toMatchObject({ reason: 'spawn', statusMessage: 'there is no such place' });
  });

  test('stops a job that hears the stop, and gives one up that does not, when the clock has passed its grace period', async () => {
    await using host = await createTestHost({ plugins });
    const hears = await host.startJob({ type: 'NoteJob', spec: { lines: [], ends: 'never' } });
    await host.stopJob(hears.instanceId);
    expect(await host.waitForState(hears.instanceId, 'Stopped')).toMatchObject({ reason: 'stopped' });
    const hangs = await host.startJob({ type: 'StubbornJob', spec: { does: 'hang' } });
    const stopping = host.stopJob(hangs.instanceId);
    await host.waitForState(hangs.instanceId, 'Stopping');
    await host.clock.advance(10_000);
    await stopping;
    expect((await host.waitForState(hangs.instanceId, 'Stopped')).statusMessage).toContain('PluginTimedOut');
  });

  test('stops by force at once', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'StubbornJob', spec: { does: 'hang' } });
    await host.stopJob(instanceId, { force: true });
    await host.waitForState(instanceId, 'Stopped');
  });

  test('runs a command as a real program, with its output, its code and its end by the clock', async () => {
    await using host = await createTestHost({ plugins });
    const job = await host.startJob({ type: 'ShellJob', spec: { script: 'echo hello; echo ::warning::careful; echo oops >&2; printf "no end"; exit 3' } });
    expect(await host.waitForState(job.instanceId, 'Failed')).toMatchObject({ reason: 'exit', exitCode: 3 });
    expect(await host.receive(job.instanceId, 'output')).toEqual(['hello', 'no end']);
    expect(await host.receive(job.instanceId, 'warning')).toEqual(['careful']);
    expect((await host.receive(job.instanceId, 'error')).map(({ message }) => message)).toEqual(['oops', 'the command exited with code 3']);
  });

  test('ends a command that takes longer than it may by the clock of the test', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'ShellJob', spec: { script: 'exec sleep 300' } });
    await host.clock.advance(60_000);
    expect(await host.waitForState(instanceId, 'Failed')).toMatchObject({ reason: 'timeout' });
  });

  test('stops a command with everything that it has started', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'ShellJob', spec: { script: 'sleep 300 & echo up; wait' } });
    await host.stopJob(instanceId);
    await host.waitForState(instanceId, 'Stopped');
  });

  test('refuses what start-job refuses, with its codes', async () => {
    await using host = await createTestHost({ plugins });
    await expect(host.startJob({ type: 'NoSuchJob', spec: {} })).rejects.toMatchObject({ code: 'JobTypeNotFound' });
    await expect(host.startJob({ type: 'NoteJob', spec: 7 })).rejects.toMatchObject({ code: 'DefinitionValueInvalid' });
    await expect(host.stopJob('nobody')).rejects.toMatchObject({ code: expect.stringContaining('JobWith') as string });
    await expect(createTestHost({ plugins: [...plugins, ...plugins.map((plugin) => ({ ...plugin, name: 'another' }))] })).rejects.toMatchObject({ code: 'JobTypeConflict' });
  });

  test('says which states it saw instead of the one that a test waits for', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'NoteJob', spec: { lines: [] } });
    await expect(host.waitForState(instanceId, 'Stopped')).rejects.toThrow(/did not become Stopped: it was .*Completed/);
  });

  test('keeps a persisted job in its durable store, with ids of the same counter', async () => {
    await using host = await createTestHost({ plugins, now: new Date('2030-06-01T00:00:00Z') });
    const brief = await host.startJob({ type: 'NoteJob', spec: { lines: [] } });
    const kept = await host.startJob({ type: 'NoteJob', spec: { lines: [] }, persist: true });
    expect([brief.id, kept.id]).toEqual([1, 2]);
    expect(await host.waitForState(kept.instanceId, 'Completed')).toMatchObject({ beginTime: new Date('2030-06-01T00:00:00Z') });
    await expect(host.startJob({ type: 'StubbornJob', spec: {}, persist: true })).rejects.toMatchObject({ code: 'PersistNotSupported' });
  });

  test('starts the children of a job beside it, and stops them with it', async () => {
    await using host = await createTestHost({ plugins });
    const good = await host.startJob({ type: 'ParentJob', spec: { script: 'echo from below' } });
    await host.waitForState(good.instanceId, 'Completed');
    expect(await host.receive(good.instanceId, 'output')).toEqual(['from below']);
    const bad = await host.startJob({ type: 'ParentJob', spec: { script: 'exit 4' } });
    expect(await host.waitForState(bad.instanceId, 'Failed')).toMatchObject({ exitCode: 4, statusMessage: 'the command exited with code 4' });
    const long = await host.startJob({ type: 'ParentJob', spec: { script: 'exec sleep 300' } });
    await host.waitForState(long.instanceId, 'Running');
    await host.stopJob(long.instanceId);
    await host.waitForState(long.instanceId, 'Stopped');
    const { jobs } = await host.jobs.getJobs({}, { children: 'all' });
    expect(jobs.filter(({ name }) => name === 'Inner').map(({ state }) => state)).toEqual(['Completed', 'Failed', 'Stopped']);
  });

  test('suspends and resumes a job, whose work goes on where it stood', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'CountingJob', spec: {} });
    await host.clock.advance(2_500);
    expect((await host.jobs.suspendJobs({ instanceIds: [instanceId] })).problems).toEqual([]);
    await host.waitForState(instanceId, 'Suspended');
    await host.clock.advance(60_000);
    expect(await host.receive(instanceId, 'output')).toEqual([1, 2, 3]);
    await host.jobs.resumeJobs({ instanceIds: [instanceId] });
    await host.clock.advance(60_000);
    await host.waitForState(instanceId, 'Completed');
    expect(await host.receive(instanceId, 'output')).toEqual([4, 5, 6, 7, 8, 9, 10]);
  });

  test('lets a new host take up from the last checkpoint what was cut off', async () => {
    await using host = await createTestHost({ plugins });
    const { instanceId } = await host.startJob({ type: 'CountingJob', spec: {} });
    await host.clock.advance(2_500);
    await host.jobs.suspendJobs({ instanceIds: [instanceId] }, { force: true });
    expect(await host.waitForState(instanceId, 'Suspended')).toMatchObject({ reason: 'interrupted' });
    await host.jobs.resumeJobs({ instanceIds: [instanceId] });
    await host.clock.advance(60_000);
    expect(await host.waitForState(instanceId, 'Completed')).toMatchObject({ attempt: 2 });
    expect(await host.receive(instanceId, 'output')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
