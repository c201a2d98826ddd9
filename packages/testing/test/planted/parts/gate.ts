/** Where work that can be suspended waits between two steps. */
export interface Gate {
  /** Does one step as soon as the gate is open. False, and nothing done, when the run has ended before. */
  step(work: () => Promise<void>): Promise<boolean>;
  /** Resolves when no step is under way any more. */
  close(): Promise<void>;
  open(): void;
}

/** An open gate; `ended` lets the waiting ones go. */
export function createGate(ended: AbortSignal): Gate {
  let closed: PromiseWithResolvers<void> | undefined;
  let underWay: Promise<void> | undefined;
  ended.addEventListener('abort', () => closed?.resolve(), { once: true });
  /** Closed again before the waiting one has had its turn: it waits on. */
  async function whenOpen(): Promise<void> {
    if (closed === undefined || ended.aborted) return;
    await closed.promise;
    await whenOpen();
  }
  return {
    async step(work) {
      await whenOpen();
      if (ended.aborted) return false;
      const doing = work();
      underWay = doing.catch(() => undefined);
      try {
        await doing;
      } finally {
        underWay = undefined;
      }
      return true;
    },
    async close() {
      closed ??= Promise.withResolvers<void>();
      await underWay;
    },
    open() {
      closed?.resolve();
      closed = undefined;
    },
  };
}
