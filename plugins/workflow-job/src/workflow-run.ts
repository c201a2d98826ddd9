/**
 * One run of a workflow. All that decides is elsewhere (plan.ts, judge.ts); here is one loop that alone changes what is
 * known, so that each step's end is in a checkpoint before anything that follows from it begins.
 *
 * After the death of its host a run is taken up by another one: what the last checkpoint says is so, and of the steps that
 * it does not speak of the host has children or they have not begun.
 */
import { join } from 'node:path';
import type { ChildJob, JobContext, JobOutcome, JobRun, StopReason } from '@nightshift/sdk';
import { type Bell, newBell } from './bell.ts';
import { fromStored, type Remembered, toStored, withoutFailures } from './checkpoint.ts';
import { isMarkedFailed, markFailed, unmark } from './failed-mark.ts';
import { CHECKPOINT_VARIABLE, MOST_OF_ALL, readHandedOn, sizeOf } from './handed-on.ts';
import { judge } from './judge.ts';
import { type Known, outcomeOf, type Over, type Plan, plan, type Values, valuesFor } from './plan.ts';
import type { WorkflowSpec } from './spec.ts';
import type { Step, StepJob } from './step.ts';

/** A child of ours that has not been accounted for. */
interface Running {
  readonly child: ChildJob;
  /** Where it stands among the children of its step, from 1: its file is called by it. */
  readonly ordinal: number;
  readonly isFromBefore: boolean;
}

interface End extends Running {
  readonly step: Step;
  readonly outcome: JobOutcome;
}

export class WorkflowRun {
  readonly #context: JobContext<WorkflowSpec>;
  readonly #known: Map<string, Known>;
  /** By name of the step: how many of its children are accounted for. */
  readonly #children: Map<string, number>;
  /** By name of the step: its newest child. */
  readonly #ids = new Map<string, number>();
  readonly #running = new Map<string, Running>();
  readonly #ends: End[] = [];
  readonly #bell: Bell = newBell();
  readonly #disposed = new AbortController();
  #isHeld = false;
  #isKilled = false;
  #hasFailed = false;
  /** Told when nothing moves any more. */
  #stillness: (() => void)[] = [];

  constructor(context: JobContext<WorkflowSpec>, { known, children }: Remembered) {
    this.#context = context;
    this.#known = new Map(known);
    this.#children = new Map(children);
    context.signal.addEventListener('abort', this.#bell.ring, { signal: this.#disposed.signal });
  }

  async start(): Promise<JobOutcome> {
    await this.#adopt();
    for (;;) {
      await this.#accountForEnds();
      if (this.#isKilled || this.#context.signal.aborted) return this.#stop();
      if (this.#isHeld) {
        if (this.#running.size === 0) this.#tellStillness();
        await this.#bell.heard();
        continue;
      }
      const next = plan(this.#context.spec, this.#known, this.#context.clock.monotonic());
      if (next.isOver) return this.#over();
      if (!(await this.#follow(next))) await this.#wait(next.nextDueAt);
    }
  }

  /** Steps that run end first; a pause between two tries ends at once. */
  suspend(): Promise<void> {
    this.#isHeld = true;
    this.#bell.ring();
    return new Promise((resolve) => this.#stillness.push(resolve));
  }

  async resume(): Promise<void> {
    this.#isHeld = false;
    this.#bell.ring();
  }

  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#bell.ring();
  }

  /** By now the end is in the books: what comes after it is another attempt, and not the rest of this one. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    this.#tellStillness();
    if (this.#hasFailed) markFailed(this.#context);
  }

  #over(): JobOutcome {
    const outcome = outcomeOf(this.#context.spec, this.#known);
    this.#hasFailed = outcome.state === 'Failed';
    return outcome;
  }

  /** Children of earlier hosts go on, or have ended meanwhile: none is started twice. */
  async #adopt(): Promise<void> {
    const counted = new Map<string, number>();
    const { spec, children } = this.#context;
    for await (const child of children.call(this.#context)) {
      const step = spec.steps.find(({ name }) => name === child.name);
      if (step === undefined) continue;
      const ordinal = (counted.get(step.name) ?? 0) + 1;
      counted.set(step.name, ordinal);
      this.#ids.set(step.name, child.id);
      if (!spec.checkpoint) await child.stop('parent');
      else if (ordinal > (this.#children.get(step.name) ?? 0)) this.#watch(step, { child, ordinal, isFromBefore: true });
    }
    if (!spec.checkpoint) for (const [name, count] of counted) this.#children.set(name, count);
  }

  #watch(step: Step, running: Running): void {
    this.#running.set(step.name, running);
    const failures = this.#failuresOf(step);
    this.#known.set(step.name, { is: 'running', ...(failures === 0 ? {} : { failures }) });
    void this.#awaitEnd(step, running);
  }

  /** Settling never throws: a failed child is an outcome. */
  async #awaitEnd(step: Step, running: Running): Promise<void> {
    const outcome = await running.child.finished;
    this.#ends.push({ ...running, step, outcome });
    this.#bell.ring();
  }

  /** What ended, and the checkpoint after it. */
  async #accountForEnds(): Promise<void> {
    const ends = this.#ends.splice(0);
    for (const end of ends) await this.#accountFor(end);
    if (ends.length > 0) await this.#checkpoint();
  }

  async #accountFor(end: End): Promise<void> {
    const { step, ordinal } = end;
    const known = this.#meaningOf(end);
    this.#running.delete(step.name);
    this.#known.set(step.name, known);
    this.#children.set(step.name, ordinal);
    if (known.is === 'again' && known.dueAt !== undefined) await this.#tellOfRetry(end, known.failures);
    await this.#tellProgress();
  }

  #meaningOf({ step, outcome, ordinal, isFromBefore }: End): Known {
    const now = this.#context.clock.monotonic();
    const meaning = judge(outcome, { retry: step.job?.retry, failures: this.#failuresOf(step), isFromBefore, now });
    if (meaning !== 'completed') return meaning;
    const file = this.#fileOf(step, ordinal);
    const values = file === undefined ? {} : readHandedOn(file);
    return typeof values === 'string' ? { is: 'failed', message: values } : this.#withinLimit(values);
  }

  #withinLimit(values: Values): Over {
    const others = [...this.#known.values()].map((known) => (known.is === 'completed' ? sizeOf(known.values) : 0));
    const all = others.reduce((sum, size) => sum + size, sizeOf(values));
    if (all <= MOST_OF_ALL) return { is: 'completed', values };
    return { is: 'failed', message: `with what it handed on in ${CHECKPOINT_VARIABLE} the steps have handed on ${all} bytes; ${MOST_OF_ALL} are allowed` };
  }

  async #checkpoint(): Promise<void> {
    if (this.#context.spec.checkpoint) await this.#context.checkpoint(toStored({ known: this.#known, children: this.#children }));
  }

  /** True when something was done, after which there may be more to do. */
  async #follow({ lost, pauses, starts }: Plan): Promise<boolean> {
    for (const { step, message } of lost) await this.#lose(step, message);
    if (pauses.length > 0) await this.#pauseAt(pauses);
    for (const step of starts) await this.#begin(step, step.job as StepJob);
    if (lost.length > 0) await this.#checkpoint();
    return lost.length + pauses.length + starts.length > 0;
  }

  /** A step that only suspends has no job that could show it. */
  async #lose(step: Step, message: string): Promise<void> {
    this.#known.set(step.name, { is: 'dependency', message });
    if (step.job === undefined) return;
    const { type, spec } = step.job;
    try {
      const child = await this.#context.startChild({ type, name: step.name, spec, needs: this.#needsOf(step), failedDependency: message });
      this.#ids.set(step.name, child.id);
      this.#children.set(step.name, this.#ordinalOf(step));
    } catch (cause) {
      await this.#warn(`step ${JSON.stringify(step.name)} could not be listed: ${(cause as Error).message}`);
    }
  }

  /** Passed before it is asked for: whoever takes the job up again goes on behind it. */
  async #pauseAt(steps: readonly Step[]): Promise<void> {
    for (const { name } of steps) this.#known.set(name, { is: 'completed', values: {} });
    await this.#checkpoint();
    this.#context.requestSuspend(`step ${steps.map(({ name }) => JSON.stringify(name)).join(', ')}`);
    this.#isHeld = true;
  }

  async #begin(step: Step, job: StepJob): Promise<void> {
    const ordinal = this.#ordinalOf(step);
    const { type, spec, timeout, gracePeriod } = job;
    const limits = { ...(timeout === undefined ? {} : { timeout }), ...(gracePeriod === undefined ? {} : { gracePeriod }) };
    try {
      const child = await this.#context.startChild({ type, name: step.name, spec, needs: this.#needsOf(step), environment: this.#environmentOf(step, ordinal), ...limits });
      this.#ids.set(step.name, child.id);
      this.#watch(step, { child, ordinal, isFromBefore: false });
    } catch (cause) {
      this.#known.set(step.name, { is: 'failed', message: (cause as Error).message });
      await this.#checkpoint();
    }
  }

  /** Through steps that only suspend the job to those before them. */
  #needsOf({ needs }: Step): readonly number[] {
    const { steps } = this.#context.spec;
    const ids = needs.flatMap((need) => this.#ids.get(need) ?? this.#needsOf(steps.find(({ name }) => name === need) as Step));
    return [...new Set(ids)];
  }

  #environmentOf(step: Step, ordinal: number): Values {
    const file = this.#fileOf(step, ordinal);
    return { ...valuesFor(step, this.#context.spec, this.#known), ...(file === undefined ? {} : { [CHECKPOINT_VARIABLE]: file }) };
  }

  #fileOf({ name }: Step, ordinal: number): string | undefined {
    const { folder } = this.#context;
    return folder === undefined ? undefined : join(folder, `${name}.${ordinal}`);
  }

  #ordinalOf({ name }: Step): number {
    return (this.#children.get(name) ?? 0) + 1;
  }

  #failuresOf({ name }: Step): number {
    const known = this.#known.get(name);
    return known !== undefined && 'failures' in known ? (known.failures ?? 0) : 0;
  }

  async #tellOfRetry({ step, outcome }: End, failures: number): Promise<void> {
    const why = outcome.state === 'Failed' ? outcome.error.message : outcome.state;
    await this.#warn(`step ${JSON.stringify(step.name)}: try ${failures} of ${(step.job?.retry?.limit ?? 0) + 1} failed: ${why}`);
  }

  async #tellProgress(): Promise<void> {
    const { steps } = this.#context.spec;
    const over = steps.filter(({ name }) => !['running', 'again', undefined].includes(this.#known.get(name)?.is)).length;
    await this.#context.streams.progress.write({ activity: this.#context.instance.name, status: `${over} of ${steps.length} steps`, percent: Math.floor((100 * over) / steps.length) });
  }

  async #wait(nextDueAt: number | undefined): Promise<void> {
    if (nextDueAt === undefined) return this.#bell.heard();
    const { clock } = this.#context;
    const waiting = new AbortController();
    const due = clock.sleep(Math.max(0, nextDueAt - clock.monotonic()), AbortSignal.any([waiting.signal, this.#disposed.signal])).catch(() => {});
    await Promise.race([due, this.#bell.heard()]);
    waiting.abort();
  }

  /** What does not end in time is ended by our host, together with us. */
  async #stop(): Promise<JobOutcome> {
    for (const { child } of this.#running.values()) void child.stop('parent').catch((cause: unknown) => this.#warn((cause as Error).message));
    while (!this.#isKilled && this.#running.size > 0) {
      await this.#bell.heard();
      await this.#accountForEnds();
    }
    return { state: 'Stopped', reason: this.#context.signal.aborted ? (this.#context.signal.reason as StopReason) : 'stopped' };
  }

  async #warn(text: string): Promise<void> {
    await this.#context.streams.warning.write(text);
  }

  #tellStillness(): void {
    for (const tell of this.#stillness.splice(0)) tell();
  }
}

/** What a type with the capabilities of a workflow must return. */
export type WorkflowCapabilities = { readonly suspend: true; readonly kill: true; readonly persist: true };

/** With its first checkpoint before anything begins: from then on a workflow can be taken up again wherever it is cut off. */
export async function prepareWorkflow(context: JobContext<WorkflowSpec>): Promise<JobRun<WorkflowCapabilities>> {
  const { spec, restored } = context;
  if (!spec.checkpoint) return new WorkflowRun(context, fromStored(undefined));
  const hasFailed = isMarkedFailed(context);
  const remembered = hasFailed ? withoutFailures(fromStored(restored)) : fromStored(restored);
  if (hasFailed || restored === undefined) await context.checkpoint(toStored(remembered));
  if (hasFailed) unmark(context);
  return new WorkflowRun(context, remembered);
}
