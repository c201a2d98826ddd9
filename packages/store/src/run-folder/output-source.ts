import type { Instance, OutputChannel } from '@nightshift/sdk';

/**
 * Where the bytes are read from that a run has written: its run folder (`folder-output.ts`), or the store of an engine. What is
 * made of them, records and cursors, is the same for all: `read-attempts.ts`.
 */
export interface OutputSource {
  /** False: it writes nothing itself, as a parent, or nothing of it is kept. */
  hasOutput(instance: Instance): boolean;
  /** What the current attempt of an instance has written into a channel so far; undefined: there is nothing (yet). */
  open(instance: Instance, channel: OutputChannel): Promise<ChannelFile | undefined>;
}

/** Bytes that only become more. */
export interface ChannelFile {
  /** Up to `length` bytes from `position` on; fewer only at the end. Nobody writes into them any more. */
  read(position: number, length: number): Promise<Buffer>;
  size(): Promise<number>;
  close(): void;
}

/** How many bytes are asked for at a time: about what the records of one request lie in. Whoever is far away reads ahead. */
export const PIECE = 65_536;
