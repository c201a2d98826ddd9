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
import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isFinished, STREAM_NAMES, type BytesRequest, type BytesResult, type Cursor, type Instance, type ReadRequest, type ReadResult, type RunFacts, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from './layout.ts';
import { openToRead } from './open-to-read.ts';

/** Makes a record of one line; given by core, so that lines become records in one place. */
export type CutRecord = (line: Uint8Array, channel: Channel, facts: RunFacts | undefined) => Pick<StoredRecord, 'stream' | 'value' | 'bytes'> & { readonly firstWarning?: string };

type Channel = 'stdout' | 'stderr';

/** Bytes and records before a place in a file, and whether the warning that comes once is among them. */
interface Place {
  readonly offset: number;
  readonly seq: number;
  readonly warned?: true;
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

/** The bytes of one channel as they are. How many records they hold is counted when somebody asks for records again. */
export function readBytesOf(instance: Instance, { after, channel, limit, wholeLines }: BytesRequest): BytesResult {
  const places = placesOf(after);
  if (wholeLines === true && new Set(STREAMS_OF[channel].map((stream) => places[channel][stream]?.offset ?? 0)).size > 1) {
    return { bytes: Buffer.alloc(0), cursor: after, drained: false, uneven: true };
  }
  const place = places[channel][channel === 'stdout' ? 'output' : 'error'] ?? START_PLACE;
  const read = bytesAt(fileOf(instance, channel), place.offset, limit);
  const bytes = wholeLines === true ? linesIn(read, limit, isFinished(instance.state)) : read;
  const to: Place = { offset: place.offset + bytes.length, seq: bytes.length === 0 ? place.seq : UNCOUNTED };
  places[channel] = Object.fromEntries(STREAMS_OF[channel].map((stream) => [stream, to]));
  return { bytes, cursor: JSON.stringify(places) as Cursor, drained: bytes.length === 0 && CHANNELS.every((one) => isDrained(instance, one, places[one])) };
}

/** What ends with a line end; the rest comes later, unless it is longer than the limit or nothing follows it any more. */
function linesIn(bytes: Uint8Array, limit: number, complete: boolean): Uint8Array {
  const end = bytes.lastIndexOf(10) + 1;
  return (end === 0 && bytes.length === limit) || (complete && bytes.length < limit) ? bytes : bytes.subarray(0, end);
}

function bytesAt(path: string, offset: number, limit: number): Uint8Array {
  const file = openToRead(path);
  if (file === undefined) return Buffer.alloc(0);
  try {
    const bytes = Buffer.allocUnsafe(limit);
    return bytes.subarray(0, readSync(file, bytes, 0, limit, offset));
  } finally {
    closeSync(file);
  }
}

/** The `seq` of a place that was reached without a look at its records. */
const UNCOUNTED = -1;

/** The place with the records before it counted. */
function counted(instance: Instance, channel: Channel, place: Place, cut: CutRecord): Place {
  let seq = 0;
  let warned = false;
  for (const line of linesOf(fileOf(instance, channel), 0, true)) {
    if (line.end > place.offset) break;
    seq += 1;
    if (!warned && cut(withoutEnd(line.bytes), channel, instance.run).firstWarning !== undefined) {
      warned = true;
      seq += 1;
    }
  }
  return { offset: place.offset, seq, ...(warned ? { warned } : {}) };
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
  const least = wanted.map(placeOf).reduce((one, other) => (other.offset < one.offset ? other : one));
  const from = least.seq === UNCOUNTED ? counted(instance, channel, least, cut) : least;
  const records: StoredRecord[] = [];
  const met = new Map<StreamName, Place>();
  let { seq, offset, warned } = from;
  let more = false;
  for (const line of linesOf(fileOf(instance, channel), from.offset, complete)) {
    if (records.length >= limit) {
      more = true;
      break;
    }
    const { firstWarning, ...record } = cut(withoutEnd(line.bytes), channel, line.continues ? asRest(instance.run) : instance.run);
    const before: Place = { offset, seq, ...(warned === undefined ? {} : { warned }) };
    const warning = firstWarning === undefined || warned === true ? [] : [{ stream: 'warning', value: firstWarning } as const];
    for (const one of [withBytes(record, line.bytes), ...warning]) {
      const isNew = offset >= placeOf(one.stream).offset;
      seq += 1;
      if (isNew && wanted.includes(one.stream)) records.push({ seq, channel, at: null, ...one });
      else if (isNew && !met.has(one.stream)) met.set(one.stream, before);
    }
    if (warning.length > 0) warned = true;
    offset = line.end;
  }
  const end: Place = { offset, seq, ...(warned === undefined ? {} : { warned }) };
  return { records, places: moved(STREAMS_OF[channel], placeOf, wanted, met, from, end), more };
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

/** The rest of a line is no stream command, whatever it begins with. */
function asRest(facts: RunFacts | undefined): RunFacts {
  return { ...(facts as RunFacts), streamCommands: false };
}

interface LineOfFile {
  readonly bytes: Buffer;
  /** Offset behind it. */
  readonly end: number;
  /** It begins in the middle of a line: the beginning was delivered as a piece, or as bytes. */
  readonly continues: boolean;
}

/** The lines of a file from `offset` on; a last one without its end only when no more can come. */
function* linesOf(path: string, offset: number, complete: boolean): Generator<LineOfFile> {
  const file = openToRead(path);
  if (file === undefined) return;
  try {
    let continues = isWithinLine(file, offset);
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
        yield { bytes: bytes.subarray(begin, end + 1), end: start, continues };
        continues = false;
        begin = end + 1;
      }
      pending = bytes.subarray(begin);
      if (pending.length >= LONGEST_LINE) {
        start += pending.length;
        yield { bytes: pending, end: start, continues };
        continues = true;
        pending = Buffer.alloc(0);
      }
    }
    if (complete && pending.length > 0) yield { bytes: pending, end: start + pending.length, continues };
  } finally {
    closeSync(file);
  }
}

function isWithinLine(file: number, offset: number): boolean {
  const before = Buffer.alloc(1);
  return offset > 0 && readSync(file, before, 0, 1, offset - 1) === 1 && before[0] !== 10;
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
  const file = openToRead(fileOf(instance, channel));
  if (file === undefined) return true;
  try {
    const { size } = fstatSync(file);
    return STREAMS_OF[channel].every((stream) => (places[stream]?.offset ?? 0) >= size);
  } finally {
    closeSync(file);
  }
}

function fileOf(instance: Instance, channel: Channel): string {
  return join(attemptFolder(instance.runFolder ?? '', instance.attempt), RUN_FILES[channel]);
}

function placesOf(cursor: Cursor): Places {
  return { stdout: {}, stderr: {}, ...(cursor === '' ? {} : (JSON.parse(cursor) as Partial<Places>)) };
}
