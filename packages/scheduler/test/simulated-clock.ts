import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@nightshift/sdk';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A wall clock and a monotonic one, which go on when the test says so. */
export class SimulatedClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #sleepers = new Set<Sleeper>();
  /** How often somebody went to sleep. */
  sleeps = 0;

  constructor(now: string) {
    this.#wall = Date.parse(now);
  }

  now(): Date {
    return new Date(this.#wall);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.sleeps += 1;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const sleeper: Sleeper = { until: this.#monotonic + milliseconds, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      }, { once: true });
    });
  }

  /** Time goes by: everybody who sleeps wakes up at the time asked for, one after the other. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#monotonic + milliseconds;
    await settled();
    for (let next = this.#next(); next !== undefined && next.until <= end; next = this.#next()) {
      this.#move(Math.max(0, next.until - this.#monotonic));
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#move(end - this.#monotonic);
  }

  /** Somebody sets the wall clock: no time has gone by. */
  set(now: string | number): void {
    this.#wall = new Date(now).getTime();
  }

  /** Those who sleep now never wake up: their process has died. */
  forget(): void {
    this.#sleepers.clear();
  }

  #next(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (first === undefined || sleeper.until < first.until) first = sleeper;
    return first;
  }

  #move(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
  }
}

/** Everything that can go on without time going by has gone on. */
export async function settled(): Promise<void> {
  await setImmediate();
}
