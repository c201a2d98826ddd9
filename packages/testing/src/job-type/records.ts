import { isDeepStrictEqual } from 'node:util';
import type { StreamName } from '@nightshift/sdk';
import { pause } from '../real-time.ts';
import { CANARY, withCanaries, withGuards } from './guards.ts';
import { must, shown } from '../runner.ts';
import { mustComplete, mustStop, type CodeProperty, type SampleName } from './code-bench.ts';
import type { ExercisedRun } from './exercised-run.ts';
import { letPass } from './life.ts';
import { QUIET } from './subject.ts';

/** Records for which nobody has found room yet, and which one run may have at a time: each of its branches waits for its own. */
const AT_A_TIME = 64;

const SAMPLES: readonly SampleName[] = ['completes', 'fails', 'stopped'];

/** What a run writes, and when. */
export const records: readonly CodeProperty[] = [
  {
    title: 'writes only records that their streams take and that JSON keeps',
    async check(bench) {
      for (const name of SAMPLES) {
        const run = await bench.sample(name);
        for (const { stream, value, answer } of run.witness.writes) {
          const { code, message } = (answer instanceof Error ? answer : {}) as { readonly code?: string; readonly message?: string };
          if (code !== 'StreamClosed') must(!(answer instanceof Error), `a record of the stream ${stream} was refused: ${message}`, 'Write what the stream takes: any JSON value to output, text to warning, verbose and debug, { message } to error and information, { activity } to progress');
          const lost = lostInJson(value);
          must(lost === undefined, `a record of the stream ${stream} does not survive JSON: ${lost}`, 'Write plain values: text for a date, a list for a set, nothing with methods');
        }
      }
    },
  },
  {
    title: 'has waited for its records when it ends',
    async check(bench) {
      const run = await bench.begin('completes', { room: () => pause(5) });
      await run.ended('The spec `completes` must come to its end by itself, with a slow reader too');
      must(run.witness.unacceptedAtEnd === 0, `start() settled while ${run.witness.unacceptedAtEnd} of its records were not accepted yet`, 'Await every write(): it is the back-pressure, and the end comes after the last record');
      mustComplete(run, 'with a slow reader');
    },
  },
  {
    title: 'has waited for its checkpoints when it ends',
    async check(bench) {
      const run = await bench.begin('completes', { storing: () => pause(5) });
      await run.ended('The spec `completes` must come to its end by itself, with a slow store too');
      must(run.witness.unstoredAtEnd === 0, `start() settled while ${run.witness.unstoredAtEnd} of its checkpoints were not stored yet`, 'Await every checkpoint() before the work goes on: what is not stored is lost with the host');
    },
  },
  {
    title: 'does not end Completed behind an error that it calls terminating',
    async check(bench) {
      const { end, witness } = await bench.sample('completes');
      const terminating = witness.writes.find(({ stream, value }) => stream === 'error' && (value as { readonly terminating?: unknown } | null)?.terminating === true);
      must(end?.state !== 'Completed' || terminating === undefined, `it wrote the terminating error ${shown(terminating?.value)} and ended Completed`, 'Leave `terminating` out of an error that ends nothing, or end Failed');
    },
  },
  {
    title: 'waits for a reader who has no room',
    async check(bench) {
      for (const name of ['completes', 'runsUntilStopped'] as const) {
        const full = Promise.withResolvers<void>();
        const run = await bench.begin(name, { room: () => full.promise });
        await run.begun();
        await letPass(run, 10_000);
        const { waiting } = run.witness;
        full.resolve();
        must(waiting <= AT_A_TIME, `it wrote ${waiting} records though there was no room for the first`, 'Await every write(): whoever does not fills the memory of the host');
        if (name === 'runsUntilStopped') await mustStop(run, ' while it writes');
      }
    },
  },
  {
    title: 'writes nothing and asks for nothing after its end',
    async check(bench) {
      for (const name of SAMPLES) {
        const run = await bench.sample(name);
        await letPass(run, 60_000);
        must(run.witness.settlements <= 1, `start() settled ${run.witness.settlements} times`, 'Settle once: the first end counts');
        const write = run.witness.writes.find(({ phase }) => phase === 'settled' || phase === 'disposed');
        must(write === undefined, `it wrote ${shown(write?.value)} to ${write?.stream ?? ''} after start() had settled`, 'Let start() settle when all work is done: later records are refused with StreamClosed');
        const use = run.witness.uses.find(({ phase }) => phase === 'settled' || phase === 'disposed');
        must(use === undefined, `it called ${use?.what ?? ''}() after start() had settled`, 'Let start() settle when all work is done');
      }
    },
  },
  {
    title: 'goes on from each of its checkpoints',
    async check(bench) {
      const whole = await bench.sample('completes');
      const refused = whole.witness.uses.find(({ what, refusal }) => what === 'checkpoint' && refusal !== undefined);
      must(refused === undefined, `a checkpoint was refused: ${shown((refused?.refusal as Error | undefined)?.message)}`, 'Store a JSON value');
      for (const value of whole.witness.checkpoints) {
        const lost = lostInJson(value);
        must(lost === undefined, `a checkpoint does not survive JSON: ${lost}`, 'Store plain values: what is restored is what JSON made of it');
      }
      for (const checkpoint of new Set(whole.checkpoints)) {
        const again = await bench.finished('completes', { restored: JSON.parse(checkpoint) as unknown });
        mustComplete(again, `with the checkpoint ${shown(checkpoint)} as context.restored`);
      }
    },
  },
  {
    title: 'does not do again, where another host takes it up, what was done at its last checkpoint',
    async check(bench) {
      const whole = await bench.sample('completes');
      const done = outputsOf(whole, whole.recordsAtCheckpoint);
      if (done.length === 0) return;
      const again = await bench.finished('completes', { restored: JSON.parse(whole.checkpoints.at(-1) as string) as unknown });
      must(!isDeepStrictEqual(outputsOf(again), outputsOf(whole)), `with its last checkpoint as context.restored it wrote all of its output again: ${shown(outputsOf(again))}`, 'Go on behind the checkpoint: another host, or another attempt, takes the job up there');
    },
  },
];

/** Every secret that a run asks for has a value that can be recognised. */
const SECRETS: Readonly<Record<string, string>> = new Proxy<Record<string, string>>({ TOKEN: `${CANARY}TOKEN` }, {
  get: (target, key) => (typeof key === 'string' ? `${CANARY}${key}` : (Reflect.get(target, key) as string)),
});

/** Whether one run leaves something behind that another one finds. */
export const independence: readonly CodeProperty[] = [
  {
    title: 'keeps the secrets that it is given to itself',
    async check(bench) {
      for (const name of ['completes', 'fails'] as const) {
        const run = await withCanaries(() => bench.finished(name, { secrets: SECRETS }));
        const leak = [...run.records.map(({ json }) => json), ...run.checkpoints, JSON.stringify(run.end)].find((text) => text.includes(CANARY));
        must(leak === undefined, `the value of a secret stands in ${shown(leak)}`, 'Never write, store or log a secret: records and messages are kept and shown');
      }
    },
  },
  {
    title: 'goes by the clock of its context',
    async check(bench) {
      const { passedBy } = await withGuards(async () => {
        for (const name of ['completes', 'fails'] as const) await bench.finished(name);
        const stopped = await bench.beginUntilStopped();
        await pause(QUIET);
        await mustStop(stopped);
      });
      const [timer] = passedBy;
      must(timer === undefined, `it called ${timer ?? ''}()`, 'Use context.clock, which a test can move: clock.sleep(milliseconds, signal) and clock.now()');
    },
  },
  {
    title: 'keeps nothing between one run and the next',
    async check(bench) {
      const runs = [await bench.finished('completes'), await bench.finished('completes'), await bench.finished('completes')];
      runs.forEach((run, index) => mustComplete(run, `the ${['first', 'second', 'third'][index]} time`));
      const [first, second, third] = runs as [ExercisedRun, ExercisedRun, ExercisedRun];
      for (const other of [second, third]) mustHaveWrittenTheSame(first, other, 'run again');
      const counter = countingRecord(first, second, third);
      must(counter === undefined, `a number in its records goes on counting from run to run: ${counter}`, 'Keep what you count in the run: a type is stateless, and the next run may be in another process');
      const gathered = gatheringRecord(first, second, third);
      must(gathered === undefined, `a list in its records grows from run to run: ${gathered}`, 'Keep what you gather in the run: a type is stateless, and no run sees what another has done');
    },
  },
  {
    title: 'does not mix up two runs at the same time',
    async check(bench) {
      const alone = await bench.sample('completes');
      const going = await bench.beginUntilStopped();
      const [one, other] = await Promise.all([bench.finished('completes'), bench.finished('completes')]);
      for (const run of [one, other]) {
        mustComplete(run, 'beside another run');
        mustHaveWrittenTheSame(alone, run, 'run beside another');
      }
      await letPass(going, 1_000);
      must(going.witness.settlement === undefined, 'a run ended by itself while others of its type came to their end', 'Keep everything that an instance owns in its run');
      const second = await bench.beginUntilStopped();
      await mustStop(going, ' beside another run');
      await letPass(second, 1_000);
      must(second.witness.settlement === undefined, 'one run was asked to stop, and another ended', 'Listen to the signal of the run’s own context');
      await mustStop(second);
    },
  },
  {
    title: 'asks its host for nothing that it has not declared',
    async check(bench) {
      const needs = { blocked: 'input', requestSuspend: 'suspend', disconnected: 'reattach', reconnected: 'reattach' } as const;
      for (const name of SAMPLES) {
        const { witness } = await bench.sample(name);
        for (const { what } of witness.uses) {
          const capability = needs[what as keyof typeof needs] as (typeof needs)[keyof typeof needs] | undefined;
          must(capability === undefined || bench.type.capabilities[capability] === true, `it called ${what}() and does not declare the capability ${capability}`, `Declare \`${capability}\`, or do without`);
        }
      }
    },
  },
];

function outputsOf({ records: written }: ExercisedRun, count = written.length): readonly string[] {
  return written.slice(0, count).filter(({ stream }) => stream === 'output').map(({ json }) => json);
}

function mustHaveWrittenTheSame(one: ExercisedRun, other: ExercisedRun, when: string): void {
  const [first, second] = [countsOf(one), countsOf(other)];
  must(isDeepStrictEqual(first, second), `it wrote ${shown(first)} records, and ${when} ${shown(second)}`, 'Keep everything that an instance owns in its run, and let the spec alone say what happens');
}

/** Streams that say what was done; what the others say of how it went may differ. */
const TELLING: readonly StreamName[] = ['output', 'error', 'warning'];

/** How many records of each stream that tells. */
export function countsOf({ records: written }: ExercisedRun): Partial<Record<StreamName, number>> {
  const counts: Partial<Record<StreamName, number>> = {};
  for (const { stream } of written) if (TELLING.includes(stream)) counts[stream] = (counts[stream] ?? 0) + 1;
  return counts;
}

/** A record that differs only by small numbers which grow by the same from run to run: no time and no process does. */
function countingRecord(first: ExercisedRun, second: ExercisedRun, third: ExercisedRun): string | undefined {
  for (const [index, { json }] of first.records.entries()) {
    const all = [json, second.records[index]?.json ?? '', third.records[index]?.json ?? ''];
    const numbers = all.map((text) => text.match(/\d+/g) ?? []);
    const [texts] = [new Set(all.map((text) => text.replace(/\d+/g, '#')))];
    if (texts.size > 1) continue;
    const grows = numbers[0]?.findIndex((_, place) => isCounted(numbers.map((list) => Number(list[place])))) ?? -1;
    if (grows !== -1) return all.map((text) => shown(text, 40)).join(', ');
  }
  return undefined;
}

/** A record with a list that begins, from run to run, with what it was, and has as much more at its end. */
function gatheringRecord(first: ExercisedRun, second: ExercisedRun, third: ExercisedRun): string | undefined {
  for (const [index, { json }] of first.records.entries()) {
    const lists = [json, second.records[index]?.json ?? 'null', third.records[index]?.json ?? 'null'].map((text) => listsOf(JSON.parse(text)));
    const [one = [], other = [], last = []] = lists;
    const place = one.findIndex((list, at) => isGathered(list, other[at] ?? [], last[at] ?? []));
    if (place !== -1) return lists.map((all) => shown(all[place], 40)).join(', ');
  }
  return undefined;
}

function listsOf(value: unknown): readonly (readonly unknown[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [value] : []), ...Object.values(value).flatMap(listsOf)];
}

function isGathered(one: readonly unknown[], other: readonly unknown[], last: readonly unknown[]): boolean {
  const grows = one.length > 0 && other.length > one.length && other.length - one.length === last.length - other.length;
  return grows && isDeepStrictEqual(other.slice(0, one.length), one) && isDeepStrictEqual(last.slice(0, other.length), other);
}

function isCounted([one = 0, other = 0, last = 0]: readonly number[]): boolean {
  return last <= 200 && other > one && other - one === last - other;
}

/** What of a value JSON would change, in words. */
function lostInJson(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 100) return undefined;
  if (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)) {
    for (const member of Object.values(value)) {
      const lost = lostInJson(member, depth + 1);
      if (lost !== undefined) return lost;
    }
    return undefined;
  }
  const json = JSON.stringify(value);
  return `a ${Object.prototype.toString.call(value).slice(8, -1)} becomes ${shown(json, 40)}`;
}

