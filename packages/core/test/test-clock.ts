import type { Clock } from '@nightshift/sdk';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Time that passes when the test says so. */
export class TestClock implements Clock {
  #wall = Date.UTC(2026, 0, 2, 3, 4, 5);
  #monotonic = 0;
  #sleepers: Sleeper[] = [];
  #onSleep: (() => void) | undefined;

  now(): Date {
    return new Date(this.#wall);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { until: this.#monotonic + milliseconds, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason as Error);
      }, { once: true });
      this.#onSleep?.();
    });
  }

  /** Resolves when somebody sleeps. */
  async asleep(): Promise<void> {
    if (this.#sleepers.length > 0) return;
    await new Promise<void>((resolve) => (this.#onSleep = resolve));
  }

  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** Time goes by: whoever has slept long enough wakes up. */
  advance(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
    const due = this.#sleepers.filter(({ until }) => until <= this.#monotonic);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#monotonic);
    for (const { wake } of due) wake();
  }

  /** Somebody sets the wall clock: no time has gone by. */
  set(milliseconds: number): void {
    this.#wall += milliseconds;
  }
}
