/**
 * Reads the records of a command from the two files that it writes.
 *
 * A record is a line. Order within a file is exact; stdout comes before stderr, since nobody knows more. A reader has one
 * place per stream: the offset of its first unconsumed record, with the number of lines before it. So `--stream warning`
 * consumes warnings and leaves the output lines around them for later, although all lie in one file:
 *
 *     stdout   o o w o w o |        o output, w warning, | end
 *     output   ^                    nothing consumed yet
 *     warning              ^        all consumed: scanning went to the end
 *
 * A scan begins at the least place of the wanted streams. What it passes over moves the places of the other streams as
 * well, as long as it met none of their records: that is how a job comes to have nothing more.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isFinished, STREAM_NAMES, type Cursor, type Instance, type ReadRequest, type ReadResult, type RunFacts, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from './layout.ts';

/** Makes a record of one line; given by core, so that lines become records in one place. */
export type CutRecord = (line: Uint8Array, channel: Channel, facts: RunFacts | undefined) => Pick<StoredRecord, 'stream' | 'value' | 'bytes'>;

type Channel = 'stdout' | 'stderr';

/** Bytes and lines before a place in a file. */
interface Place {
  readonly offset: number;
  readonly seq: number;
}
type Places = Record<Channel, Partial<Record<StreamName, Place>>>;

const START_PLACE: Place = { offset: 0, seq: 0 };
const CHANNELS: readonly Channel[] = ['stdout', 'stderr'];
/** The streams whose records may lie in a file. */
const STREAMS_OF: Readonly<Record<Channel, readonly StreamName[]>> = { stdout: STREAM_NAMES, stderr: ['error'] };
const CHUNK = 262_144;
/** A line of more bytes than this is delivered in pieces, so that memory stays bounded. */
const LONGEST_LINE = 4_194_304;

export function readCommand(instance: Instance, request: ReadRequest, cut: CutRecord): ReadResult {
  const places = placesOf(request.after);
  const records: StoredRecord[] = [];
  const complete = isFinished(instance.state);
  let more = false;
  for (const channel of CHANNELS) {
    const wanted = STREAMS_OF[channel].filter((stream) => request.streams.includes(stream));
    if (wanted.length === 0) continue;
    const scan = scanChannel(instance, channel, wanted, places[channel], complete, request.limit - records.length, cut);
    records.push(...scan.records);
    more ||= scan.more;
    places[channel] = scan.places;
  }
  const drained = !more && CHANNELS.every((channel) => isDrained(instance, channel, places[channel]));
  return { records, cursor: JSON.stringify(places) as Cursor, more, drained };
}

interface Scan {
  readonly records: readonly StoredRecord[];
  readonly places: Partial<Record<StreamName, Place>>;
  readonly more: boolean;
}

function scanChannel(
  instance: Instance, channel: Channel, wanted: readonly StreamName[], places: Partial<Record<StreamName, Place>>,
  complete: boolean, limit: number, cut: CutRecord,
): Scan {
  const placeOf = (stream: StreamName): Place => places[stream] ?? START_PLACE;
  const from = wanted.map(placeOf).reduce((least, place) => (place.offset < least.offset ? place : least));
  const records: StoredRecord[] = [];
  const met = new Map<StreamName, Place>();
  let seq = from.seq;
  let offset = from.offset;
  let more = false;
  for (const line of linesOf(fileOf(instance, channel), from.offset, complete)) {
    if (records.length >= limit) {
      more = true;
      break;
    }
    const record = withBytes(cut(withoutEnd(line.bytes), channel, instance.run), line.bytes);
    const isNew = offset >= placeOf(record.stream).offset;
    if (isNew && wanted.includes(record.stream)) records.push({ seq: seq + 1, channel, at: null, ...record });
    else if (isNew && !met.has(record.stream)) met.set(record.stream, { offset, seq });
    offset = line.end;
    seq += 1;
  }
  return { records, places: moved(STREAMS_OF[channel], placeOf, wanted, met, from, { offset, seq }), more };
}

/** Every stream's place after a scan of `from` to `to`. */
function moved(
  streams: readonly StreamName[], placeOf: (stream: StreamName) => Place, wanted: readonly StreamName[],
  met: ReadonlyMap<StreamName, Place>, from: Place, to: Place,
): Partial<Record<StreamName, Place>> {
  const places: Partial<Record<StreamName, Place>> = {};
  for (const stream of streams) {
    const place = placeOf(stream);
    const passedOver = place.offset >= from.offset && place.offset < to.offset;
    if (wanted.includes(stream)) places[stream] = place.offset > to.offset ? place : to;
    else places[stream] = passedOver ? (met.get(stream) ?? to) : place;
  }
  return places;
}

/** The lines of a file from `offset` on; a last one without its end only when no more can come. */
function* linesOf(path: string, offset: number, complete: boolean): Generator<{ readonly bytes: Buffer; readonly end: number }> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    let start = offset;
    let position = offset;
    let pending: Buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(file, chunk, 0, CHUNK, position);
      if (length === 0) break;
      position += length;
      const bytes = pending.length === 0 ? chunk.subarray(0, length) : Buffer.concat([pending, chunk.subarray(0, length)]);
      let begin = 0;
      for (let end = bytes.indexOf(10, pending.length); end !== -1; end = bytes.indexOf(10, begin)) {
        start += end + 1 - begin;
        yield { bytes: bytes.subarray(begin, end + 1), end: start };
        begin = end + 1;
      }
      pending = bytes.subarray(begin);
      if (pending.length >= LONGEST_LINE) {
        start += pending.length;
        yield { bytes: pending, end: start };
        pending = Buffer.alloc(0);
      }
    }
    if (complete && pending.length > 0) yield { bytes: pending, end: start + pending.length };
  } finally {
    closeSync(file);
  }
}

/** A line's text: `\n` and `\r\n` end it. */
function withoutEnd(line: Buffer): Buffer {
  if (line.at(-1) !== 10) return line;
  return line.subarray(0, line.at(-2) === 13 ? -2 : -1);
}

/** A plain line is delivered as it was written; a stream command has been read. */
function withBytes<Cut extends { readonly bytes?: Uint8Array }>(record: Cut, bytes: Buffer): Cut {
  return record.bytes === undefined ? record : { ...record, bytes };
}

function isDrained(instance: Instance, channel: Channel, places: Partial<Record<StreamName, Place>>): boolean {
  const file = openIfThere(fileOf(instance, channel));
  if (file === undefined) return true;
  try {
    const { size } = fstatSync(file);
    return STREAMS_OF[channel].every((stream) => (places[stream]?.offset ?? 0) >= size);
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function fileOf(instance: Instance, channel: Channel): string {
  return join(attemptFolder(instance.runFolder ?? '', instance.attempt), RUN_FILES[channel]);
}

function placesOf(cursor: Cursor): Places {
  return cursor === '' ? { stdout: {}, stderr: {} } : (JSON.parse(cursor) as Places);
}
