/** What a type can do. Absent means no. Verbs are refused from this data, before any instance exists. */
export interface Capabilities {
  /** suspend-job and resume-job. Default false: `Job2OperationNotSupportedOnJob`. */
  readonly suspend?: boolean;
  /** stop-job --force, and the end of the grace period. Default false: the host process is ended instead. */
  readonly kill?: boolean;
  /** Instances may be written to the durable store. Default false: triggers and --persist are refused. */
  readonly persist?: boolean;
  /** Survives its host (Disconnected, then Running). Default false: Failed (interrupted). */
  readonly reattach?: boolean;
  /** May become Blocked and wait for an answer. Default false. */
  readonly input?: boolean;
  /** Definitions of this type may have triggers. Default false. */
  readonly triggers?: boolean;
}

/** The methods that a declared capability obliges a run to have. */
export type When<C, K extends PropertyKey, Methods> = C extends Readonly<Record<K, true>> ? Methods : unknown;
