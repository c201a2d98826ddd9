import type { ChildJob, JobContext } from '@nightshift/sdk';
import { childFinished, childStarted, type Order, sayError } from './encode.ts';
import type { Message } from './message.ts';

type StartChild = Extract<Message, { type: 'startChild' }>;
type StopChild = Extract<Message, { type: 'stopChild' }>;

/** The children of one run, by the program's own word for each. A word is free again when its child has finished. */
export class Children {
  readonly #context: Pick<JobContext<unknown>, 'startChild'>;
  readonly #answer: (order: Order) => void;
  readonly #running = new Map<string, ChildJob>();

  constructor(context: Pick<JobContext<unknown>, 'startChild'>, answer: (order: Order) => void) {
    this.#context = context;
    this.#answer = answer;
  }

  isTaken(ref: string): boolean {
    return this.#running.has(ref);
  }

  /** Resolves when it exists or was refused; its end is told later. */
  async start({ ref, request }: StartChild): Promise<void> {
    try {
      const child = await this.#context.startChild(request);
      this.#running.set(ref, child);
      this.#answer(childStarted(ref, child));
      void this.#awaitEnd(ref, child);
    } catch (error) {
      this.#answer({ type: 'childRefused', ref, error: sayError(error) });
    }
  }

  /** A child that is gone may have finished while the program was writing: so that is told, and is no fault. */
  stop({ ref, reason }: StopChild): void {
    const child = this.#running.get(ref);
    if (child === undefined) return this.#answer({ type: 'error', code: 'PluginMessageInvalid', message: `no running child has the ref ${JSON.stringify(ref)}` });
    child.stop(reason).catch((error: unknown) => this.#answer({ type: 'error', code: 'StopJobError', message: sayError(error).message }));
  }

  async #awaitEnd(ref: string, child: ChildJob): Promise<void> {
    const outcome = await child.finished.catch((error: unknown) => ({ state: 'Failed' as const, error: error as Error }));
    this.#running.delete(ref);
    this.#answer(childFinished(ref, outcome));
  }
}
