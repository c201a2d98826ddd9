import { isDeepStrictEqual } from 'node:util';
import type { CodeRunWish } from '@nightshift/core';
import type { Capabilities, ReattachToken, StopReason } from '@nightshift/sdk';
import { LATE, pause, settled, within } from '../real-time.ts';
import { must, shown, wrongly } from '../runner.ts';
import { mustBeOutcome, mustComplete, mustEndStopped, mustStop, type CodeBench, type CodeProperty, type SpecName } from './code-bench.ts';
import type { ExercisedRun } from './exercised-run.ts';
import { letPass } from './life.ts';
import { QUIET } from './subject.ts';
import { countsOf } from './records.ts';

/** What each capability promises of a run. */
const MEMBERS: Readonly<Partial<Record<keyof Capabilities, readonly string[]>>> = {
  suspend: ['suspend', 'resume'],
  kill: ['kill'],
  reattach: ['token'],
  input: ['unblock'],
};

/** Who implements more than is declared has forgotten to declare it. */
export function undeclared(capability: keyof Capabilities): CodeProperty {
  return {
    title: `does not implement ${capability}, which it does not declare`,
    async check(bench) {
      must(capability !== 'reattach' || typeof bench.type.reattach !== 'function', 'the type has reattach() and does not declare the capability reattach', 'Declare `reattach: true`, or leave the method out');
      const { witness } = await bench.sample('completes');
      const found = MEMBERS[capability]?.find((member) => (witness.run as Record<string, unknown> | undefined)?.[member] !== undefined);
      must(found === undefined, `its runs have \`${found ?? ''}\` and the type does not declare the capability ${capability}`, `Declare \`${capability}: true\`, or leave \`${found ?? ''}\` out: hosts go by what is declared`);
    },
  };
}

async function wished(run: ExercisedRun, wish: CodeRunWish): Promise<void> {
  try {
    await run.supervised.wish(wish);
  } catch (thrown) {
    throw wrongly(`${wish.is}() failed: ${shown(thrown)}`, 'Let it succeed whenever the run is in a state for it: the capability is a promise');
  }
}

async function suspend(bench: CodeBench, run: ExercisedRun): Promise<void> {
  const done = await within(bench.patience, wished(run, { is: 'suspend', reason: 'exercise' }));
  must(done !== LATE, `suspend() did not resolve within ${bench.patience} ms`, 'Resolve when nothing moves any more; give the kit a spec `suspends` where that takes longer');
  must(run.witness.settlement === undefined, `suspended, start() settled: ${shown(run.witness.settlement)}`, 'Hold still, and go on after resume(): a suspended run has not ended');
}

async function resume(bench: CodeBench, run: ExercisedRun): Promise<void> {
  const done = await within(bench.patience, wished(run, { is: 'resume', reason: 'exercise' }));
  must(done !== LATE, `resume() did not resolve within ${bench.patience} ms`, 'Resolve when work goes on, not when it is done');
}

const suspending: readonly CodeProperty[] = [
  {
    title: 'stands still while it is suspended, and can be stopped after it was resumed',
    async check(bench) {
      const run = await bench.beginUntilStopped('suspends');
      await letPass(run, 1_000);
      await suspend(bench, run);
      await pause(QUIET);
      const before = activity(run);
      await letPass(run, 3_600_000);
      must(activity(run) === before, `while it was suspended it went on: ${activity(run) - before} more records, checkpoints or children`, 'Resolve suspend() only when nothing moves any more, and begin nothing until resume()');
      await resume(bench, run);
      await letPass(run, 1_000);
      must(run.witness.settlement === undefined, `resumed, it ended by itself: ${shown(run.witness.settlement)}`, 'Go on with the work where it stood');
      await mustStop(run, ' after resume()');
    },
  },
  {
    title: 'can be stopped while it is suspended',
    async check(bench) {
      const run = await bench.beginUntilStopped('suspends');
      await suspend(bench, run);
      await mustStop(run, ' while it was suspended');
    },
  },
  {
    title: 'can be suspended again after it was resumed',
    async check(bench) {
      const run = await bench.beginUntilStopped('suspends');
      for (let round = 0; round < 2; round++) {
        await suspend(bench, run);
        await resume(bench, run);
      }
      const refused = run.witness.calls.find(({ failure }) => failure !== undefined);
      must(refused === undefined, `${refused?.call ?? ''}() failed the second time: ${shown(refused?.failure)}`, 'Let suspend() and resume() be called as often as somebody wishes');
      await mustStop(run);
    },
  },
  {
    title: 'does what it would have done without having been suspended',
    async check(bench) {
      const whole = await bench.sample('completes');
      let suspended: Promise<void> | undefined;
      const run: ExercisedRun = await bench.begin('completes', {
        // The record has no room before suspend() was called: the next one is behind it.
        room: async () => {
          if (suspended !== undefined) return;
          suspended = pause(0).then(() => void run.supervised.wish({ is: 'suspend', reason: 'exercise' }).catch(() => {}));
          await suspended;
          await settled();
        },
        ...(whole.records.length === 0 ? { atStart: ({ supervised }) => void (suspended = supervised.wish({ is: 'suspend', reason: 'exercise' }).catch(() => {})) } : {}),
      });
      await Promise.race([run.reaches('Suspended'), run.supervised.ended]);
      await suspended;
      // Whoever is to be held back has come to where it is held.
      await letPass(run, 1_000);
      await resume(bench, run);
      await run.ended('Go on after resume() and come to the end');
      mustComplete(run, 'suspended after its first record and resumed');
      must(isDeepStrictEqual(countsOf(run), countsOf(whole)), `suspended and resumed it wrote ${shown(countsOf(run))} records, without that ${shown(countsOf(whole))}`, 'Go on where the work stood: nothing is done twice and nothing is left out');
    },
  },
];

function activity({ records, checkpoints, witness }: ExercisedRun): number {
  return records.length + checkpoints.length + witness.uses.filter(({ what }) => what === 'startChild').length;
}

/** Milliseconds in which kill() and the end after it have to come. */
const KILL = 2_000;

const killing: readonly CodeProperty[] = [
  {
    title: 'ends by kill() alone, and settles soon after',
    async check(bench) {
      const run = await bench.beginUntilStopped();
      const killed = Promise.resolve((run.witness.run as { kill(reason: StopReason): unknown }).kill('stopped'));
      await mustDie(bench, run, killed);
    },
  },
  {
    title: 'can be killed after it was asked to stop',
    async check(bench) {
      const run = await bench.beginUntilStopped();
      void run.supervised.wish({ is: 'stop', reason: 'stopped' });
      await mustDie(bench, run, Promise.resolve((run.witness.run as { kill(reason: StopReason): unknown }).kill('stopped')));
    },
  },
];

async function mustDie(bench: CodeBench, run: ExercisedRun, killed: Promise<unknown>): Promise<void> {
  const limit = Math.min(KILL, bench.patience);
  const answered = await within(limit, killed.then(() => undefined, (thrown: unknown) => ({ thrown })));
  must(answered === undefined || answered === LATE, `kill() failed: ${shown((answered as { readonly thrown?: unknown } | undefined)?.thrown)}`, 'Let kill() succeed whatever the run is doing, also when it is about to end by itself');
  must(answered !== LATE, `kill() did not resolve within ${limit} ms`, 'End at once, without tidying up: a host gives it 2 s');
  const settled = await within(limit, run.witness.settled.promise);
  must(settled !== LATE, `start() did not settle within ${limit} ms of kill()`, 'Let kill() make start() settle');
  if ('outcome' in (run.witness.settlement as object)) mustBeOutcome(run);
  await run.ended('Let [Symbol.asyncDispose]() come to its end after kill()');
}

const persisting: readonly CodeProperty[] = [
  {
    title: 'completes with what a store has kept of it',
    async check(bench) {
      const kept = JSON.stringify(bench.subject.completes);
      must(kept !== undefined && isDeepStrictEqual(JSON.parse(kept), bench.subject.completes), `the spec \`completes\` does not survive JSON: ${shown(kept)}`, 'Let a spec of a type that can be kept be plain data');
      mustComplete(await bench.finished('completes', { instance: { id: 8, instanceId: '019b7600-0000-7000-8000-000000000008', name: 'Nightly', attempt: 2 } }), 'as a second attempt');
    },
  },
  {
    title: 'completes as a job that a trigger started',
    async check(bench) {
      mustComplete(await bench.finished('completes', { origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(Date.UTC(2026, 0, 1)), catchUp: true } }), 'started by a trigger');
    },
  },
];

const LONGEST_TOKEN = 4_096;

const reattaching: readonly CodeProperty[] = [
  {
    title: 'gives each run a token of its own by which another host finds it',
    async check(bench) {
      const [one, other] = [await bench.beginUntilStopped(), await bench.beginUntilStopped()];
      for (const { witness } of [one, other]) {
        const token = witness.tokenAtFirst;
        must(typeof token === 'string' && token !== '' && token.length <= LONGEST_TOKEN, `the token is ${shown(token, 40)}`, `Give a text of 1 to ${LONGEST_TOKEN} characters, there when prepare() resolves`);
      }
      must(tokenOf(one) === one.witness.tokenAtFirst, 'the token of a run changes', 'Make it in prepare(): a host stores it once');
      must(tokenOf(one) !== tokenOf(other), 'two runs have the same token', 'Let the token name the one run that it belongs to');
      await Promise.all([mustStop(one), mustStop(other)]);
    },
  },
  {
    title: 'is taken up by another host, goes on, and can be stopped there',
    async check(bench) {
      const first = await bench.beginUntilStopped();
      const second = await bench.beginUntilStopped('runsUntilStopped', { token: tokenOf(first) });
      await letPass(second, 1_000);
      must(second.witness.settlement === undefined, `taken up again, it ended by itself: ${shown(second.witness.settlement)}`, 'Let reattach() find the work by its token, and start() wait for its end');
      await mustStop(second, ' after reattach()');
    },
  },
  {
    title: 'refuses to take up what is not there',
    async check(bench) {
      const run = await bench.begin('runsUntilStopped', { token: 'there is no such run' as ReattachToken });
      const end = await run.ended('Let reattach() reject soon where there is nothing to take up');
      must(end.state === 'Failed', `with a token of nobody it ended ${end.state}`, 'Let reattach() reject with an Error: Failed is the truth where the work is gone');
    },
  },
];

function tokenOf({ witness }: ExercisedRun): ReattachToken {
  return (witness.run as { readonly token: ReattachToken }).token;
}

const asking: readonly CodeProperty[] = [
  {
    title: 'becomes Blocked, and goes on when it is answered',
    async check(bench) {
      const { run, name } = await begunAsking(bench);
      const { answer = 'yes' } = bench.subject;
      const answered = await within(bench.patience, wished(run, { is: 'unblock', input: answer }));
      must(answered !== LATE, `unblock() did not resolve within ${bench.patience} ms`, 'Resolve when the answer is taken, not when the work is done');
      if (name === 'runsUntilStopped') return mustStop(run, ' after the answer');
      await run.ended('Go on when unblock() was called, and come to the end');
      mustComplete(run, `answered ${shown(answer)}`);
    },
  },
  {
    title: 'can be stopped while it is Blocked',
    async check(bench) {
      const { run } = await begunAsking(bench);
      void run.supervised.wish({ is: 'stop', reason: 'stopped' });
      await mustEndStopped(run, ' while it was Blocked');
    },
  },
];

/** One that waits for an answer. */
async function begunAsking(bench: CodeBench): Promise<{ readonly run: ExercisedRun; readonly name: SpecName }> {
  for (const name of bench.subject.asks === undefined ? (['completes', 'runsUntilStopped'] as const) : (['asks'] as const)) {
    const run = await bench.beginUntilStopped(name);
    if (await run.reaches('Blocked')) return { run, name };
    await run.abandon();
  }
  throw wrongly('the type declares input, and none of its runs became Blocked', 'Call context.blocked(prompt) with the spec `asks`, or leave the capability out');
}

/** What proves each capability; `triggers` has nothing of its own that a run could show, and belongs to delegate types. */
export const proofs: Readonly<Record<keyof Capabilities, readonly CodeProperty[]>> = {
  suspend: suspending,
  kill: killing,
  persist: persisting,
  reattach: reattaching,
  input: asking,
  triggers: [{ title: 'completes as what a trigger of its definition starts', check: async (bench) => mustComplete(await bench.finished('completes', { origin: { kind: 'trigger', triggerId: '1', dueAt: new Date(Date.UTC(2026, 0, 1)), catchUp: false } })) }],
};
