import { isFinished, type Instance, type Reading } from '@nightshift/sdk';

/** A job as get-job shows it: these 18 keys and no others, times as ISO 8601 UTC. Source: jobs.md section 1. */
export interface JobView {
  readonly id: number;
  readonly instanceId: string;
  readonly name: string;
  readonly type: string;
  readonly state: Instance['state'];
  readonly reason: NonNullable<Instance['reason']> | null;
  readonly statusMessage: string;
  readonly hasMoreData: boolean;
  readonly location: string;
  readonly command: string;
  readonly beginTime: string | null;
  readonly endTime: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly childJobs: readonly number[];
  readonly definition: { readonly name: string; readonly path: string } | null;
  readonly origin:
    | { readonly kind: 'demand'; readonly runNow: boolean }
    | { readonly kind: 'trigger'; readonly triggerId: string; readonly dueAt: string; readonly catchUp: boolean }
    | { readonly kind: 'parent'; readonly parentId: number };
  readonly attempt: number;
  /** A further key, and only where it was asked for. */
  readonly attempts?: readonly AttemptView[];
}

/** One attempt of a job, with the keys that speak of the job itself in their place there. */
export type AttemptView = Pick<JobView, 'attempt' | 'beginTime' | 'endTime' | 'reason' | 'statusMessage' | 'exitCode' | 'signal'>;

/** `readings` by instance id: how far each run was received in this session. `below`: everything below it. */
export function viewOf(instance: Instance, children: readonly Instance[], readings: ReadonlyMap<string, Reading>, below: readonly Instance[] = children): JobView {
  const runsItself = instance.run !== undefined || children.length === 0;
  return {
    id: instance.id,
    instanceId: instance.instanceId,
    name: instance.name,
    type: instance.type,
    state: instance.state,
    reason: instance.reason ?? null,
    statusMessage: instance.statusMessage ?? '',
    hasMoreData: (runsItself && hasMoreData(instance, readings.get(instance.instanceId))) || below.some((run) => hasMoreData(run, readings.get(run.instanceId))),
    location: instance.run?.locations?.join(',') ?? (runsItself ? instance.location : [...new Set(children.map(({ location }) => location))].join(',')),
    command: instance.command,
    beginTime: textOf(instance.beginTime),
    endTime: textOf(instance.endTime),
    exitCode: instance.exitCode ?? null,
    signal: instance.signal ?? null,
    childJobs: children.map(({ id }) => id),
    definition: instance.definition === undefined ? null : { name: instance.definition.name, path: instance.definition.path },
    origin: instance.origin.kind === 'trigger' ? { ...instance.origin, dueAt: instance.origin.dueAt.toISOString() } : instance.origin,
    attempt: instance.attempt,
  };
}

let lastTime = 0;
let lastText = new Date(lastTime).toISOString();

/** Many that begin and end in one millisecond have the same text: to make one takes as long as the rest of a view. */
function textOf(time: Date | undefined): string | null {
  if (time === undefined) return null;
  const milliseconds = time.getTime();
  if (milliseconds !== lastTime) [lastText, lastTime] = [time.toISOString(), milliseconds];
  return lastText;
}

/** True while a run is not finished, afterwards until everything was received; the reason of a failure and our own warnings count as records. */
function hasMoreData(run: Instance, reading: Reading | undefined): boolean {
  if (!isFinished(run.state)) return true;
  if (reading?.drained === true) return false;
  // One that was imported did not run here: there is nothing of it to be received, as `receive` has it.
  return (run.outputBytes ?? 0) > 0 || run.run?.warnings !== undefined || (run.state === 'Failed' && run.runFolder !== undefined);
}
