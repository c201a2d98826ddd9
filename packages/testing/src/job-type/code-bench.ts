import type { AnyCodeJobType, RunChildren } from '@nightshift/core';
import { pause } from '../real-time.ts';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { processState, type ProcessState } from './process-state.ts';
import { ExercisedRun, type RunFacts } from './exercised-run.ts';
import { valueOf } from './spec.ts';
import { PATIENCE, QUIET, type JobTypeSubject } from './subject.ts';

/** Which of the subject's specs. */
export type SpecName = 'completes' | 'fails' | 'runsUntilStopped' | 'asks' | 'suspends';

/** Runs that several properties look at. */
export interface Samples {
  readonly runs: Map<SampleName, ExercisedRun>;
  /** The process before the first of them. */
  before?: ProcessState;
}
export type SampleName = 'completes' | 'fails' | 'stopped';

export type CodeProperty = Property<CodeBench>;

/** One code type under test; whatever it has begun is ended with it. */
export class CodeBench {
  readonly type: AnyCodeJobType;
  readonly subject: JobTypeSubject;
  readonly patience: number;
  readonly #children: () => RunChildren;
  /** The process as it was before any run of the type. */
  readonly before: ProcessState;
  readonly #samples: Samples['runs'];
  readonly #runs: ExercisedRun[] = [];

  constructor(subject: JobTypeSubject, children: () => RunChildren, samples: Samples) {
    this.type = subject.type as AnyCodeJobType;
    this.subject = subject;
    this.patience = subject.patience ?? PATIENCE;
    this.#children = children;
    this.before = samples.before ??= processState();
    this.#samples = samples.runs;
  }

  async begin(name: SpecName, facts: RunFacts = {}): Promise<ExercisedRun> {
    return this.beginWith(await this.spec(name), facts);
  }

  beginWith(spec: unknown, facts: RunFacts = {}): ExercisedRun {
    const run = new ExercisedRun(this.type, spec, this.patience, this.#children(), facts);
    this.#runs.push(run);
    return run;
  }

  /** One that has begun and is at work. */
  async beginUntilStopped(name: SpecName = 'runsUntilStopped', facts: RunFacts = {}): Promise<ExercisedRun> {
    const run = await this.begin(name, facts);
    await run.begun();
    return run;
  }

  /** One that has come to its end by itself, with its place in the books. */
  async finished(name: 'completes' | 'fails' | 'asks', facts: RunFacts = {}): Promise<ExercisedRun> {
    const run = await this.begin(name, facts);
    await run.ended(`The spec \`${name}\` must come to its end by itself`);
    return run;
  }

  /** One that has ended, without anything special about it, and is only looked at: the same for every property. */
  async sample(name: SampleName): Promise<ExercisedRun> {
    const known = this.#samples.get(name);
    if (known !== undefined) return known;
    const run = name === 'stopped' ? await this.#stopped() : await this.finished(name);
    this.#samples.set(name, run);
    return run;
  }

  async #stopped(): Promise<ExercisedRun> {
    const run = await this.beginUntilStopped();
    await pause(QUIET);
    await mustStop(run);
    return run;
  }

  /** The validated form of one of the subject's specs; a new one each time. */
  async spec(name: SpecName): Promise<unknown> {
    const { asks = this.subject.completes, suspends = this.subject.runsUntilStopped } = this.subject;
    return valueOf(this.type, structuredClone({ ...this.subject, type: undefined, plugins: undefined, asks, suspends }[name]), name);
  }

  async close(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.abandon()));
  }
}

/** What a run came to by itself: Completed, or what is wrong with it. */
export function mustComplete(run: ExercisedRun, when = 'with the spec `completes`'): void {
  const { state = 'in no way', statusMessage } = run.end ?? {};
  // What a host cannot take has its own remedy, and says it at the end of its sentence.
  const todo = statusMessage?.startsWith('PluginInvalid') === true ? 'Let prepare() resolve with everything that the type declares' : 'Let start() resolve with { state: "Completed" }';
  must(state === 'Completed', `${when} it ended ${state}${statusMessage === undefined ? '' : ` (${shown(statusMessage, 300)})`}`, todo);
}

/** Asks for a stop and looks at how `start()` answers. */
export async function mustStop(run: ExercisedRun, when = ''): Promise<void> {
  void run.supervised.wish({ is: 'stop', reason: 'stopped' });
  await mustEndStopped(run, when);
}

export async function mustEndStopped(run: ExercisedRun, when = ''): Promise<void> {
  const settlement = await run.settlement(`Watch context.signal${when}, look at context.signal.aborted before waiting for it, and let start() resolve when it fires`);
  if ('thrown' in settlement) {
    // What the clock and throwIfAborted() reject with: the reason itself.
    must(settlement.thrown === run.witness.context?.signal.reason, `asked to stop${when}, start() rejected with ${shown(settlement.thrown)}`, 'Resolve with { state: "Stopped", reason: context.signal.reason }: a stop is an ending, not a failure');
  } else {
    const { state } = settlement.outcome as { readonly state?: unknown };
    must(state === 'Stopped', `asked to stop${when}, start() resolved with the state ${shown(state)}`, 'Resolve with { state: "Stopped", reason: context.signal.reason } where the work was cut off');
  }
  await run.ended('Let [Symbol.asyncDispose]() come to its end after a stop too');
}

/** Fails unless an outcome is one of the three. */
export function mustBeOutcome(run: ExercisedRun): void {
  const { settlement } = run.witness;
  if (settlement === undefined) throw wrongly('start() was never called', 'Let prepare() resolve with a run');
  if ('thrown' in settlement) return mustBeError(settlement.thrown, 'start() rejected with');
  const { outcome } = settlement;
  must(typeof outcome === 'object' && outcome !== null, `start() resolved with ${shown(outcome)}`, 'An outcome is a value: { state: "Completed" }, { state: "Failed", error } or { state: "Stopped", reason }');
  const { state, error, reason, exitCode, signal } = outcome as Readonly<Record<string, unknown>>;
  must(state === 'Completed' || state === 'Failed' || state === 'Stopped', `start() resolved with the state ${shown(state)}`, 'A run ends Completed, Failed or Stopped; every other state is the host’s');
  if (state === 'Failed') mustBeError(error, 'the outcome is Failed and its `error` is');
  if (state === 'Stopped') must(typeof reason === 'string' && reason !== '', `the outcome is Stopped and its \`reason\` is ${shown(reason)}`, 'Give the reason as a text: context.signal.reason');
  must(exitCode === undefined || (Number.isInteger(exitCode) && (exitCode as number) >= 0), `the outcome has the exit code ${shown(exitCode)}`, 'An exit code is a whole number from 0 on, or left out');
  must(signal === undefined || typeof signal === 'string', `the outcome has the signal ${shown(signal)}`, 'A signal is a text such as SIGTERM, or left out');
}

function mustBeError(thrown: unknown, where: string): void {
  const message: unknown = (thrown as { readonly message?: unknown } | null | undefined)?.message;
  must(thrown instanceof Error || typeof (thrown as { readonly stack?: unknown } | null)?.stack === 'string', `${where} ${shown(thrown)}, which is no Error`, 'Use an Error, so that there is a message and a stack to read at three in the morning');
  must(typeof message === 'string' && message.trim() !== '', `${where} an Error without a message`, 'Say what went wrong: the message is what get-job shows');
}
