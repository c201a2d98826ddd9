import { deepStrictEqual } from 'node:assert/strict';
import type { Engine, EngineFeatures } from '@nightshift/sdk';
import type { EngineBench, EngineNeed, EngineProperty, ExercisedEngine } from './engine/bench.ts';
import { clocks } from './engine/clocks.ts';
import { dueTimes } from './engine/due-times.ts';
import { firings } from './engine/firings.ts';
import { leases } from './engine/leases.ts';
import { output } from './engine/output.ts';
import { queue } from './engine/queue.ts';
import { together } from './engine/together.ts';
import { wishes } from './engine/wishes.ts';
import { skip, type TestRunner } from './runner.ts';

/**
 * An engine that is put to the test. The store of instances has a kit of its own. An engine with a queue is opened with a
 * short lease, of half a second or so: the kit waits for some of them to run out.
 */
export interface EngineSubject<Opened extends ExercisedEngine = Engine> {
  /** Its parts beyond the firings and their instances. Others are listed as skipped. Default: none. */
  readonly has?: readonly ('queue' | 'output')[];
  /** What it claims; what needs more is listed as skipped, and an engine that says otherwise of itself fails. Default: nothing. */
  readonly features?: EngineFeatures;
  /** A new and empty one, for each test. */
  open(): Promise<Opened>;
  /** The same engine as a host on another machine meets it. Default: nobody else is there, and all that several do is done by one. */
  another?(engine: Opened): Promise<Opened>;
  /** The same engine as it is found after a crash: nobody says goodbye. Default: the crash cases are listed as skipped. */
  reopen?(engine: Opened): Promise<Opened>;
  /** Lets every change of an entry of the queue fail, until the answer is called. Default: what fails half way is listed as skipped. */
  jam?(engine: Opened): Promise<() => Promise<void>>;
  /** Called with every engine that was opened, at the end of its test. Default: nothing is done. */
  close?(engine: Opened): Promise<void>;
}

export type { ExercisedEngine } from './engine/bench.ts';

const CHAPTERS: Readonly<Record<string, readonly EngineProperty[]>> = {
  'a decision': firings,
  'a clock': clocks,
  'a due time': dueTimes,
  'the output of a run': output,
  'a queue': queue,
  'a lease': leases,
  'a wish': wishes,
  'in one step': together,
};

/** The full suite against one engine. Every property is a test of its own, on an engine of its own. */
export function exerciseEngine<Opened extends ExercisedEngine>(runner: TestRunner, subject: EngineSubject<Opened>): void {
  for (const [chapter, properties] of Object.entries(CHAPTERS)) {
    runner.describe(chapter, () => {
      for (const property of properties) {
        const missing = property.needs?.find((need) => !isThere(subject, need));
        if (missing !== undefined) skip(runner, `${property.title}: ${WHY[missing]}`);
        else runner.test(property.title, () => checkOn(subject, property));
      }
    });
  }
  runner.describe('the features of an engine', () => {
    runner.test('are those that it claims', () => checkOn(subject, { title: '', check: ({ engine }) => deepStrictEqual((engine as ExercisedEngine).features, subject.features) }));
  });
}

const WHY: Readonly<Record<EngineNeed, string>> = {
  queue: 'it has no queue',
  output: 'it has no output',
  another: 'no `another` was given',
  reopen: 'no `reopen` was given, or it does not claim to be durable',
  jam: 'no `jam` was given',
};

function isThere<Opened extends ExercisedEngine>({ has = [], features, ...subject }: EngineSubject<Opened>, need: EngineNeed): boolean {
  if (need === 'queue' || need === 'output') return has.includes(need);
  return subject[need] !== undefined && (need !== 'reopen' || features?.durable !== false);
}

async function checkOn<Opened extends ExercisedEngine>(subject: EngineSubject<Opened>, property: EngineProperty): Promise<void> {
  const opened: Opened[] = [];
  const keep = async (opening: Promise<Opened>): Promise<Engine> => {
    const engine = await opening;
    opened.push(engine);
    // What a property needs of it was asked for: the subject has it.
    return engine as unknown as Engine;
  };
  try {
    const first = await keep(subject.open());
    const [subjectOf] = opened as [Opened];
    let other: Promise<Engine> | undefined;
    const bench: EngineBench = {
      engine: first,
      another: () => (other ??= subject.another === undefined || subject.features?.shared === false ? Promise.resolve(first) : keep(subject.another(subjectOf))),
      reopen: () => keep((subject.reopen as NonNullable<typeof subject.reopen>)(subjectOf)),
      jam: () => (subject.jam as NonNullable<typeof subject.jam>)(subjectOf),
    };
    await property.check(bench);
  } finally {
    for (const engine of opened) await subject.close?.(engine);
  }
}
