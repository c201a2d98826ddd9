/** Why the instance exists. */
export type JobOrigin =
  | { readonly kind: 'demand'; /** From `--run-now` rather than start-job. */ readonly runNow: boolean }
  | {
      readonly kind: 'trigger';
      readonly triggerId: string;
      /** The instant that the trigger named. */
      readonly dueAt: Date;
      /** True when fired late on purpose. */
      readonly catchUp: boolean;
    }
  | { readonly kind: 'parent'; /** The parent's `id`. */ readonly parentId: number };

/** How an instance is known. */
export interface JobIdentity {
  /** Small number for people; one counter for every store, never reused. */
  readonly id: number;
  /** UUIDv7; the job's name for ever. */
  readonly instanceId: string;
  /** Default `Job<id>`; a triggered instance carries its definition's name. */
  readonly name: string;
  /** 1 for the first try, 2 for the first retry, and so on. */
  readonly attempt: number;
}
