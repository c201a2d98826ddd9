import { asciiLower } from '@nightshift/sdk';

/** Names that wait to be fetched, each once; a failure is fetched last. */
export interface NameQueue {
  add(name: string): void;
  fail(cause: unknown): void;
  /** Ends with the signal. */
  take(): AsyncGenerator<{ readonly name: string }>;
}

export function createNameQueue(signal: AbortSignal): NameQueue {
  const names = new Map<string, string>();
  let failure: { readonly cause: unknown } | undefined;
  let wake: (() => void) | undefined;
  const ring = (): void => wake?.();
  return {
    add(name) {
      names.set(asciiLower(name), name);
      ring();
    },
    fail(cause) {
      failure ??= { cause };
      ring();
    },
    async *take() {
      signal.addEventListener('abort', ring);
      try {
        while (!signal.aborted) {
          const [first] = names;
          if (first !== undefined) {
            names.delete(first[0]);
            yield { name: first[1] };
          } else if (failure !== undefined) {
            throw failure.cause;
          } else {
            await new Promise<void>((resolve) => (wake = resolve));
          }
        }
      } finally {
        signal.removeEventListener('abort', ring);
      }
    },
  };
}
