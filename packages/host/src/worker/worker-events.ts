import type { TroubleEvent } from '@nightshift/scheduler';
import type { Instance, Wish } from '@nightshift/sdk';

/** The job that people see, and the attempt of it that this worker has to do with. */
export interface JobOfWorker {
  readonly job: number;
  readonly name: string;
  readonly instanceId: string;
  readonly attempt: number;
}

/** What a worker says of itself while it works, one line each. */
export type WorkerEvent =
  /** `resumed`: runs that the last worker of this name has left, and that go on. */
  | { readonly event: 'ready'; readonly worker: string; readonly routes: readonly string[]; readonly slots: number; readonly resumed: number }
  | ({ readonly event: 'started' } & JobOfWorker)
  | ({ readonly event: 'wish'; readonly wish: Wish['wish'] } & JobOfWorker)
  | ({ readonly event: 'ended'; readonly run: Instance } & JobOfWorker)
  /** An attempt has failed, or never began, and another will be made, by whichever worker takes it. */
  | ({ readonly event: 'retry'; readonly notBefore: Date; readonly statusMessage: string } & JobOfWorker)
  /** Another one decides about the run by now: it is stopped here, and nothing of it counts any more. */
  | ({ readonly event: 'lost' } & JobOfWorker)
  /** Of a run whose worker is lost: what this one has decided. */
  | ({ readonly event: 'abandoned'; readonly retried: boolean } & JobOfWorker)
  | TroubleEvent
  /** It takes nothing more; `running` runs go on. */
  | { readonly event: 'stopping'; readonly running: number };

/** Takes what is said. */
export type WorkerReport = (event: WorkerEvent) => void;
