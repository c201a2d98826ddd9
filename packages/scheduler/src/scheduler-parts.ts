import type { Clock, FiringStore, JobErrorFacts, NewInstance } from '@nightshift/sdk';
import type { TriggerOrigin, Wait } from './decide.ts';
import type { Report } from './events.ts';
import type { MachineProbe } from './machine-probe.ts';
import type { RunEngine } from './run-engine.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import type { MachineEvents } from './trigger-state.ts';

/** A definition that cannot be scheduled. */
export interface Broken {
  readonly key: string;
  readonly name: string;
  readonly errors: readonly JobErrorFacts[];
}

/** A definition that can be scheduled, or what is wrong with it. */
export type Loaded<Plan> = ScheduledDefinition<Plan> | Broken;

/** Where definitions come from. */
export interface ScheduledDefinitions<Plan> {
  list(): AsyncIterable<Loaded<Plan>>;
  /** What is there under these names now, in each namespace, each once; nothing for those that are gone. */
  find(names: readonly string[]): Promise<readonly Loaded<Plan>[]>;
  /** Names that changed. */
  watch(signal: AbortSignal): AsyncIterable<{ readonly name: string }>;
  /** Keys that a name may have. */
  keysOf(name: string): readonly string[];
  /**
   * Acts while nobody else can rename a definition or take it away; undefined, and nothing was done, while somebody is at it.
   * Default: nobody ever is.
   */
  alone?<T>(act: () => Promise<T>): Promise<T | undefined>;
  /** True where others of these namespaces are not listed: what is not listed is then not gone. Default false. */
  readonly isPart?: boolean;
}

/** What the scheduler is given by others. */
export interface SchedulerParts<Plan> {
  readonly clock: Clock;
  readonly firings: FiringStore;
  readonly definitions: ScheduledDefinitions<Plan>;
  readonly engine: RunEngine;
  readonly events: MachineEvents;
  readonly machine: MachineProbe;
  /** Whether the scheduler has been here in this boot before. */
  readonly sinceBoot: boolean;
  readonly instances: (plan: Plan, origin: TriggerOrigin, wait: Wait) => readonly [NewInstance, NewInstance];
  readonly report: Report;
  /** Why nothing may be started now. */
  readonly hindrance?: () => JobErrorFacts | undefined;
  /** Codes of errors after which there is no going on. */
  readonly fatal: readonly string[];
}
