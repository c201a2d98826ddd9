import { formatDuration } from '@nightshift/sdk';
import type { EndedFacts, MissedFacts, News, Outcome } from '@nightshift/store';
import type { HookKind } from '../config/hook-keys.ts';

/** What somebody may be told of. Pure: what it is follows from rows, and so does its id, which is the same for every repetition. */
export interface Happening {
  readonly id: string;
  readonly event: 'failure' | 'success' | 'recovered' | 'missed' | 'didNotRun';
  readonly time: Date;
  readonly definition: DefinitionNames;
  /** Of the job whose end it is. */
  readonly instanceId: string | undefined;
  /** The due time that was answered or missed (the first of them). */
  readonly dueAt: Date | undefined;
  /** How many due times it is about. */
  readonly count: number;
  readonly message: string;
}

export interface DefinitionNames {
  readonly name: string;
  readonly key: string;
  readonly path: string | null;
}

/** Which hooks are told of which event. */
export const KIND_OF: Readonly<Record<Happening['event'], HookKind>> = { failure: 'onFailure', success: 'onSuccess', recovered: 'onRecovered', missed: 'onMissed', didNotRun: 'onMissed' };

/** What a piece of news amounts to. `known`: what is known of a definition besides its key. */
export function happeningsOf({ definition, at, facts }: News, known: (key: string) => DefinitionNames): readonly Happening[] {
  return facts.is === 'ended' ? ofEnd(definition, at, facts) : [ofMiss(known(definition), at, facts)];
}

function ofEnd(key: string, time: Date, { job, instanceId, name, path, state, before, statusMessage, dueAt }: EndedFacts): readonly Happening[] {
  const happening = (event: Happening['event'], what: string): Happening => ({
    id: `${event}-${instanceId}`,
    event,
    time,
    definition: { name, key, path },
    instanceId,
    dueAt: dueAt === null ? undefined : new Date(dueAt),
    count: 1,
    message: `${name}: job ${job} ${what}`,
  });
  if (state === 'Failed') return [happening('failure', `failed: ${statusMessage ?? 'no reason is known'}`)];
  if (state !== 'Completed') return [];
  const isRecovered = before !== null && before !== 'Completed';
  return [happening('success', 'completed'), ...(isRecovered ? [happening('recovered', `completed; the run before it had ${before === 'Failed' ? 'failed' : 'been stopped'}`)] : [])];
}

function ofMiss(definition: DefinitionNames, time: Date, { triggerId, dueAt, lastDueAt, count }: MissedFacts): Happening {
  const [first, last] = [new Date(dueAt), new Date(lastDueAt)];
  const when = count === 1 ? `the due time ${first.toISOString()} was missed` : `${count} due times from ${first.toISOString()} to ${last.toISOString()} were missed`;
  return { id: `missed-${definition.key}-${triggerId}-${first.toISOString()}`, event: 'missed', time, definition, instanceId: undefined, dueAt: first, count, message: `${definition.name}: ${when}` };
}

/** The alarm: nothing has Completed for longer than `within` milliseconds. */
export function didNotRun(definition: DefinitionNames, outcome: Outcome, within: number, now: Date): Happening {
  const since = sinceOf(outcome).toISOString();
  const what = outcome.completedAt === undefined ? `has never completed since it was first seen at ${since}` : `has not completed since ${since}`;
  return {
    id: `didNotRun-${definition.key}-${within}-${since}`,
    event: 'didNotRun',
    time: now,
    definition,
    instanceId: undefined,
    dueAt: undefined,
    count: 1,
    message: `${definition.name} ${what}, which is longer than ${formatDuration(within)}`,
  };
}

/** From when on a definition is waited for. */
export function sinceOf({ seenAt, completedAt }: Outcome): Date {
  return completedAt ?? seenAt;
}
