import type { Instance, NewInstance } from './job-store.ts';

/** Where trigger clocks and firings live: the same database as the durable `JobStore`. */
export interface FiringStore {
  /** Clocks of the triggers of these definitions (their keys), in no order. Default: all. */
  clocks(definitions?: readonly string[]): Promise<readonly TriggerClock[]>;
  /**
   * Writes what was decided: firing rows, the clocks of the triggers, the instances that are to start. One transaction per
   * call, one result per decision, in order; a decision is written whole or not at all.
   */
  fire(decisions: readonly FiringDecision[]): Promise<readonly FiringResult[]>;
  /** Keys of which there is a row or a clock, also of definitions that are gone; sorted. */
  definitions(): Promise<readonly string[]>;
  /** Newest due time first. */
  firings(query: FiringQuery): Promise<readonly Firing[]>;
  /** How many due times the rows stand for that match; each of a range counts. Default: rows are read and counted. */
  countFirings?(query: Omit<FiringQuery, 'limit'>): Promise<number>;
  /**
   * The clock had been wrong: rows of these definitions that reach behind `after` become Void, and clocks that stood later go
   * back to the last due time that keeps its word, to be looked at again at `now`. Returns how many rows became Void.
   */
  voidAfter(definitions: readonly string[], after: Date, now: Date): Promise<number>;
}

/**
 * What a store remembers of a definition, by its key, beyond what the scheduler asks: for the verbs that rename a definition,
 * unregister it or number its triggers. The same database as the durable `JobStore` and the `FiringStore`.
 */
export interface DefinitionStore {
  /** What there is of it; `--what-if` says so. Counts only, changes nothing. */
  traces(definition: string): Promise<DefinitionTraces>;
  /**
   * Carries runs, firings, trigger clocks and the highest trigger id over to another key, and the run folders of finished runs
   * into the folder of the new name; then `moveFile` moves the definition's file. Jobs keep their ids and the name they ran
   * under; a run that is not finished goes on in the folder it has.
   *
   * Safe against a kill at any point: it is written down first that the rename has begun. Called again it goes on, and who
   * reads a run meanwhile finds its folder wherever it lies. When `moveFile` throws, everything goes back and its error is thrown.
   *
   * Refused, with nothing changed, when something is known of the new key already (`is: 'taken'`, with what that is): the
   * caller says `CantSetPropertiesToScheduledJobDefinition`. With one key for both (other capitals) only folders move.
   * Source: scheduled-jobs.md section 11, `--new-name`.
   */
  renameDefinition(rename: Renaming, moveFile: () => Promise<void>): Promise<RenameResult>;
  /**
   * Removes the finished runs with their folders, the firings, the trigger clocks and the highest trigger id; never an
   * unfinished run: who unregisters stops it first, or refuses (`JobStore.unfinishedOf`). Answers with what was removed;
   * called again after a kill it goes on. To be called before the file goes, so that it can be called again, and once more
   * afterwards where a scheduler may have looked at the file in between. Source: scheduled-jobs.md section 11, unregister.
   */
  forgetDefinition(definition: string): Promise<DefinitionTraces>;
  /** Removes the finished runs with their folders, and nothing else. How many. Source: `--clear-execution-history`. */
  clearExecutionHistory(definition: string): Promise<number>;
  /**
   * Removes firings of a definition that were due before an instant (default: all of them), ranges that end before it
   * included. How many due times; `whatIf` only counts them. Clocks stay, so nothing is due again; and the newest firing of
   * each trigger that has a clock stays, from which a clock that ran ahead finds back.
   */
  clearFirings(definition: string, options?: { readonly before?: Date; readonly whatIf?: boolean }): Promise<number>;
  /**
   * `count` ids for new triggers, ascending: above the highest ever given and above those in use (`used`), and from then on
   * remembered, whatever becomes of them. Of a definition to which none was given yet, triggers that have a clock count as
   * given. With `count` 0 only `used` is remembered: what a person numbered by hand. Source: scheduled-jobs.md 12.1.
   */
  nextTriggerIds(definition: string, used: readonly number[], count: number): Promise<readonly number[]>;
  /** After all triggers were removed or replaced: numbering begins at 1 again. */
  forgetTriggerIds(definition: string): Promise<void>;
}

/** What is known of a definition. Runs are the jobs that get-job lists, without their children. */
export interface DefinitionTraces {
  readonly finishedRuns: number;
  readonly unfinishedRuns: number;
  /** Due times with a word; each of a range counts. */
  readonly firings: number;
  readonly clocks: number;
  /** The highest trigger id ever given; 0 when none was, or numbering begins again. */
  readonly highestTriggerId: number;
}

/** From one definition to another. */
export interface Renaming {
  readonly from: NamedKey;
  readonly to: NamedKey;
}

/** A definition's key, and its name in the capitals that its folder has. */
export interface NamedKey {
  readonly key: string;
  readonly name: string;
}

/** What became of a rename. */
export type RenameResult = { readonly is: 'renamed'; /** Those carried over. */ readonly runs: number } | { readonly is: 'taken'; readonly by: DefinitionTraces };

/** Why a due time started nothing. */
export type SkipReason = 'overlap' | 'condition' | 'disabled' | 'misfire' | 'edited';

/**
 * The word of one due time: `Started` and `Skipped` are final; `Waiting` gives way to one of them when the machine has become
 * idle, or not in time.
 */
export type FiringWord = 'Started' | 'Skipped' | 'Waiting' | 'Void';

/** One due time's word, or that of consecutive due times skipped for one reason. Source: reliability specification, section 2. */
export interface Firing {
  /** The definition's key. */
  readonly definition: string;
  readonly triggerId: number;
  readonly dueAt: Date;
  /** The last due time of a range; equal to `dueAt` of a single one. */
  readonly lastDueAt: Date;
  /** How many due times. */
  readonly count: number;
  readonly decidedAt: Date;
  /** Void: made by a clock that was wrong. Kept for the history, outside the unique key. */
  readonly word: FiringWord;
  /** Only with Skipped. */
  readonly reason?: SkipReason;
  /** The job that was started (the one that get-job lists), or the one in the way. */
  readonly instanceId?: string;
  /** What else is to be said of it. */
  readonly text?: string;
}

/** A trigger's memory. `definition` and `triggerId` tell it from all others. */
export interface TriggerClock {
  readonly definition: string;
  readonly triggerId: number;
  /** What the trigger means, as canonical JSON with its resolved zone: another text is another trigger, which has no past. */
  readonly revision: string;
  /** Whether it, and its definition, were enabled when last looked at. */
  readonly enabled: boolean;
  /** When it was first seen, or edited: the anchor of what counts from there. */
  readonly knownSince: Date;
  /** Every due time up to and including this instant has its word. Absent: none was due since `knownSince`. */
  readonly lastDueAt?: Date;
  /** Absent: never again, or unforeseeable. */
  readonly nextDueAt?: Date;
  /** Of a trigger that waits for an event: the last one that it has seen, such as a boot. */
  readonly event?: string;
}

/** What was decided about one definition at one moment. */
export interface FiringDecision {
  readonly definition: string;
  readonly decidedAt: Date;
  /** Ids of the definition's unfinished jobs (started by a trigger or run-now) that the decision looked at, ascending. Absent: it does not depend on them. */
  readonly unfinished?: readonly number[];
  readonly clocks: readonly ClockMove[];
  readonly firings: readonly NewFiring[];
  /** Jobs with their children that no due time asks for, as run-now makes them. Default: none. */
  readonly starts?: readonly (readonly [NewInstance, NewInstance])[];
}

/** From the clock that was seen to the one that follows. Without `from` it is new, without `to` it goes. */
export interface ClockMove {
  readonly from?: TriggerClock;
  readonly to?: TriggerClock;
}

/** A firing that is to be written. Of a Started one, `start` is the job with its child. */
export interface NewFiring extends Omit<Firing, 'definition' | 'decidedAt' | 'lastDueAt' | 'count'> {
  /** Default: `dueAt`, of a single due time. */
  readonly lastDueAt?: Date;
  /** Default 1. */
  readonly count?: number;
  readonly start?: readonly [NewInstance, NewInstance];
  /** Lengthens the trigger's newest row where that was skipped for the same reason, rather than making another. Default false. */
  readonly lengthens?: boolean;
  /** Takes the place of the row with which this due time waited; without that row it is `already-fired`. Default false. */
  readonly waited?: boolean;
}

/**
 * The instances inserted, parent before child. `already-fired`: a row of one of the due times is there; `changed`: a clock or
 * the unfinished jobs are not what the decision was made from. Then nothing of it was written: look again and decide anew.
 */
export type FiringResult = { readonly is: 'fired'; readonly instances: readonly Instance[] } | { readonly is: 'already-fired' } | { readonly is: 'changed' };

/** Members narrow together. */
export interface FiringQuery {
  /** Keys. Default: all. */
  readonly definitions?: readonly string[];
  /** Due at or after; of a range, its end. */
  readonly since?: Date;
  /** Due at or before; of a range, its beginning. */
  readonly until?: Date;
  readonly word?: Firing['word'];
  readonly reason?: SkipReason;
  readonly limit: number;
}
