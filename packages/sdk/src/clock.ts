/** The only source of time: tests put their own in its place. */
export interface Clock {
  /** What clocks on the wall show: says which due time, may jump in either direction. */
  now(): Date;
  /** Milliseconds since some instant, by a clock that nobody can set: says how long. */
  monotonic(): number;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. Any length is allowed; nothing fires early. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
