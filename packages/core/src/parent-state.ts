import { isFinished, type Instance, type JobState, type Transition } from '@nightshift/sdk';

/**
 * The state of a parent from those of its children: the first of PowerShell's ContainerParentJob rules that applies.
 * A stop in progress shows as Stopping. Source: jobs.md 3.2.
 */
export function parentState(children: readonly JobState[]): JobState {
  const any = (state: JobState): boolean => children.includes(state);
  const all = (...states: JobState[]): boolean => children.every((child) => isFinished(child) || states.includes(child));
  if (any('Blocked')) return 'Blocked';
  if (any('AtBreakpoint')) return 'AtBreakpoint';
  if (any('Stopping')) return 'Stopping';
  if (all()) return any('Failed') ? 'Failed' : any('Stopped') ? 'Stopped' : 'Completed';
  if (all('Disconnected')) return 'Disconnected';
  if (all('Suspended')) return 'Suspended';
  if (all('Suspended', 'Suspending')) return 'Suspending';
  if (any('Running') || children.some(isFinished)) return 'Running';
  return 'NotStarted';
}

/** What a parent shows of its children besides the state: all of an only child, of several the first failed one's reason. */
export function parentFacts(children: readonly Instance[]): Omit<Transition, 'instanceId' | 'from' | 'to'> {
  const finished = children.every(({ state }) => isFinished(state));
  const shown = children.length === 1 ? children[0] : children.find(({ state }) => state === 'Failed');
  const begins = children.flatMap(({ beginTime }) => beginTime ?? []);
  const ends = children.flatMap(({ endTime }) => endTime ?? []);
  return {
    ...(shown?.reason === undefined ? {} : { reason: shown.reason }),
    ...(shown?.statusMessage === undefined ? {} : { statusMessage: shown.statusMessage }),
    ...(shown === undefined || children.length > 1 ? {} : codesOf(shown)),
    ...(begins.length === 0 ? {} : { beginTime: new Date(Math.min(...begins.map(Number))) }),
    ...(finished && ends.length > 0 ? { endTime: new Date(Math.max(...ends.map(Number))) } : {}),
    ...(finished ? { outputBytes: children.reduce((sum, child) => sum + (child.outputBytes ?? 0), 0) } : {}),
  };
}

function codesOf(child: Instance): Pick<Transition, 'exitCode' | 'signal'> {
  return {
    ...(child.exitCode === undefined ? {} : { exitCode: child.exitCode }),
    ...(child.signal === undefined ? {} : { signal: child.signal }),
  };
}
