import type { JobContext } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { Desk, NEVER, settled } from './code-run.ts';

/** Ends as soon as it is asked to stop. */
const untilStopped = ({ signal }: JobContext<unknown>): Promise<unknown> => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ state: 'Stopped', reason: String(signal.reason) })));

describe('the life of a code run', () => {
  test('goes from prepare over start to its outcome, and is disposed of once after the end is in the books', async () => {
    const desk = new Desk();
    const run = desk.run({ start: () => (desk.log.push('start'), { state: 'Completed', exitCode: 3 }), dispose: () => desk.log.push('dispose') });
    expect(await run.ended).toEqual({ state: 'Completed', exitCode: 3 });
    expect(desk.log).toEqual(['started', 'start', 'ended Completed', 'dispose']);
  });

  test('fails by what prepare throws, before it has started', async () => {
    const desk = new Desk();
    const end = await desk.run({ prepare: () => Promise.reject(new Error('no room')) }).ended;
    expect(end).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'no room' });
    expect(desk.log).toEqual(['ended Failed']);
  });

  test.each([
    ['a rejection', () => Promise.reject(new Error('broken')), { statusMessage: 'broken', reason: 'error' }],
    ['an error with a code', () => Promise.reject(Object.assign(new Error('full'), { code: 'DiskAlmostFull' })), { statusMessage: 'full', error: { code: 'DiskAlmostFull' } }],
    ['a rejection without a word', () => Promise.reject(), { statusMessage: 'it failed and did not say why' }],
    ['what throws when it is looked at', () => Promise.reject(new Proxy({}, { get: () => { throw new Error('hands off'); } })), { statusMessage: 'it failed and did not say why' }],
    ['a failed outcome', () => ({ state: 'Failed', error: new Error('said so'), exitCode: 4 }), { statusMessage: 'said so', reason: 'exit', exitCode: 4 }],
    ['the outcome of a child', () => ({ state: 'Failed', error: new Error('too long'), reason: 'timeout', signal: 'SIGKILL' }), { statusMessage: 'too long', reason: 'timeout', signal: 'SIGKILL' }],
    ['an outcome for a reason that is none', () => ({ state: 'Failed', error: new Error('said so'), reason: 'weather' }), { statusMessage: 'said so', reason: 'error' }],
    ['no outcome', () => undefined, { statusMessage: `PluginMessageInvalid: 'nightshift-plugin-x': NoteJob ended with no outcome: { state: "Completed" } or its like is expected` }],
    ['a state that no outcome has', () => ({ state: 'Running' }), { statusMessage: `PluginMessageInvalid: 'nightshift-plugin-x': NoteJob ended with the state "Running"; it is Completed, Failed or Stopped` }],
    ['an exit code that is none', () => ({ state: 'Completed', exitCode: 1.5 }), { statusMessage: `PluginMessageInvalid: 'nightshift-plugin-x': NoteJob ended with an exit code that is no whole number` }],
  ])('fails by %s', async (_title, start, end) => {
    const desk = new Desk();
    let disposals = 0;
    expect(await desk.run({ start, dispose: () => disposals++ }).ended).toMatchObject({ state: 'Failed', ...end });
    expect(disposals).toBe(1);
  });

  test('fails when prepare takes 30 s, names plugin and likely cause, and lets go of a run that comes later', async () => {
    const desk = new Desk();
    const { promise: late, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ prepare: () => late });
    await desk.clock.asleep();
    desk.clock.advance(30_000);
    expect(await run.ended).toMatchObject({ state: 'Failed', reason: 'spawn', givenUp: true, statusMessage: `PluginTimedOut: 'nightshift-plugin-x' did not prepare NoteJob in 30 s. Does prepare() wait for something that start() should do?` });
    resolve({ start: () => NEVER, [Symbol.asyncDispose]: async () => void desk.log.push('disposed late') });
    await settled();
    expect(desk.log).toEqual(['ended Failed', 'disposed late']);
  });

  test.each([
    ['kill', 'kill'], ['suspend', 'suspend'], ['input', 'unblock'],
  ] as const)('fails when %s is declared and the run lacks it', async (capability, method) => {
    const end = await new Desk().run({}, { [capability]: true }).ended;
    expect(end).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: `PluginInvalid: 'nightshift-plugin-x': NoteJob declares the capability ${capability} and was prepared as a run without the method ${method}` });
  });

  test('stays ended, whatever fails later: that is told', async () => {
    const desk = new Desk();
    const run = desk.run({});
    expect(await run.ended).toEqual({ state: 'Completed' });
    run.crash(new Error('too late'));
    expect(desk.ends).toHaveLength(1);
    expect(desk.warnings.map(({ message }) => message)).toEqual([`'nightshift-plugin-x': NoteJob failed where nobody waited for it after its end (too late); the first end stays`]);
  });

  test('is told of a dispose that takes more than 10 s', async () => {
    const desk = new Desk();
    const run = desk.run({ dispose: () => NEVER });
    await settled();
    desk.clock.advance(10_000);
    expect(await run.ended).toEqual({ state: 'Completed' });
    expect(desk.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([`PluginTimedOut: 'nightshift-plugin-x' did not dispose of NoteJob in 10 s. Does [Symbol.asyncDispose]() wait for something that never ends?`]);
  });

  test('ends with its records lost as a failure', async () => {
    const desk = new Desk();
    const ports = desk.ports();
    const full = { ...ports, records: { ...ports.records, drained: () => Promise.reject(Object.assign(new Error('the disk is full'), { code: 'StoreFull' })) } };
    desk.ports = () => full;
    expect(await desk.run({}).ended).toMatchObject({ state: 'Failed', statusMessage: 'StoreFull: the disk is full' });
  });
});

describe('stopping a code run', () => {
  test('fires the signal with the first reason, and the run ends as stopped', async () => {
    const desk = new Desk();
    let context: JobContext<unknown> | undefined;
    const run = desk.run({ start: (given) => untilStopped((context = given)) });
    await settled();
    void run.wish({ is: 'stop', reason: 'overlap' });
    await run.wish({ is: 'stop', reason: 'stopped' });
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'overlap' });
    expect(context?.signal.reason).toBe('overlap');
  });

  test('makes it stopped even where it completes or fails then', async () => {
    const desk = new Desk();
    const run = desk.run({ start: ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))) });
    await settled();
    await run.wish({ is: 'stop', reason: 'stopped' });
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
  });

  test('before it has started keeps it from starting', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ prepare: () => promise });
    const stopped = run.wish({ is: 'stop', reason: 'stopped' });
    resolve({ start: () => desk.log.push('start'), [Symbol.asyncDispose]: async () => void desk.log.push('dispose') });
    await stopped;
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(desk.log).toEqual(['ended Stopped', 'dispose']);
  });

  test('while it prepares gives it up in time, and lets go of what comes later', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ prepare: () => promise });
    void run.wish({ is: 'stop', reason: 'stopped' });
    desk.clock.advance(10_000);
    expect(await run.ended).toMatchObject({ state: 'Stopped', givenUp: true });
    resolve({ start: () => desk.log.push('start'), [Symbol.asyncDispose]: async () => void desk.log.push('dispose') });
    await settled();
    expect(desk.log).toEqual(['ended Stopped', 'dispose']);
  });

  test('kills at the end of the grace period', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ start: () => promise, kill: (reason) => (desk.log.push(`kill ${reason}`), resolve({ state: 'Completed' })) }, { kill: true });
    await settled();
    const stopped = run.wish({ is: 'stop', reason: 'stopped' });
    desk.clock.advance(9_999);
    await settled();
    expect(desk.log).toEqual(['started']);
    desk.clock.advance(1);
    await stopped;
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(desk.log).toEqual(['started', 'kill stopped', 'ended Stopped']);
  });

  test('gives up what does not answer and cannot be killed, where its process ends with it', async () => {
    const desk = new Desk();
    const run = desk.run({ start: () => NEVER });
    await settled();
    void run.wish({ is: 'stop', reason: 'stopped' });
    desk.clock.advance(10_000);
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped', givenUp: true, statusMessage: `PluginTimedOut: 'nightshift-plugin-x' did not end NoteJob in 10 s. Does start() watch context.signal?` });
  });

  test('only asks where others share its process, and says so', async () => {
    const desk = new Desk();
    desk.ownProcess = false;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ start: () => promise });
    await settled();
    void run.wish({ is: 'stop', reason: 'stopped' });
    desk.clock.advance(10_000);
    await settled();
    expect(desk.warnings.map(({ code }) => code)).toEqual(['PluginTimedOut']);
    expect(desk.ends).toEqual([]);
    resolve({ state: 'Completed' });
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
  });

  test('by force does not wait for an answer', async () => {
    const desk = new Desk();
    const run = desk.run({ start: () => NEVER });
    await settled();
    await run.wish({ is: 'kill', reason: 'stopped' });
    expect(await run.ended).toEqual({ state: 'Stopped', reason: 'stopped', givenUp: true });
  });

  test('gives up a kill that brings nothing about after 2 s', async () => {
    const desk = new Desk();
    const run = desk.run({ start: () => NEVER, kill: () => {} }, { kill: true });
    await settled();
    void run.wish({ is: 'kill', reason: 'stopped' });
    await settled();
    desk.clock.advance(2_000);
    expect(await run.ended).toMatchObject({ state: 'Stopped', givenUp: true, statusMessage: `PluginTimedOut: 'nightshift-plugin-x' did not kill NoteJob in 2 s. Does kill() make start() settle?` });
  });

  test('at its time limit is a failure', async () => {
    const desk = new Desk();
    const run = desk.run({ start: untilStopped }, {}, { timeout: 5_000 });
    await settled();
    desk.clock.advance(5_000);
    expect(await run.ended).toEqual({ state: 'Failed', reason: 'timeout', statusMessage: 'the job ran longer than 5s' });
  });
});

describe('between beginning and end', () => {
  test('a run is suspended and resumed, its states in order', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ start: () => promise, suspend: (reason) => desk.log.push(`suspend ${reason}`), resume: (reason) => desk.log.push(`resume ${reason}`) }, { suspend: true });
    await run.wish({ is: 'suspend', reason: 'asked' });
    await Promise.all([run.wish({ is: 'resume', reason: 'asked' }), run.wish({ is: 'resume', reason: 'asked' })]);
    resolve({ state: 'Completed' });
    await run.ended;
    expect(desk.log).toEqual(['started', 'suspend asked', 'Suspending', 'Suspended', 'resume asked', 'Running', 'ended Completed']);
  });

  test('a run asks for its own suspension', async () => {
    const desk = new Desk();
    desk.run({ start: (context) => (context.requestSuspend('step 2'), NEVER), suspend: () => {}, resume: () => {} }, { suspend: true });
    await settled();
    expect(desk.log).toEqual(['started', 'Suspending: step 2', 'Suspended: step 2']);
  });

  test('what was not declared cannot be done', async () => {
    const desk = new Desk();
    const thrown: unknown[] = [];
    const run = desk.run({
      start(context) {
        for (const call of [() => context.blocked('?'), () => context.requestSuspend('now'), () => context.disconnected('gone'), () => context.reconnected()]) {
          try { call(); } catch (cause) { thrown.push((cause as { code: string }).code); }
        }
        return NEVER;
      },
    });
    await expect(run.wish({ is: 'suspend', reason: 'asked' })).rejects.toMatchObject({ code: 'Job2OperationNotSupportedOnJob' });
    expect(thrown).toEqual(Array.from({ length: 4 }, () => 'Job2OperationNotSupportedOnJob'));
  });

  test('a blocked run goes on with its answer', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const run = desk.run({ start: (context) => (context.blocked('go on?'), promise), unblock: (input) => resolve({ state: 'Completed', exitCode: input }) }, { input: true });
    await settled();
    await run.wish({ is: 'unblock', input: 5 });
    expect(await run.ended).toEqual({ state: 'Completed', exitCode: 5 });
    expect(desk.log.slice(0, 2)).toEqual(['started', 'Blocked: go on?']);
  });

  test('a checkpoint is stored as JSON, one after the other, and given back to a later attempt', async () => {
    const desk = new Desk();
    let restored: unknown;
    await desk.run({
      async start(context) {
        restored = context.restored;
        await Promise.all([context.checkpoint({ step: 1 }), context.checkpoint({ step: 2 })]);
        return { state: 'Completed' };
      },
    }, {}, { restored: { step: 0 } }).ended;
    expect([restored, desk.checkpoints]).toEqual([{ step: 0 }, ['{"step":1}', '{"step":2}']]);
  });
});

describe('records of a code run', () => {
  test('keep the order of the calls over all streams, waited for or not', async () => {
    const desk = new Desk();
    await desk.run({
      start({ streams }) {
        void streams.output.write({ a: 1 });
        void streams.warning.write('careful');
        void streams.progress.write({ activity: 'Counting', percent: 50 });
        return { state: 'Completed' };
      },
    }).ended;
    expect(desk.records.map(({ stream, json }) => `${stream} ${json}`)).toEqual(['output {"a":1}', 'warning "careful"', 'progress {"activity":"Counting","percent":50}']);
  });

  test('make the writer wait while there is no room', async () => {
    const desk = new Desk();
    const { promise, resolve } = Promise.withResolvers<void>();
    desk.room = () => promise;
    const run = desk.run({
      async start({ streams }) {
        await streams.output.write(1);
        await streams.output.write(2);
        return { state: 'Completed' };
      },
    });
    await settled();
    expect(desk.records).toHaveLength(1);
    resolve();
    await run.ended;
    expect(desk.records).toHaveLength(2);
  });

  const ring: Record<string, unknown> = {};
  ring['itself'] = ring;
  let deep: unknown = 0;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];

  test.each([
    ['a BigInt', 'output', 1n, 'RecordNotSerializable'],
    ['a cycle', 'output', ring, 'RecordNotSerializable'],
    ['a function', 'output', { run: () => {} }, 'RecordNotSerializable'],
    ['nothing', 'output', undefined, 'RecordNotSerializable'],
    ['no number', 'output', [Number.NaN], 'RecordNotSerializable'],
    ['a map', 'output', new Map(), 'RecordNotSerializable'],
    ['what is nested too deeply', 'output', deep, 'RecordNotSerializable'],
    ['a getter that throws', 'output', { get a() { throw new Error('mine'); } }, 'RecordNotSerializable'],
    ['more than 1 MiB', 'output', 'x'.repeat(1_048_576), 'PluginMessageInvalid'],
    ['a warning that is no text', 'warning', 7, 'PluginMessageInvalid'],
    ['an error without a message', 'error', {}, 'PluginMessageInvalid'],
    ['progress beyond 100', 'progress', { activity: 'a', percent: 101 }, 'PluginMessageInvalid'],
    ['tags that are no texts', 'information', { message: 1, tags: [1] }, 'PluginMessageInvalid'],
  ] as const)('are refused where they are %s, and the run goes on', async (_title, stream, record, code) => {
    const desk = new Desk();
    let refused: unknown;
    const run = desk.run({
      async start({ streams }) {
        await streams[stream].write(record as never).catch((cause: unknown) => (refused = cause));
        await streams.output.write('next');
        return { state: 'Completed' };
      },
    });
    expect(await run.ended).toEqual({ state: 'Completed' });
    expect(refused).toMatchObject({ code });
    expect(desk.records.map(({ json }) => json)).toEqual(['"next"']);
    expect(desk.warnings.map((warning) => warning.code)).toEqual([code]);
  });

  test('take an error as it was thrown', async () => {
    const desk = new Desk();
    await desk.run({ start: async ({ streams }) => (await streams.error.write(Object.assign(new Error('no'), { code: 'Nope', stack: 'here' })), { state: 'Completed' }) }).ended;
    expect(desk.records.map(({ json }) => JSON.parse(json) as unknown)).toEqual([{ message: 'no', code: 'Nope', stack: 'here' }]);
  });

  test('are refused after the end', async () => {
    const desk = new Desk();
    let context: JobContext<unknown> | undefined;
    await desk.run({ start: (given) => ((context = given), { state: 'Completed' }) }).ended;
    await expect(context?.streams.output.write('late')).rejects.toMatchObject({ code: 'StreamClosed' });
    await expect(context?.checkpoint(1)).rejects.toMatchObject({ code: 'StreamClosed' });
    await expect(context?.startChild({ type: 'NoteJob', spec: {} })).rejects.toMatchObject({ code: 'StreamClosed' });
    expect(desk.records).toEqual([]);
  });
});
