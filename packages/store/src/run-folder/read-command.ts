/**
 * Reads the records of a command from the two channels that it writes into.
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
import { isFinished, STREAM_NAMES, type BytesRequest, type BytesResult, type Cursor, type Instance, type ReadRequest, type ReadResult, type RunFacts, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { openChannel, sizeOf } from './channel-file.ts';
import { PIECE, type ChannelFile, type OutputSource } from './output-source.ts';

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
const NEWLINE = 10;
/** A line of more bytes than this is delivered in pieces, so that memory stays bounded. */
const LONGEST_LINE = 4_194_304;

export async function readCommand(source: OutputSource, instance: Instance, request: ReadRequest, cut: CutRecord): Promise<ReadResult> {
  const places = placesOf(request.after);
  const records: StoredRecord[] = [];
  const complete = isFinished(instance.state);
  let more = false;
  for (const channel of CHANNELS) {
    const wanted = STREAMS_OF[channel].filter((stream) => request.streams.includes(stream));
    if (wanted.length === 0 || more) continue;
    const scan = await scanChannel(source, instance, channel, wanted, places[channel], complete, request.limit - records.length, cut);
    records.push(...scan.records);
    more ||= scan.more;
    places[channel] = scan.places;
  }
  const drained = !more && (await isDrained(source, instance, places));
  return { records, cursor: JSON.stringify(places) as Cursor, more, drained };
}

/** The bytes of one channel as they are. How many records they hold is counted when somebody asks for records again. */
export async function readBytesOf(source: OutputSource, instance: Instance, { after, channel, limit, wholeLines }: BytesRequest): Promise<BytesResult> {
  const places = placesOf(after);
  if (wholeLines === true && new Set(STREAMS_OF[channel].map((stream) => places[channel][stream]?.offset ?? 0)).size > 1) {
    return { bytes: Buffer.alloc(0), cursor: after, drained: false, uneven: true };
  }
  const place = places[channel][channel === 'stdout' ? 'output' : 'error'] ?? START_PLACE;
  const read = await bytesAt(await openChannel(source, instance, channel), place.offset, limit);
  const bytes = wholeLines === true ? linesIn(read, limit, isFinished(instance.state)) : read;
  const to: Place = { offset: place.offset + bytes.length, seq: bytes.length === 0 ? place.seq : UNCOUNTED };
  places[channel] = Object.fromEntries(STREAMS_OF[channel].map((stream) => [stream, to]));
  return { bytes, cursor: JSON.stringify(places) as Cursor, drained: bytes.length === 0 && (await isDrained(source, instance, places)) };
}

/** What ends with a line end; the rest comes later, unless it is longer than the limit or nothing follows it any more. */
function linesIn(bytes: Uint8Array, limit: number, complete: boolean): Uint8Array {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  return (end === 0 && bytes.length === limit) || (complete && bytes.length < limit) ? bytes : bytes.subarray(0, end);
}

async function bytesAt(file: ChannelFile | undefined, offset: number, limit: number): Promise<Uint8Array> {
  try {
    return (await file?.read(offset, limit)) ?? Buffer.alloc(0);
  } finally {
    file?.close();
  }
}

/** The `seq` of a place that was reached without a look at its records. */
const UNCOUNTED = -1;

/** The place with the records before it counted. */
async function counted(source: OutputSource, instance: Instance, channel: Channel, place: Place, cut: CutRecord): Promise<Place> {
  let seq = 0;
  let warned = false;
  let passed = false;
  for await (const lines of linesOf(await openChannel(source, instance, channel), 0, true)) {
    for (const line of lines) {
      passed = line.end > place.offset;
      if (passed) break;
      seq += 1;
      if (!warned && cut(withoutEnd(line.bytes), channel, instance.run).firstWarning !== undefined) {
        warned = true;
        seq += 1;
      }
    }
    if (passed) break;
  }
  return { offset: place.offset, seq, ...(warned ? { warned } : {}) };
}

interface Scan {
  readonly records: readonly StoredRecord[];
  readonly places: Partial<Record<StreamName, Place>>;
  readonly more: boolean;
}

async function scanChannel(
  source: OutputSource, instance: Instance, channel: Channel, wanted: readonly StreamName[], places: Partial<Record<StreamName, Place>>,
  complete: boolean, limit: number, cut: CutRecord,
): Promise<Scan> {
  const placeOf = (stream: StreamName): Place => places[stream] ?? START_PLACE;
  const least = wanted.map(placeOf).reduce((one, other) => (other.offset < one.offset ? other : one));
  const from = least.seq === UNCOUNTED ? await counted(source, instance, channel, least, cut) : least;
  const records: StoredRecord[] = [];
  const met = new Map<StreamName, Place>();
  let { seq, offset, warned } = from;
  let more = false;
  for await (const lines of linesOf(await openChannel(source, instance, channel), from.offset, complete)) {
    for (const line of lines) {
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
    if (more) break;
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

/**
 * The lines of a file from `offset` on, those that end in one piece of it together; a last one without its end only when no
 * more can come. The byte before them is read too: it says whether the first one is a whole line.
 */
async function* linesOf(file: ChannelFile | undefined, offset: number, complete: boolean): AsyncGenerator<Iterable<LineOfFile>> {
  if (file === undefined) return;
  try {
    const before = offset === 0 ? 0 : 1;
    let [start, pending, continues]: [number, Buffer, boolean] = [offset, Buffer.alloc(0), false];
    function* cut(piece: Buffer): Generator<LineOfFile> {
      const bytes = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      let begin = 0;
      for (let end = bytes.indexOf(NEWLINE, pending.length); end !== -1; end = bytes.indexOf(NEWLINE, begin)) {
        start += end + 1 - begin;
        yield { bytes: bytes.subarray(begin, end + 1), end: start, continues };
        continues = false;
        begin = end + 1;
      }
      pending = bytes.subarray(begin);
      if (pending.length < LONGEST_LINE) return;
      start += pending.length;
      yield { bytes: pending, end: start, continues };
      continues = true;
      pending = Buffer.alloc(0);
    }
    for (let position = offset - before, isLast = false; !isLast; ) {
      const piece = await file.read(position, PIECE);
      isLast = piece.length < PIECE;
      const isFirst = position < offset;
      if (isFirst) continues = piece.length > 0 && piece[0] !== NEWLINE;
      yield cut(isFirst ? piece.subarray(before) : piece);
      position += piece.length;
    }
    if (complete && pending.length > 0) yield [{ bytes: pending, end: start + pending.length, continues }];
  } finally {
    file.close();
  }
}

/** A line's text: `\n` and `\r\n` end it. */
function withoutEnd(line: Buffer): Buffer {
  if (line.at(-1) !== NEWLINE) return line;
  return line.subarray(0, line.at(-2) === 13 ? -2 : -1);
}

/** A plain line is delivered as it was written; a stream command has been read. */
function withBytes<Cut extends { readonly bytes?: Uint8Array }>(record: Cut, bytes: Buffer): Cut {
  return record.bytes === undefined ? record : { ...record, bytes };
}

async function isDrained(source: OutputSource, instance: Instance, places: Places): Promise<boolean> {
  for (const channel of CHANNELS) {
    const size = await sizeOf(source, instance, channel);
    if (!STREAMS_OF[channel].every((stream) => (places[channel][stream]?.offset ?? 0) >= size)) return false;
  }
  return true;
}

function placesOf(cursor: Cursor): Places {
  return { stdout: {}, stderr: {}, ...(cursor === '' ? {} : (JSON.parse(cursor) as Partial<Places>)) };
}
