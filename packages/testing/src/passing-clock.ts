import type { Clock } from '@nightshift/sdk';
import { pause } from './real-time.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * Real time that can be made to jump ahead. A job type may wait for a process or a thread, for which no other time passes; what it
 * waits for by the clock alone need not be waited for.
 */
export class PassingClock implements Clock {
  readonly #begin = performance.now();
  readonly #wall = Date.now();
  readonly #sleepers = new Set<Sleeper>();
  #ahead = 0;

  now(): Date {
    return new Date(this.#wall + this.monotonic());
  }

  monotonic(): number {
    return performance.now() - this.#begin + this.#ahead;
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    if (!(milliseconds > 0)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const over = (): void => {
        this.#sleepers.delete(sleeper);
        timer[Symbol.dispose]();
        signal?.removeEventListener('abort', cut);
      };
      const cut = (): void => {
        over();
        reject(signal?.reason as Error);
      };
      const wake = (): void => {
        over();
        resolve();
      };
      const sleeper: Sleeper = { until: this.monotonic() + milliseconds, wake };
      this.#sleepers.add(sleeper);
      // Who forgot it does not keep the process: it is counted instead.
      const timer = pause(Math.min(milliseconds, LONGEST), { keepsAlive: false });
      void timer.then(wake);
      signal?.addEventListener('abort', cut, { once: true });
    });
  }

  /** Whoever sleeps no longer than that wakes up now. */
  jump(milliseconds: number): void {
    this.#ahead += milliseconds;
    const now = this.monotonic();
    const due = [...this.#sleepers].filter(({ until }) => until <= now).toSorted((a, b) => a.until - b.until);
    for (const { wake } of due) wake();
  }
}

/** No timer can wait longer; no exercise takes as long. */
const LONGEST = 2_147_483_647;
