import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildJob, ChildJobRequest, Clock, CodeJobType, JobContext, JobOutcome, JobState, JobStreams, SpecIssue, SpecResult, StopReason } from '@nightshift/sdk';
import plugin, { type WorkflowSpec } from '@nightshift/workflow-job';

export const type = plugin.jobTypes?.[0] as CodeJobType<WorkflowSpec, { suspend: true; kill: true; persist: true }>;

export function validate(job: unknown): SpecResult<WorkflowSpec> {
  return type.spec['~standard'].validate(job) as SpecResult<WorkflowSpec>;
}

/** The one complaint about a job. */
export function complaintAbout(job: unknown): SpecIssue {
  const { issues = [] } = validate(job);
  if (issues.length !== 1) throw new Error(`one complaint is expected: ${JSON.stringify(issues)}`);
  return issues[0] as SpecIssue;
}

export function specOf(job: unknown): WorkflowSpec {
  const result = validate(job);
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

export const COMPLETED: JobOutcome = { state: 'Completed', exitCode: 0 };
export const exited = (code: number): JobOutcome => ({ state: 'Failed', reason: 'exit', error: new Error(`the command exited with code ${code}`), exitCode: code });
export const failedBy = (reason: NonNullable<Extract<JobOutcome, { state: 'Failed' }>['reason']>, text: string = reason): JobOutcome => ({ state: 'Failed', reason, error: new Error(text) });

/** What a host keeps of a job, and what goes on outside of it: both outlive the host. */
export class World {
  readonly spec: WorkflowSpec;
  readonly folder: string = mkdtempSync(join(tmpdir(), 'workflow-'));
  readonly children: Child[] = [];
  checkpoint: string | undefined;
  /** Called when a child has begun. */
  onBegin: (child: Child) => void = () => {};

  constructor(job: unknown) {
    this.spec = specOf(job);
  }

  /** The newest child of that name. */
  child(name: string): Child {
    const found = this.children.findLast((child) => child.name === name);
    if (found === undefined) throw new Error(`there is no ${name} among ${this.names()}`);
    return found;
  }

  names(): string {
    return this.children.map(({ name }) => name).join(' ');
  }
}

export class Child implements ChildJob {
  readonly id: number;
  readonly instanceId: string;
  readonly attempt = 1;
  readonly name: string;
  readonly stops: (string | undefined)[] = [];
  outcome: JobOutcome | undefined;
  readonly finished: Promise<JobOutcome>;
  readonly #end = Promise.withResolvers<JobOutcome>();

  readonly request: ChildJobRequest;

  constructor(request: ChildJobRequest, place: number) {
    this.request = request;
    this.id = place + 2;
    this.instanceId = `child-${place}`;
    this.name = request.name ?? `Job${this.id}`;
    this.finished = this.#end.promise;
  }

  async *states(): AsyncGenerator<JobState> {
    yield 'Running';
    yield (await this.finished).state;
  }

  end(outcome: JobOutcome = COMPLETED): void {
    this.outcome = outcome;
    this.#end.resolve(outcome);
  }

  /** A child does as it is told, at once. */
  async stop(reason?: string): Promise<void> {
    this.stops.push(reason);
    if (this.outcome === undefined) this.end({ state: 'Stopped', reason: reason ?? 'stopped' });
  }
}

/** One host's run of the job of a world. `gate`: awaited before and after everything that the host does for the run. */
export async function openRun(world: World, allowed: (what: string) => Promise<void> = async () => {}) {
  let isDead = false;
  const gate = (what: string): Promise<void> => (isDead ? new Promise(() => {}) : allowed(what));
  const stop = new AbortController();
  const clock = new HandClock();
  const told: string[] = [];
  const suspensions: string[] = [];
  const say = (stream: string) => ({ write: async (record: unknown) => void told.push(`${stream}: ${JSON.stringify(record)}`) });
  const context: JobContext<WorkflowSpec> = {
    instance: { id: 1, instanceId: 'job', name: 'Release', attempt: 1 },
    origin: { kind: 'demand', runNow: false },
    spec: world.spec,
    workingDirectory: '/', argumentList: [], environment: {}, secrets: {}, input: (async function* none() {})(), gracePeriod: 10_000,
    streams: Object.fromEntries(['output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress'].map((name) => [name, say(name)])) as unknown as JobStreams,
    signal: stop.signal,
    clock,
    folder: world.folder,
    blocked: () => {},
    requestSuspend: (reason) => {
      suspensions.push(reason);
      void suspend(reason);
    },
    disconnected: () => {},
    reconnected: () => {},
    checkpoint: async (value) => {
      const json = JSON.stringify(value);
      await gate('before the checkpoint');
      world.checkpoint = json;
      await gate('after the checkpoint');
    },
    ...(world.checkpoint === undefined ? {} : { restored: JSON.parse(world.checkpoint) as unknown }),
    startChild: async (request) => {
      await gate('before the child');
      const child = new Child(request as ChildJobRequest, world.children.length);
      world.children.push(child);
      if (request.failedDependency === undefined) world.onBegin(child);
      else child.end(failedBy('dependency', request.failedDependency));
      await gate('after the child');
      return child;
    },
    async *children() {
      yield* world.children.slice();
    },
  };
  const run = await type.prepare(context);
  const states: string[] = [];
  const suspend = async (reason: string): Promise<void> => {
    await run.suspend(reason);
    states.push('Suspended');
  };
  return { run, context, clock, told, suspensions, states, suspend, die: () => void (isDead = true), stop: (reason: StopReason) => stop.abort(reason), ended: run.start() };
}

/** Time passes when the test says so. */
class HandClock implements Clock {
  #time = 0;
  #sleepers: { readonly until: number; wake(): void }[] = [];

  now(): Date {
    return new Date(this.#time);
  }

  monotonic(): number {
    return this.#time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ until: this.#time + milliseconds, wake: resolve });
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  }

  async pass(milliseconds: number): Promise<void> {
    this.#time += milliseconds;
    for (const { until, wake } of this.#sleepers) if (until <= this.#time) wake();
    await quiet();
  }
}

/** Until nothing moves. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
