import type { ServiceFacts } from './service-facts.ts';

/** Whoever runs the services of a user on a system. */
export interface ServiceManager {
  /** What the service is called there. */
  readonly unit: string;
  /** Absolute path of its file. */
  readonly file: string;
  textOf(facts: ServiceFacts): string;
  /** What is wrong with a text in the manager's own words; undefined where nothing is, or where nobody can tell. */
  faultOf(text: string): Promise<string | undefined>;
  /** Whether there is one that can be asked. */
  isThere(): boolean;
  /** Process id of the running service; undefined when it does not run, or nobody can tell. */
  pid(): number | undefined;
  /** Reads the file and has the service run, now and from the next start on. `anew`: it may run as an older file said. Throws `ServiceManagerFailed`. */
  start(anew: boolean): void;
  /** Stops the service, now and for good; running jobs go on. Throws `ServiceManagerFailed`. */
  stop(): void;
  /** The file has gone. */
  forget(): Promise<void>;
  /** To be typed where the manager could not be asked. */
  readonly toStart: readonly string[];
  readonly toStop: readonly string[];
  /** To be typed for what only the user can decide; none where that is done. */
  advice(): readonly Advice[];
  /** Shows what the service has said. */
  readonly log: string;
}

/** A command, and what it is good for. */
export interface Advice {
  readonly purpose: string;
  readonly command: string;
}
