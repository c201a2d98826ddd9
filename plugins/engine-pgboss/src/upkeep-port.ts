/** Upkeep of one open engine. */
export interface Upkeep {
  /** Looks whether something is due, and begins with it. Returns at once. Throws what went wrong the last time. */
  tend(): void;
  /** Something that can be done another time went wrong: `tend` will say so. */
  failed(cause: unknown): void;
  /** What has begun is done, or has failed. */
  settled(): Promise<void>;
}
