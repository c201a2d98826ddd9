/** What a scheduler has done since its process began, counted from what it says; and what is true at the moment of asking. */
import type { SchedulerEvent, SchedulerFacts, SchedulerInventory } from '@nightshift/scheduler';
import { exposition, type Family, type Sample } from './exposition.ts';

export interface SchedulerMetrics {
  /** Counts an event that was said at a time. */
  note(event: SchedulerEvent, at: Date): void;
  /** As Prometheus reads it. */
  text(state: MomentaryState): string;
}

/** What is true now. */
export interface MomentaryState extends SchedulerInventory {
  readonly facts: SchedulerFacts;
  /** By namespace: how often somebody has taken it. */
  readonly epochs: ReadonlyMap<string, number>;
  /** Bytes of memory that the process holds. */
  readonly residentMemory: number;
}

/** Seconds. From a loop that is merely busy, by a minute (beyond which a due time counts as missed), to what a pause of the machine makes. */
const LAG_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counts by labels; the labels of a definition go with it. */
type Counter = Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>;

/** `startTime`: when the scheduler took over. */
export function createSchedulerMetrics(startTime: Date): SchedulerMetrics {
  const [firings, ends, retries, troubles]: readonly Counter[] = [new Map(), new Map(), new Map(), new Map()] as const;
  const [lastEnds, lastSuccesses] = [new Map<string, Date>(), new Map<string, Date>()];
  const lag = { bounds: LAG_BOUNDS, counts: new Array<number>(LAG_BOUNDS.length + 1).fill(0), sum: 0 };

  const observeLag = (milliseconds: number): void => {
    // A clock that was put back between the two makes it neither early nor a sum that falls.
    const seconds = Math.max(0, milliseconds) / 1_000;
    const found = LAG_BOUNDS.findIndex((bound) => seconds <= bound);
    const at = found === -1 ? LAG_BOUNDS.length : found;
    lag.counts[at] = (lag.counts[at] ?? 0) + 1;
    lag.sum += seconds;
  };
  const forget = (definition: string): void => {
    for (const counter of [firings, ends, retries]) for (const [key, { labels }] of counter) if (labels['definition'] === definition) counter.delete(key);
    for (const times of [lastEnds, lastSuccesses]) times.delete(definition);
  };

  return {
    note(event, at) {
      switch (event.event) {
        case 'started':
          add(firings, { definition: event.definition, word: 'Started', reason: '' });
          if (!event.catchUp) observeLag(at.getTime() - event.dueAt.getTime());
          return;
        case 'skipped':
          return add(firings, { definition: event.definition, word: 'Skipped', reason: event.reason }, event.count);
        case 'ended': {
          const { definition, run: { state, reason = '', endTime = at } } = event;
          add(ends, { definition, state, reason });
          lastEnds.set(definition, endTime);
          if (state === 'Completed') lastSuccesses.set(definition, endTime);
          return;
        }
        case 'retry':
          return add(retries, { definition: event.definition });
        case 'trouble':
          return add(troubles, { code: event.error.code });
        case 'definition':
          if (event.change === 'removed') forget(event.definition);
          return;
        default:
      }
    },
    text: (state) => exposition([
      gauge('nightshift_scheduler_up', 'Always 1: the scheduler answers.', one(1)),
      gauge('nightshift_scheduler_ready', 'Whether all definitions are loaded and due times are answered.', one(state.facts.state === 'ready' ? 1 : 0)),
      gauge('nightshift_scheduler_start_time_seconds', 'When this scheduler took over, in seconds since 1970.', one(startTime.getTime() / 1_000)),
      gauge('nightshift_scheduler_epoch', 'How often a scheduler has taken the namespace, this one included.', [...state.epochs].map(([namespace, value]) => ({ labels: { namespace }, value }))),
      gauge('nightshift_definitions_loaded', 'Definitions with triggers that are scheduled.', one(state.facts.definitions)),
      gauge('nightshift_definitions_broken', 'Definitions whose file cannot be used as it is now.', one(state.broken)),
      gauge('nightshift_triggers_loaded', 'Triggers of the definitions that are scheduled.', one(state.facts.triggers)),
      gauge('nightshift_next_due_timestamp_seconds', 'The next due time of a definition, in seconds since 1970.', secondsOf(state.nextDueTimes)),
      counter('nightshift_firings_total', 'Due times that were answered, by the word that each has got.', firings),
      { name: 'nightshift_firing_lag_seconds', help: 'How late a due time was answered that started a job; catching up is left out.', type: 'histogram', histogram: lag },
      gauge('nightshift_jobs_running', 'Jobs of the scheduler that have a process.', one(state.facts.running)),
      gauge('nightshift_jobs_waiting', 'Jobs that are decided and have no process yet: queued, before their time, or about to start.', one(state.waiting)),
      counter('nightshift_jobs_ended_total', 'Jobs that ended, by state and reason.', ends),
      counter('nightshift_job_retries_total', 'Attempts that failed and are followed by another.', retries),
      gauge('nightshift_job_last_end_timestamp_seconds', 'When a job of a definition last ended, in seconds since 1970; absent until one has ended under this scheduler.', secondsOf(lastEnds)),
      gauge('nightshift_job_last_success_timestamp_seconds', 'When a job of a definition last completed, in seconds since 1970; absent until one has completed under this scheduler.', secondsOf(lastSuccesses)),
      counter('nightshift_troubles_total', 'Times that something kept the scheduler from its work, by error code.', troubles),
      gauge('nightshift_process_resident_memory_bytes', 'Memory that the process of the scheduler holds.', one(state.residentMemory)),
    ]),
  };
}

function add(counter: Counter, labels: Readonly<Record<string, string>>, by = 1): void {
  const key = Object.values(labels).join('\n');
  const known = counter.get(key);
  if (known === undefined) counter.set(key, { labels, value: by });
  else known.value += by;
}

function counter(name: string, help: string, values: Counter): Family {
  return { name, help, type: 'counter', samples: [...values.values()] };
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

function one(value: number): readonly Sample[] {
  return [{ value }];
}

function secondsOf(times: ReadonlyMap<string, Date>): readonly Sample[] {
  return [...times].map(([definition, time]) => ({ labels: { definition }, value: time.getTime() / 1_000 }));
}
