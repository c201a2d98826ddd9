/** The only source of time: tests put their own in its place. */
export interface Clock {
  now(): Date;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. Any length is allowed; nothing fires early. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
