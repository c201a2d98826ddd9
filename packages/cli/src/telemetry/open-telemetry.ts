// oxlint-disable-next-line typescript/triple-slash-reference -- a program of types that imports this file alone finds the types of the peer nowhere else
/// <reference path="opentelemetry-api.d.ts" />
/**
 * Spans of what the scheduler does, for whoever has `@opentelemetry/api` installed beside Nightshift and a provider registered
 * in the process. The package is looked for from here alone, never from the folder of a project: nothing there may run unasked.
 */
import type * as OpenTelemetry from '@opentelemetry/api';
import type { AttemptEnd, SchedulerEvent } from '@nightshift/host';
import { systemClock } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';

type Api = Pick<typeof OpenTelemetry, 'trace' | 'ROOT_CONTEXT' | 'SpanStatusCode'>;
type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface Telemetry {
  /** A span for each due time that has started something. */
  firing(event: SchedulerEvent, at: Date): void;
  /** A span for each attempt, below that of its due time. */
  attempt(end: AttemptEnd): void;
  /** Hands over what was gathered; waits for it a while. */
  flush(): Promise<void>;
}

/** Undefined where the package is not installed. One that is broken is told of once, and left alone. */
export async function openTelemetry(warn: (warning: JobError) => void): Promise<Telemetry | undefined> {
  try {
    const api = await import('@opentelemetry/api');
    return sparing(createTelemetry(api), warn);
  } catch (cause) {
    if (!isAbsent(cause)) warn(broken(cause));
    return undefined;
  }
}

/** Not one that it needs itself. */
function isAbsent(cause: unknown): boolean {
  const { code, message = '' } = cause as NodeJS.ErrnoException;
  return (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') && /^Cannot find (?:module|package) '@opentelemetry\/api'/.test(message);
}

function broken(cause: unknown): JobError {
  return new JobError({ code: 'TelemetryUnavailable', message: `@opentelemetry/api cannot be used, and nothing is traced: ${cause instanceof Error ? cause.message : String(cause)}` }, { cause });
}

/** The first mistake of the package is its last. */
function sparing(telemetry: Telemetry, warn: (warning: JobError) => void): Telemetry {
  let isBroken = false;
  const fail = (cause: unknown): void => {
    if (!isBroken) warn(broken(cause));
    isBroken = true;
  };
  const attempt = (act: () => void): void => {
    if (isBroken) return;
    try {
      act();
    } catch (cause) {
      fail(cause);
    }
  };
  return {
    firing: (event, at) => attempt(() => telemetry.firing(event, at)),
    attempt: (end) => attempt(() => telemetry.attempt(end)),
    flush: async () => (isBroken ? undefined : telemetry.flush().catch(fail)),
  };
}

/** Due times whose jobs are not over are remembered, so many at most. */
const MOST = 10_000;
/** How long the end waits for those who send, in milliseconds. */
const LONGEST_FLUSH = 5_000;

function createTelemetry({ trace, ROOT_CONTEXT, SpanStatusCode }: Api): Telemetry {
  const tracer = trace.getTracer('nightshift');
  /** By instance id of the job. */
  const firings = new Map<string, OpenTelemetry.Context>();
  return {
    firing(event, at) {
      if (event.event !== 'started') return;
      const { definition, job, instanceId, triggerId, dueAt, catchUp } = event;
      const attributes = { ...attributesOf(definition, job, instanceId), 'nightshift.trigger_id': String(triggerId), 'nightshift.due_time': dueAt.toISOString(), 'nightshift.catch_up': catchUp };
      const span = tracer.startSpan(`fire ${definition}`, { startTime: at, attributes }, ROOT_CONTEXT);
      span.end(at);
      firings.set(instanceId, trace.setSpan(ROOT_CONTEXT, span));
      const [oldest] = firings.keys();
      if (firings.size > MOST && oldest !== undefined) firings.delete(oldest);
    },
    attempt(end) {
      const { definition, instanceId, state, statusMessage, beginTime, endTime, isLast } = end;
      const span = tracer.startSpan(`run ${definition}`, { startTime: beginTime ?? endTime, attributes: attributesOfAttempt(end) }, firings.get(instanceId) ?? ROOT_CONTEXT);
      if (state === 'Failed') span.setStatus({ code: SpanStatusCode.ERROR, ...(statusMessage === undefined ? {} : { message: statusMessage }) });
      span.end(endTime);
      if (isLast) firings.delete(instanceId);
    },
    async flush() {
      const provider = trace.getTracerProvider();
      const sender = provider.getDelegate?.() ?? provider;
      const done = new AbortController();
      const late = systemClock.sleep(LONGEST_FLUSH, done.signal).then(() => Promise.reject(new Error('what was gathered was not sent within 5 s')));
      late.catch(() => {}); // it is over in time
      await Promise.race([sender.forceFlush?.(), late]).finally(() => done.abort());
    },
  };
}

function attributesOf(definition: string, job: number, instanceId: string): Attributes {
  return { 'nightshift.definition': definition, 'nightshift.job_id': job, 'nightshift.instance_id': instanceId };
}

function attributesOfAttempt({ definition, job, instanceId, origin, attempt, state, reason, exitCode, signal }: AttemptEnd): Attributes {
  return {
    ...attributesOf(definition, job, instanceId),
    ...(origin.kind === 'trigger' ? { 'nightshift.trigger_id': origin.triggerId, 'nightshift.due_time': origin.dueAt.toISOString(), 'nightshift.catch_up': origin.catchUp } : {}),
    'nightshift.attempt': attempt,
    'nightshift.state': state,
    ...(reason === undefined ? {} : { 'nightshift.reason': reason }),
    ...(exitCode === undefined ? {} : { 'nightshift.exit_code': exitCode }),
    ...(signal === undefined ? {} : { 'nightshift.signal': signal }),
  };
}
