/**
 * Ships what a run writes to the engine, byte for byte and at its offset: from the files of its attempt on this machine to the
 * channels of its attempt there. Where it goes on from is what the engine has, so nothing of that needs to be written down.
 *
 * A run that outlives its host may need several attempts on this machine for one of the engine's: their files are one channel,
 * one after the other. Of records only whole lines go, so that a line that was cut off is no part of the next.
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isFinished, type Clock, type Instance, type OutputChannel, type OutputStore } from '@nightshift/sdk';
import { attemptFolder, openToRead, RUN_FILES } from '@nightshift/store';
import type { Gate } from './gate.ts';

/** Bytes that go at once. More at a time take more memory, fewer more time. */
export const CHUNK = 4_194_304;
/** So few are shipped as soon as they are there. */
const SMALL = 4_096;
/** Milliseconds within which more than that is shipped, however slowly it comes. */
const PAUSE = 250;

/** `fenced`: somebody else decides about the run by now, and nothing more of it counts. `more`: ask again at once. `later`: ask again soon. */
export type Shipped = 'all' | 'more' | 'later' | 'fenced';

/** To what of the engine's a run on this machine ships. */
export interface ShipTarget {
  readonly instanceId: string;
  readonly attempt: number;
  readonly fence: number;
  /** The first attempt here that belongs to it. */
  readonly from: number;
}

export interface ShippingParts {
  readonly output: OutputStore;
  readonly clock: Clock;
  /** Lets only so many pieces be in memory at a time, each of `CHUNK` bytes. */
  readonly gate: Gate;
}

export interface Shipping {
  /** Ships at most one piece of each channel; of a run that has ended everything is whole. Throws what keeps it from that. */
  ship(run: Instance): Promise<Shipped>;
}

export function createShipping({ output, clock, gate }: ShippingParts, { from, ...target }: ShipTarget): Shipping {
  const offsets = new Map<OutputChannel, number>();
  let last = -Infinity;

  const shipPiece = async (run: Instance, channel: OutputChannel, piece: Piece, offset: number, buffer: Buffer): Promise<Shipped> => {
    const bytes = readPiece(piece, offset, buffer, channel === 'records' && !(piece.isLast && isFinished(run.state)));
    if (bytes.length === 0) return 'all';
    const answer = await output.append({ ...target, channel, offset }, bytes);
    if (answer.is === 'fenced') return 'fenced';
    offsets.set(channel, answer.is === 'gap' ? answer.size : offset + bytes.length);
    return 'more';
  };
  const shipChannel = async (run: Instance, channel: OutputChannel): Promise<Shipped> => {
    const pieces = piecesOf(run, from, channel);
    const size = endOf(pieces.at(-1));
    if (size === 0) return 'all';
    const offset = offsets.get(channel) ?? (await output.size({ ...target, channel }));
    offsets.set(channel, offset);
    const left = size - offset;
    if (left <= 0) return 'all';
    if (!isFinished(run.state) && left > SMALL && left < CHUNK && clock.monotonic() - last < PAUSE) return 'later';
    last = clock.monotonic();
    const piece = pieces.find((one) => offset < endOf(one)) as Piece;
    return gate((buffer) => shipPiece(run, channel, piece, offset, buffer));
  };
  return {
    async ship(run) {
      const answers: Shipped[] = [];
      for (const channel of channelsOf(run)) answers.push(await shipChannel(run, channel));
      return ORDER.find((one) => answers.includes(one)) ?? 'all';
    },
  };
}

const ORDER: readonly Shipped[] = ['fenced', 'more', 'later'];

/** What the host of JavaScript prints is nobody's. */
function channelsOf({ run }: Instance): readonly OutputChannel[] {
  return run?.form === 'code' ? ['records'] : run?.mergeStreams === true ? ['stdout'] : ['stdout', 'stderr'];
}

/** What one attempt here has written into a channel, and where that begins in the channel. */
interface Piece {
  readonly path: string;
  readonly start: number;
  readonly size: number;
  readonly isLast: boolean;
}

function endOf(piece: Piece | undefined): number {
  return piece === undefined ? 0 : piece.start + piece.size;
}

function piecesOf({ runFolder = '', attempt }: Instance, from: number, channel: OutputChannel): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let number = from; number <= attempt; number++) {
    const path = join(attemptFolder(runFolder, number), RUN_FILES[channel]);
    const isLast = number === attempt;
    pieces.push({ path, start: endOf(pieces.at(-1)), size: channel === 'records' && !isLast ? wholeLines(path) : sizeOf(path), isLast });
  }
  return pieces;
}

/** As much as the buffer holds, from an offset in the channel on; with `lines` up to the end of a line, unless one line is longer than that. */
function readPiece({ path, start, size }: Piece, offset: number, buffer: Buffer, lines: boolean): Uint8Array {
  const file = openToRead(path);
  if (file === undefined) return new Uint8Array();
  try {
    const wanted = buffer.subarray(0, Math.min(buffer.length, start + size - offset));
    const read = wanted.subarray(0, readFully(file, wanted, offset - start));
    if (!lines) return read;
    const end = read.lastIndexOf(NEWLINE) + 1;
    return end === 0 && read.length === buffer.length ? read : read.subarray(0, end);
  } finally {
    closeSync(file);
  }
}

const NEWLINE = 10;

function readFully(file: number, into: Buffer, position: number): number {
  let done = 0;
  for (let length = -1; done < into.length && length !== 0; done += length) length = readSync(file, into, done, into.length - done, position + done);
  return done;
}

function sizeOf(path: string): number {
  const file = openToRead(path);
  if (file === undefined) return 0;
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

/** Bytes up to the end of the last whole line. */
function wholeLines(path: string): number {
  const file = openToRead(path);
  if (file === undefined) return 0;
  try {
    for (let end = fstatSync(file).size; end > 0; ) {
      const start = Math.max(0, end - CHUNK);
      const bytes = Buffer.allocUnsafe(end - start);
      const at = bytes.subarray(0, readFully(file, bytes, start)).lastIndexOf(NEWLINE);
      if (at !== -1) return start + at + 1;
      end = start;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}
