import { isDeepStrictEqual } from 'node:util';
import { pause } from '../real-time.ts';
import { must, shown } from '../runner.ts';
import { mustBeOutcome, mustComplete, mustEndStopped, mustStop, type CodeBench, type CodeProperty, type SampleName } from './code-bench.ts';
import type { ExercisedRun } from './exercised-run.ts';
import { changedSurroundings } from './guards.ts';
import { changesSince, newGlobals, ownTemporaryFolder, processState } from './process-state.ts';
import { QUIET } from './subject.ts';
import { eventually } from '../real-time.ts';

/** Lets time pass in which a run may show that it works; `milliseconds` by its clock. */
export async function letPass(run: ExercisedRun, milliseconds: number): Promise<void> {
  for (let step = 0; step < 4; step++) {
    await pause(QUIET / 5);
    run.clock.jump(milliseconds / 4);
  }
  await pause(QUIET / 5);
}

/** What is no work: to look at what an earlier host left, and to make sure that a later one finds something. */
const ACQUIRING: readonly string[] = ['called children()', 'called checkpoint()'];

/** From prepare to the outcome. */
export const beginnings: readonly CodeProperty[] = [
  {
    title: 'prepares a run of its own for each instance',
    async check(bench) {
      const [one, other] = [await bench.sample('completes'), await bench.finished('completes')];
      for (const { witness, end } of [one, other]) must(typeof witness.run === 'object' && witness.run !== null, `prepare() gave back ${shown(witness.run)} (${shown(end?.statusMessage)})`, 'Resolve with a run: { start, [Symbol.asyncDispose] }');
      must(one.witness.run !== other.witness.run, 'prepare() gave two instances the same run', 'Make a new run in prepare(): a type is stateless, everything that an instance owns lives in its run');
    },
  },
  {
    title: 'does no work before it is started',
    async check(bench) {
      for (const name of ['completes', 'runsUntilStopped'] as const) {
        const held = Promise.withResolvers<void>();
        const run = await bench.begin(name, { holdStart: held.promise });
        await run.isPrepared();
        await letPass(run, 10_000);
        const { writes, uses } = run.witness;
        held.resolve();
        const early = [...writes.map(({ stream, phase }) => ({ what: `wrote to ${stream}`, phase })), ...uses.map(({ what, phase }) => ({ what: `called ${what}()`, phase }))].find(({ phase, what }) => (phase === 'preparing' || phase === 'prepared') && !ACQUIRING.includes(what));
        must(early === undefined, `it ${early?.what ?? ''} before start() was called`, 'Only acquire in prepare(): the job is NotStarted until start() is called');
      }
    },
  },
  {
    title: 'ends Completed with the spec that completes',
    async check(bench) {
      mustComplete(await bench.sample('completes'));
    },
  },
  {
    title: 'ends Failed with the spec that fails',
    async check(bench) {
      const { end } = await bench.sample('fails');
      must(end?.state === 'Failed', `with the spec \`fails\` it ended ${end?.state ?? 'in no way'}`, 'Let start() resolve with { state: "Failed", error }, or reject');
    },
  },
  {
    title: 'ends with an outcome that there is, whatever the ending',
    async check(bench) {
      for (const name of ['completes', 'fails'] as const) {
        const run = await bench.sample(name);
        // One that failed to be prepared has no outcome.
        if (run.witness.phase !== 'preparing' && run.witness.settlement !== undefined) mustBeOutcome(run);
      }
      const stopped = await bench.sample('stopped');
      if ('outcome' in (await stopped.settlement(''))) mustBeOutcome(stopped);
    },
  },
  {
    title: 'says why it failed',
    async check(bench) {
      const { end } = await bench.sample('fails');
      must(end?.statusMessage !== undefined && end.statusMessage.trim() !== '' && end.statusMessage !== 'it failed and did not say why', 'it failed without a word', 'Fail with an Error whose message says what went wrong: it is what get-job shows');
    },
  },
  {
    title: 'runs with the spec that runs until it is stopped until it is stopped',
    async check(bench) {
      const run = await bench.beginUntilStopped();
      await letPass(run, 1_000);
      must(run.witness.settlement === undefined, `with the spec \`runsUntilStopped\` start() settled by itself: ${shown(run.witness.settlement)}`, 'Go on until context.signal fires, or give the kit another spec');
      await mustStop(run);
    },
  },
  {
    title: 'leaves its spec and everything else that it is given as they are',
    async check(bench) {
      const given = { environment: { NIGHTSHIFT: '1' }, argumentList: [], secrets: {}, origin: { kind: 'demand', runNow: false } } as const;
      for (const name of ['completes', 'fails'] as const) {
        const spec = await bench.spec(name);
        const [specBefore, before] = structuredClone([spec, given]);
        const run = bench.beginWith(spec, given);
        await run.ended('');
        must(isDeepStrictEqual(spec, specBefore), `it changed its spec from ${shown(specBefore)} to ${shown(spec)}`, 'Copy what you want to change: the next attempt gets the same spec');
        must(isDeepStrictEqual(given, before), `it changed what its context holds to ${shown(given)}`, 'Copy what you want to change: it is the host’s');
      }
    },
  },
  {
    title: 'leaves the variables and the working directory of its process alone',
    async check(bench) {
      const changed = await changedSurroundings(async () => {
        for (const name of ['completes', 'fails'] as const) await bench.finished(name);
      });
      must(changed.length === 0, `it changed ${[...new Set(changed)].join(', ')}`, 'Hand variables and folders to the program that needs them: the process is the host’s, and others may be in it');
    },
  },
];

/** A stop at every moment. */
export const stops: readonly CodeProperty[] = [
  {
    title: 'ends Stopped when it is asked to stop',
    check: async (bench) => mustStop(await bench.beginUntilStopped()),
  },
  {
    title: 'ends Stopped when it was asked to stop just before start() was called',
    async check(bench) {
      const run = await bench.begin('runsUntilStopped', { atStart: ({ supervised }) => void supervised.wish({ is: 'stop', reason: 'shutdown' }) });
      await mustEndStopped(run, ' before start()');
    },
  },
  {
    title: 'is let go, and not started, when it is stopped while it is prepared',
    async check(bench) {
      const run = await bench.begin('runsUntilStopped');
      void run.supervised.wish({ is: 'stop', reason: 'stopped' });
      await run.ended('Let prepare() come to its end, one way or the other, when context.signal fires');
      must(run.witness.settlement === undefined, 'start() was called by somebody though the stop came first', 'Do not call start() from prepare(): that is the host’s to do');
      if (run.witness.run !== undefined) mustBeDisposedOf(run, 'that was never started');
    },
  },
  {
    title: 'minds neither a second stop nor another reason',
    async check(bench) {
      const run = await bench.beginUntilStopped();
      void run.supervised.wish({ is: 'stop', reason: 'overlap' });
      void run.supervised.wish({ is: 'stop', reason: 'timeout' });
      await mustEndStopped(run, ' twice');
      const { settlement } = run.witness;
      const reason = settlement !== undefined && 'outcome' in settlement ? (settlement.outcome as { readonly reason?: unknown }).reason : 'overlap';
      must(reason !== 'timeout', 'it was stopped for the reason "overlap" and says "timeout"', 'The first reason wins: take context.signal.reason');
      must(run.witness.calls.filter(({ call }) => call === 'dispose').length === 1, 'it was not disposed of exactly once', 'Leave it to the host to call [Symbol.asyncDispose]()');
    },
  },
  {
    title: 'can be run again after it was stopped',
    async check(bench) {
      await mustStop(await bench.beginUntilStopped());
      mustComplete(await bench.finished('completes'), 'after another run was stopped');
      const again = await bench.beginUntilStopped();
      await letPass(again, 1_000);
      must(again.witness.settlement === undefined, 'after one run was stopped, the next one ended by itself', 'Keep what tells a run to stop in the run: a type is stateless');
      await mustStop(again);
    },
  },
];

type Ending = readonly [name: string, end: (bench: CodeBench) => Promise<ExercisedRun>, sample?: SampleName];

const ENDINGS: readonly Ending[] = [
  ['that Completed', (bench) => bench.finished('completes'), 'completes'],
  ['that Failed', (bench) => bench.finished('fails'), 'fails'],
  ['that was Stopped', async (bench) => {
    const run = await bench.beginUntilStopped();
    void run.supervised.wish({ is: 'stop', reason: 'stopped' });
    await run.ended('Watch context.signal, and let [Symbol.asyncDispose]() come to its end');
    return run;
  }, 'stopped'],
  ['that was never started', async (bench) => {
    const held = Promise.withResolvers<void>();
    const run = await bench.begin('runsUntilStopped', { holdStart: held.promise });
    await run.isPrepared();
    void run.supervised.wish({ is: 'stop', reason: 'stopped' });
    held.resolve();
    await run.ended('Let [Symbol.asyncDispose]() come to its end although start() was not called');
    return run;
  }],
];

/** What is left when a run is over. */
export const endings: readonly CodeProperty[] = [
  ...ENDINGS.map(([name, end, sample]): CodeProperty => ({
    title: `disposes of a run ${name} once and without failure`,
    check: async (bench) => mustBeDisposedOf(sample === undefined ? await end(bench) : await bench.sample(sample), name),
  })),
  ...ENDINGS.map(([name, end, sample]): CodeProperty => ({
    title: `leaves the process as it found it after a run ${name}`,
    async check(bench) {
      // What is made once for all runs, such as a pool that keeps nobody waiting, is there afterwards.
      if (sample !== undefined) await bench.sample(sample);
      let run = await end(bench);
      using scratch = ownTemporaryFolder();
      const before = processState();
      for (let more = 1; more < ROUNDS; more++) run = await end(bench);
      let changes: readonly string[] = [];
      await eventually(Math.min(bench.patience, 1_000), () => (changes = [...new Set([...changesSince(before, LEAST), ...newGlobals(bench.before)]), ...scratch.left(LEAST)]).length === 0);
      must(changes.length === 0, `after a run ${name} ${changes.join(', and ')}`, 'Release in [Symbol.asyncDispose]() what the run has acquired: timers, sockets, processes, listeners');
      must(run.clock.sleepers === 0, `after a run ${name} somebody still sleeps by context.clock`, 'Give context.clock.sleep() a signal that fires at the end of the run');
    },
  })),
];

function mustBeDisposedOf({ witness }: ExercisedRun, name: string): void {
  const calls = witness.calls.filter(({ call }) => call === 'dispose');
  // A run that never came to be has nothing to let go of.
  if (calls.length === 0 && (typeof witness.run !== 'object' || witness.run === null)) return;
  must(calls.length === 1, `a run ${name} was disposed of ${calls.length} times`, 'Give every run [Symbol.asyncDispose]()');
  must(calls[0]?.isOver === true, `[Symbol.asyncDispose]() of a run ${name} does not come to its end`, 'Wait there for nothing that may never happen: a host gives it 10 s');
  must(calls[0].failure === undefined, `[Symbol.asyncDispose]() of a run ${name} failed: ${shown(calls[0].failure)}`, 'Let it succeed in every ending, also when start() was not called or has released everything itself');
}

/** The test runner has a timer now and then as well: what a run leaves behind, so many leave so many times. */
const ROUNDS = 4;
const LEAST = 2;
