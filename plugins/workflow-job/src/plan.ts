/** Which steps come next, and what the whole comes to: from what is known of each, and from nothing else. Pure. */
import type { JobOutcome } from '@nightshift/sdk';
import type { WorkflowSpec } from './spec.ts';
import type { Step } from './step.ts';

/** What is known of one step. A step of which nothing is known waits for its turn. */
export type Known = Over | Again | { readonly is: 'running' };

/** It has ended for good; this is what a checkpoint holds. */
export type Over =
  | { readonly is: 'completed'; readonly values: Values }
  | { readonly is: 'failed'; readonly message: string }
  /** It never ran, because of what a step that it needs came to. */
  | { readonly is: 'dependency'; readonly message: string }
  | { readonly is: 'stopped' };

/** It waits for another try. */
export interface Again {
  readonly is: 'again';
  /** Tries that failed so far; one that was cut off does not count. */
  readonly failures: number;
  /** Milliseconds of the monotonic clock. Default: at once. */
  readonly dueAt?: number;
}

/** What steps hand on: environment variables. */
export type Values = Readonly<Record<string, string>>;

/** By name of the step. */
export type Knowledge = ReadonlyMap<string, Known>;

/** What to do next. */
export interface Plan {
  /** Steps that can never run now, in order, with the reason. */
  readonly lost: readonly { readonly step: Step; readonly message: string }[];
  /** The job is to be suspended here: nothing else starts. */
  readonly pauses: readonly Step[];
  /** May start now, in order; never more than there is room for. */
  readonly starts: readonly Step[];
  /** When the first of those that wait for another try may have it. */
  readonly nextDueAt?: number;
  /** Nothing runs, waits or is to be done any more. */
  readonly isOver: boolean;
}

/** `now`: milliseconds of the monotonic clock. */
export function plan({ steps, maxParallel }: WorkflowSpec, known: Knowledge, now: number): Plan {
  const lost = lostSteps(steps, known);
  const ready = steps.filter((step) => waits(known.get(step.name)) && step.needs.every((need) => known.get(need)?.is === 'completed'));
  const due = ready.filter(({ name }) => dueAtOf(known.get(name)) <= now);
  const later = ready.map(({ name }) => dueAtOf(known.get(name))).filter((dueAt) => dueAt > now);
  const pauses = due.filter(({ job }) => job === undefined);
  const running = steps.filter(({ name }) => known.get(name)?.is === 'running').length;
  return {
    lost,
    pauses,
    starts: pauses.length > 0 ? [] : due.slice(0, Math.max(0, maxParallel - running)),
    ...(later.length === 0 ? {} : { nextDueAt: Math.min(...later) }),
    isOver: running === 0 && lost.length === 0 && steps.every(({ name }) => !waits(known.get(name))),
  };
}

function waits(known: Known | undefined): boolean {
  return known === undefined || known.is === 'again';
}

function dueAtOf(known: Known | undefined): number {
  return known?.is === 'again' ? (known.dueAt ?? -Infinity) : -Infinity;
}

/** When everything that they need is over: until then nobody could say what all of it came to. */
function lostSteps(steps: readonly Step[], known: Knowledge): Plan['lost'] {
  const decided = steps.filter(({ name, needs }) => waits(known.get(name)) && needs.every((need) => isOver(known.get(need))));
  return decided.flatMap((step) => {
    const message = step.needs.map((need) => whyNot(need, known.get(need))).find((reason) => reason !== undefined);
    return message === undefined ? [] : [{ step, message }];
  });
}

function isOver(known: Known | undefined): boolean {
  return known !== undefined && known.is !== 'running' && known.is !== 'again';
}

function whyNot(need: string, known: Known | undefined): string | undefined {
  if (known?.is === 'failed') return `it needs step ${JSON.stringify(need)}, which failed`;
  if (known?.is === 'stopped') return `it needs step ${JSON.stringify(need)}, which was stopped`;
  return known?.is === 'dependency' ? `it needs step ${JSON.stringify(need)}, which could not run` : undefined;
}

const ORDERS = new WeakMap<readonly Step[], readonly Step[]>();

/** The steps in an order in which they can run: each after what it needs, else as they are written. Found out once for each list. */
export function inOrder(steps: readonly Step[]): readonly Step[] {
  const ordered = ORDERS.get(steps) ?? order(steps);
  ORDERS.set(steps, ordered);
  return ordered;
}

function order(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  const placed = new Set<string>();
  let rest = steps;
  while (rest.length > 0) {
    const next = rest.find(({ needs }) => needs.every((need) => placed.has(need)));
    if (next === undefined) throw new Error('steps that wait for each other are refused with the spec');
    ordered.push(next);
    placed.add(next.name);
    rest = rest.filter((step) => step !== next);
  }
  return ordered;
}

/** What a step is handed: the values of the steps that it needs, directly or not; of two with one name the later in `inOrder` counts. */
export function valuesFor(step: Step, { steps }: WorkflowSpec, known: Knowledge): Values {
  const needed = new Set(step.needs);
  const ordered = inOrder(steps);
  for (const { name, needs } of ordered.toReversed()) if (needed.has(name)) needs.forEach((need) => needed.add(need));
  const completed = ordered.map(({ name }) => (needed.has(name) ? known.get(name) : undefined));
  return Object.assign({}, ...completed.map((one) => (one?.is === 'completed' ? one.values : {}))) as Values;
}

/** Of a workflow that is over: a step that failed decides, then one that was stopped. */
export function outcomeOf({ steps }: WorkflowSpec, known: Knowledge): JobOutcome {
  const failures = steps.flatMap(({ name }) => failureOf(name, known.get(name)));
  const [first, ...others] = failures;
  if (first !== undefined) return { state: 'Failed', error: new Error(others.length === 0 ? first : `${first} (and ${others.length} more)`) };
  const lost = steps.flatMap(({ name }) => {
    const one = known.get(name);
    return one?.is === 'dependency' ? [`step ${JSON.stringify(name)} could not run: ${one.message}`] : [];
  });
  if (lost[0] !== undefined) return { state: 'Failed', error: new Error(lost[0]) };
  const isStopped = steps.some(({ name }) => known.get(name)?.is === 'stopped');
  return isStopped ? { state: 'Stopped', reason: 'stopped' } : { state: 'Completed' };
}

function failureOf(name: string, known: Known | undefined): readonly string[] {
  return known?.is === 'failed' ? [`step ${JSON.stringify(name)} failed: ${known.message}`] : [];
}
