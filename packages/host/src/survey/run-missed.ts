/**
 * Due times that passed without a run, run now, because a person wants it: a job for each, with the due time that it answers, as
 * the scheduler makes them where a definition says `catchUp: all`. They come one after the other, whatever the overlap policy says.
 *
 * The word of a due time stays what it is: Skipped is final. That it was run later is told by the job, whose origin names the
 * trigger and the due time. Which is also why nothing is run twice: whoever asks for a due time that has a job is refused.
 */
import { createTriggeredRuns, type CoreParts, type RunPlan, type TriggeredRuns } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import { openTrigger } from '@nightshift/scheduler';
import { FINISHED_STATES, isBroken, JOB_STATES, JobError, type Definition, type Firing, type FiringStore, type Instance, type JobStore, type NewInstance } from '@nightshift/sdk';
import { readOnly } from '@nightshift/store';
import { openBook } from '../durable-book.ts';
import { judgeDefinition } from '../judge-definition.ts';
import { idOf } from '../scheduled-jobs/trigger-view.ts';
import { createEditLock } from '../scheduled-jobs/edit-lock.ts';
import { liveOwner } from '../scheduler/live-owner.ts';
import type { HostStores } from '../stores.ts';
import { isEmbedded } from './store-changes.ts';

export interface DueTimeOfTrigger {
  readonly triggerId: number;
  readonly dueAt: Date;
}

export interface RunMissedParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
  readonly yaml: YamlDefinitions;
  /** Of triggers that name none, and whose files name none. */
  readonly timeZone: string;
}

/** Due times that are run by one call. */
export const MOST_MISSED = 100;

/**
 * Answers with the jobs, oldest due time first; the first one runs, unless others of its definition do. Throws
 * `ScheduledJobDefinitionNotFoundByName`, `LimitExceeded`, `RunNowNotAllowed` of a definition that is disabled, and of a due time
 * that was not missed or has a job; nothing was started then.
 */
export async function runMissed(parts: RunMissedParts, name: string, dueTimes: readonly DueTimeOfTrigger[]): Promise<readonly Instance[]> {
  const definition = await definitionOf(parts, name);
  const wanted = inOrder(dueTimes);
  const { store, firings, lasts } = openBook(parts.stores);
  if (!lasts) throw readOnly(parts.stores.state);
  await parts.core.loadTypes?.();
  const runs = createTriggeredRuns(parts.core, () => store);
  const plan = await runs.plan(definition);
  // Two that ask at once: the second one finds the jobs of the first.
  return createEditLock(parts.stores.state, parts.core.clock).alone(() => insertAndStart(parts, { definition, wanted, store, firings, runs, plan }));
}

interface Works {
  readonly definition: Definition;
  readonly wanted: readonly DueTimeOfTrigger[];
  readonly store: JobStore;
  readonly firings: FiringStore;
  readonly runs: TriggeredRuns;
  readonly plan: RunPlan;
}

async function insertAndStart(parts: RunMissedParts, { definition, wanted, store, firings, runs, plan }: Works): Promise<readonly Instance[]> {
  for (;;) {
    const unfinished = await unfinishedIds(store, definition.key);
    // After the ids, and anew each time: whoever came in between has changed them, and may have run the same.
    await refuseOthers(store, firings, definition, wanted, parts.timeZone, parts.core.clock.now());
    const starts = wanted.map(({ triggerId, dueAt }, index): readonly [NewInstance, NewInstance] =>
      runs.instances(plan, { kind: 'trigger', triggerId: String(triggerId), dueAt, catchUp: true }, index === 0 && unfinished.length === 0 ? {} : { queued: true }));
    const [result] = await firings.fire([{ definition: definition.key, decidedAt: parts.core.clock.now(), unfinished, clocks: [], firings: [], starts }]);
    if (result?.is !== 'fired') continue;
    const jobs = result.instances.filter(({ parentId }) => parentId === undefined);
    const [first, ...others] = result.instances.filter(({ parentId }) => parentId !== undefined);
    // What waits in the queue of an engine is started by whoever works for it.
    if (first !== undefined && unfinished.length === 0 && isEmbedded(store)) await runs.start(first);
    await sayTurn(parts, store, definition, jobs, unfinished.length === 0 ? others : [first, ...others].filter((one) => one !== undefined));
    return store.find({ ids: jobs.map(({ id }) => id) });
  }
}

async function definitionOf({ yaml, core }: RunMissedParts, name: string): Promise<Definition> {
  const [found] = await yaml.find(name, undefined);
  if (found === undefined) throw new JobError({ code: 'ScheduledJobDefinitionNotFoundByName', message: `no definition is named "${name}"` });
  const { definition, complaints } = await judgeDefinition(core.types, found);
  if (definition === undefined || isBroken(definition)) throw new AggregateError(complaints);
  if (definition.enabled === false) throw new JobError({ code: 'RunNowNotAllowed', message: `${definition.name} is not run: it is disabled`, hint: `enable-scheduled-job ${definition.name}` });
  return definition;
}

function inOrder(dueTimes: readonly DueTimeOfTrigger[]): readonly DueTimeOfTrigger[] {
  const each = new Map(dueTimes.map((one) => [`${one.triggerId} ${one.dueAt.getTime()}`, one]));
  if (each.size === 0) throw new JobError({ code: 'ParameterArgumentValidationError', message: 'no due time was named' });
  if (each.size > MOST_MISSED) throw new JobError({ code: 'LimitExceeded', message: `${each.size} due times were named, and at most ${MOST_MISSED} are run at a time` });
  return [...each.values()].toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.triggerId - b.triggerId);
}

/** Only what was skipped as a misfire may be run, or what nobody has decided, and only once. */
async function refuseOthers(store: JobStore, firings: FiringStore, definition: Definition, wanted: readonly DueTimeOfTrigger[], timeZone: string, now: Date): Promise<void> {
  const { key, name } = definition;
  const [first, last] = [wanted[0], wanted.at(-1)] as [DueTimeOfTrigger, DueTimeOfTrigger];
  const rows = await firings.firings({ definitions: [key], since: first.dueAt, until: last.dueAt, limit: 100_000 });
  const clocks = new Map((await firings.clocks([key])).map((clock) => [clock.triggerId, clock]));
  // A job that answers a due time has not ended before it.
  const known = [...(await store.find({ definitionKeys: [key], topLevel: true, endedSince: first.dueAt })), ...(await store.find({ definitionKeys: [key], topLevel: true, states: UNFINISHED }))];
  const jobs = known.flatMap(({ origin, id }) => (origin.kind === 'trigger' ? [[`${origin.triggerId} ${origin.dueAt.getTime()}`, id] as const] : []));
  const taken = new Map(jobs);
  for (const { triggerId, dueAt } of wanted) {
    const job = taken.get(`${triggerId} ${dueAt.getTime()}`);
    if (job !== undefined) throw refused(name, dueAt, `job ${job} is its run`);
    const row = rows.find((firing) => firing.triggerId === triggerId && firing.word !== 'Void' && firing.dueAt <= dueAt && dueAt <= firing.lastDueAt);
    const isUndecided = row === undefined && dueAt <= now && (clocks.get(triggerId)?.nextDueAt ?? dueAt) <= dueAt;
    if (!isMissed(row) && !isUndecided) throw refused(name, dueAt, row === undefined ? 'nothing was due then' : `its word is ${row.word}${row.reason === undefined ? '' : `, ${row.reason}`}`);
    if (!isUndecided && !isDue(definition, timeZone, triggerId, dueAt, clocks.get(triggerId)?.knownSince ?? dueAt)) throw refused(name, dueAt, 'nothing was due then');
    if (isUndecided) throw refused(name, dueAt, 'the scheduler has not decided it yet: it runs, or skips, it when it is there again', 'nightshift scheduler run');
  }
}

/** A row may stand for many due times; between them there is none. */
function isDue({ triggers = [], timeZone: own }: Definition, zone: string, triggerId: number, dueAt: Date, knownSince: Date): boolean {
  const entry = triggers.find((one, index) => idOf(one, index) === triggerId) as { readonly timeZone?: string } | undefined;
  if (entry === undefined) return false;
  const before = new Date(dueAt.getTime() - 1);
  return openTrigger(entry, { timeZone: entry.timeZone ?? own ?? zone, now: before, knownSince }).next(before)?.dueAt.getTime() === dueAt.getTime();
}

function isMissed(row: Firing | undefined): boolean {
  return row?.word === 'Skipped' && row.reason === 'misfire';
}

function refused(name: string, dueAt: Date, because: string, hint?: string): JobError {
  return new JobError({ code: 'RunNowNotAllowed', message: `${name} of ${dueAt.toISOString()} is not run: ${because}`, ...(hint === undefined ? {} : { hint }) });
}

const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));

async function unfinishedIds(store: JobStore, key: string): Promise<readonly number[]> {
  return (await store.find({ definitions: [key], states: UNFINISHED })).map(({ id }) => id);
}

/** A scheduler lets them go on one after the other. Where there is none, the rows say so. */
async function sayTurn({ core }: RunMissedParts, store: JobStore, { key }: Definition, jobs: readonly Instance[], waiting: readonly Instance[]): Promise<void> {
  if (waiting.length === 0 || !isEmbedded(store) || liveOwner(store, key.slice(0, key.indexOf('/')), core.clock.now()) !== undefined) return;
  const statusMessage = 'waits for its turn; no scheduler runs that starts it then: nightshift scheduler run';
  const rows = waiting.flatMap((run) => [run, ...jobs.filter(({ id }) => id === run.parentId)]);
  for (const { instanceId } of rows) await store.transition([{ instanceId, from: ['NotStarted'], to: 'NotStarted', statusMessage }]);
}
