/** What became of a due time, in one word and one sentence. */
import type { KnownDefinition } from '@nightshift/host';
import { FINISHED_STATES, JOB_STATES, type Firing, type Instance } from '@nightshift/sdk';
import type { DueTimeRow, Outcome } from '../api.ts';
import type { Desk } from '../desk.ts';
import { shellWords } from './shell-words.ts';

/** A firing with what its job says of it. */
export interface Judged {
  readonly firing: Firing;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly job: Instance | undefined;
  readonly lateMs: number | null;
}

/** From here on a start is late, in milliseconds. */
const LATE = 60_000;
const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));

/** The jobs that firings name, and those that were run later for due times that were missed. */
export interface FiringJobs {
  readonly byInstanceId: ReadonlyMap<string, Instance>;
  /** By `<key> <trigger id> <due time in ms>`. */
  readonly byDueTime: ReadonlyMap<string, Instance>;
}

/**
 * Jobs of one definition among which the run of a missed due time is looked for, the newest: a person may have run it at any time
 * since, and in a year there are more of them than anybody waits for.
 */
const NEWEST = 500;

export async function jobsOfFirings({ survey }: Desk, firings: readonly Firing[], newest: number = NEWEST): Promise<FiringJobs> {
  const ids = [...new Set(firings.flatMap(({ instanceId }) => instanceId ?? []))];
  const missed = [...new Set(firings.filter(isMisfire).map(({ definition }) => definition))];
  const since = new Date(Math.min(...firings.map(({ dueAt }) => dueAt.getTime()), survey.clock.now().getTime()));
  const [named, ...later] = await Promise.all([
    ids.length === 0 ? [] : survey.jobs.find({ instanceIds: ids }),
    missed.length === 0 ? [] : survey.jobs.find({ definitionKeys: missed, topLevel: true, states: UNFINISHED, last: newest * missed.length }),
    ...missed.map((key) => survey.jobs.find({ definitionKeys: [key], topLevel: true, endedSince: since, last: newest })),
  ]);
  return {
    byInstanceId: new Map(named.map(({ instance }) => [instance.instanceId, instance])),
    byDueTime: new Map(later.flat().flatMap(({ instance }) => (instance.origin.kind === 'trigger' ? [[placeOf(instance.definition?.key ?? '', Number(instance.origin.triggerId), instance.origin.dueAt), instance] as const] : []))),
  };
}

export function placeOf(key: string, triggerId: number, dueAt: Date): string {
  return `${key} ${triggerId} ${dueAt.getTime()}`;
}

export function isMisfire({ word, reason }: Firing): boolean {
  return word === 'Skipped' && reason === 'misfire';
}

export function judge({ survey }: Desk, firing: Firing, jobs: FiringJobs, known: KnownDefinition | undefined): Judged {
  const job = firing.instanceId === undefined ? undefined : jobs.byInstanceId.get(firing.instanceId);
  const trigger = known?.triggers.find(({ id }) => id === firing.triggerId);
  const delay = trigger === undefined ? 0 : survey.time.delay(firing.definition, firing.triggerId, firing.dueAt, trigger.opened.randomDelay);
  const began = job?.beginTime;
  const lateMs = firing.word !== 'Started' || began === undefined ? null : Math.max(0, began.getTime() - firing.dueAt.getTime() - delay);
  const later = isMisfire(firing) && firing.count === 1 ? jobs.byDueTime.get(placeOf(firing.definition, firing.triggerId, firing.dueAt)) : undefined;
  const outcome = later === undefined ? outcomeOf(firing, job, lateMs) : 'run-later';
  return { firing, outcome, job: later ?? job, lateMs, reason: sentenceOf(outcome, firing, later ?? job, lateMs) };
}

function outcomeOf({ word, reason }: Firing, job: Instance | undefined, lateMs: number | null): Outcome {
  switch (word) {
    case 'Void':
      return 'void';
    case 'Waiting':
      return 'waiting';
    case 'Skipped':
      return reason ?? 'misfire';
    case 'Started':
      if (job?.origin.kind === 'trigger' && job.origin.catchUp) return 'caught-up';
      return lateMs !== null && lateMs > LATE ? 'late' : 'on-time';
  }
}

function sentenceOf(outcome: Outcome, { text, count }: Firing, job: Instance | undefined, lateMs: number | null): string {
  const many = count > 1 ? `${count} due times: ` : '';
  const more = text === undefined ? '' : `: ${text}`;
  switch (outcome) {
    case 'on-time':
      return job === undefined ? 'started; the run is gone' : `started on time as job ${job.id}, ${job.state}`;
    case 'late':
      return `started ${spanWords(lateMs ?? 0)} late as job ${job?.id ?? '?'}, ${job?.state ?? 'gone'}`;
    case 'caught-up':
      return `missed, and caught up by job ${job?.id ?? '?'}${lateMs === null ? '' : ` ${spanWords(lateMs)} later`}, ${job?.state ?? 'gone'}`;
    case 'run-later':
      return `missed, and run by a person as job ${job?.id ?? '?'}, ${job?.state ?? 'gone'}`;
    case 'overlap':
      return `${many}skipped: ${job === undefined ? 'an earlier run' : `job ${job.id}`} was still unfinished${more}`;
    case 'condition':
      return `${many}skipped: a condition was not met${more}`;
    case 'disabled':
      return `${many}skipped: it was disabled${more}`;
    case 'edited':
      return `${many}skipped: the trigger was edited before its time came${more}`;
    case 'misfire':
      return `${many}missed: nobody was there to fire it${more}`;
    case 'void':
      return `${many}void: made by a clock that was wrong`;
    case 'waiting':
      return `waits for an idle machine${more}`;
    case 'undecided':
      return 'has passed, and nobody has decided it yet';
    case 'due':
      return 'to come';
  }
}

export function spanWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.round(minutes / 1_440)} d`;
}

export function rowOf(judged: Judged, known: Pick<KnownDefinition, 'key' | 'namespace' | 'name'>, moved: string | null): DueTimeRow {
  const { firing, outcome, reason, job, lateMs } = judged;
  return {
    definition: { key: known.key, namespace: known.namespace, name: known.name },
    triggerId: firing.triggerId,
    dueAt: firing.dueAt.toISOString(),
    lastDueAt: firing.lastDueAt.toISOString(),
    count: firing.count,
    outcome,
    reason,
    moved,
    decidedAt: firing.decidedAt.toISOString(),
    beganAt: job?.beginTime?.toISOString() ?? null,
    lateMs,
    job: job === undefined ? null : { id: job.id, state: job.state },
    ...(outcome === 'misfire' ? { command: shellWords(['start-job', '--definition-name', known.name]) } : {}),
  };
}
