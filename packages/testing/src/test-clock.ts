import type { Clock } from '@nightshift/sdk';
import { settled } from './real-time.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** 2026-01-01T00:00:00Z, where the clock of a test begins unless it says otherwise. */
export const FIRST_MORNING: Date = new Date(Date.UTC(2026, 0, 1));

/** A clock that the test moves: nobody who sleeps by it waits for real time. */
export class TestClock implements Clock {
  readonly #begin: number;
  #passed = 0;
  /** In the order of their ends; of the same end, in the order in which they went to sleep. */
  #sleepers: Sleeper[] = [];
  #moving: Promise<void> = Promise.resolve();

  constructor(now: Date = FIRST_MORNING) {
    this.#begin = now.getTime();
  }

  now(): Date {
    return new Date(this.#begin + this.#passed);
  }

  monotonic(): number {
    return this.#passed;
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (!(milliseconds > 0)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const cut = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        signal?.removeEventListener('abort', cut);
        resolve();
      };
      const sleeper: Sleeper = { until: this.#passed + milliseconds, wake };
      signal?.addEventListener('abort', cut, { once: true });
      this.#sleepers = [...this.#sleepers, sleeper].toSorted((a, b) => a.until - b.until);
    });
  }

  /**
   * Time goes by: whoever sleeps until then or earlier wakes up at the moment asked for, one after the other, and goes on as far
   * as it can before the next one does. Two calls at once are one after the other. Throws RangeError for a time that goes back.
   */
  advance(milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0) || milliseconds === Infinity) throw new RangeError(`a clock cannot be advanced by ${milliseconds} ms`);
    this.#moving = this.#moving.then(() => this.#pass(milliseconds));
    return this.#moving;
  }

  async #pass(milliseconds: number): Promise<void> {
    const end = this.#passed + milliseconds;
    await settled();
    for (let [next] = this.#sleepers; next !== undefined && next.until <= end; [next] = this.#sleepers) {
      this.#passed = next.until;
      this.#sleepers = this.#sleepers.slice(1);
      next.wake();
      await settled();
    }
    this.#passed = end;
  }
}
