/**
 * Reads the records of a run of JavaScript: one object a line, in the order in which they were written, over all
 * streams. A last line without its end is no record: whoever wrote it was cut off, or is still writing.
 *
 * A reader has one place per stream: the offset of its first unconsumed record. A scan begins at the least place of the wanted
 * streams; what it passes over moves the places of the others as well, as long as it met none of their records.
 */
import { STREAM_NAMES, type Cursor, type Instance, type ReadRequest, type ReadResult, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { PIECE, type ChannelFile, type OutputSource } from './output-source.ts';

type Places = Partial<Record<StreamName, number>>;

export const NEWLINE = 10;

export async function readCode(source: OutputSource, instance: Instance, { after, streams, limit }: ReadRequest): Promise<ReadResult> {
  const places = placesOf(after);
  const placeOf = (stream: StreamName): number => places[stream] ?? 0;
  const from = streams.length === 0 ? 0 : Math.min(...streams.map(placeOf));
  const records: StoredRecord[] = [];
  const met = new Map<StreamName, number>();
  let end = from;
  let more = false;
  for await (const lines of streams.length === 0 ? [] : linesOf(await source.open(instance, 'records'), from)) {
    for (const line of lines) {
      const record = recordOf(line.text);
      if (record !== undefined && line.start >= placeOf(record.stream)) {
        if (!streams.includes(record.stream)) {
          if (!met.has(record.stream)) met.set(record.stream, line.start);
        } else if (records.length >= limit) {
          more = true;
          break;
        } else records.push(record);
      }
      ({ end } = line);
    }
    if (more) break;
  }
  const moved: Places = {};
  for (const stream of STREAM_NAMES) {
    const place = placeOf(stream);
    const passedOver = place >= from && place < end;
    moved[stream] = streams.includes(stream) ? Math.max(place, end) : passedOver ? (met.get(stream) ?? end) : place;
  }
  const drained = !more && (await isDrained(source, instance, moved));
  return { records, cursor: JSON.stringify({ records: moved }) as Cursor, more, drained };
}

function placesOf(cursor: Cursor): Places {
  return cursor === '' ? {} : ((JSON.parse(cursor) as { readonly records?: Places }).records ?? {});
}

/** A line that is no record of ours is passed over: somebody has written into the file. */
export function recordOf(text: string): StoredRecord | undefined {
  try {
    const { seq, at, stream, value } = JSON.parse(text) as { seq?: unknown; at?: unknown; stream?: unknown; value?: unknown };
    if (typeof seq !== 'number' || !STREAM_NAMES.includes(stream as StreamName) || value === undefined) return undefined;
    return { seq, at: typeof at === 'string' ? new Date(at) : null, stream: stream as StreamName, value } as StoredRecord;
  } catch {
    return undefined;
  }
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The whole lines from `from` on, those that end in one piece together. */
async function* linesOf(file: ChannelFile | undefined, from: number): AsyncGenerator<Iterable<Line>> {
  if (file === undefined) return;
  try {
    let [start, position, pending]: [number, number, Buffer] = [from, from, Buffer.alloc(0)];
    function* cut(piece: Buffer): Generator<Line> {
      const bytes = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      let begin = 0;
      for (let at = bytes.indexOf(NEWLINE, pending.length); at !== -1; at = bytes.indexOf(NEWLINE, begin)) {
        const end = start + at + 1 - begin;
        yield { text: bytes.toString('utf8', begin, at), start, end };
        start = end;
        begin = at + 1;
      }
      pending = bytes.subarray(begin);
    }
    for (let isLast = false; !isLast; ) {
      const piece = await file.read(position, PIECE);
      position += piece.length;
      isLast = piece.length < PIECE;
      yield cut(piece);
    }
  } finally {
    file.close();
  }
}

async function isDrained(source: OutputSource, instance: Instance, places: Places): Promise<boolean> {
  const least = Math.min(...STREAM_NAMES.map((stream) => places[stream] ?? 0));
  const file = await source.open(instance, 'records');
  try {
    return file === undefined || least >= (await file.size()) || !(await hasLine(file, least));
  } finally {
    file?.close();
  }
}

/** Whether a whole line begins at `from` or behind it; looked for up to its end. */
async function hasLine(file: ChannelFile, from: number): Promise<boolean> {
  for (let position = from; ; position += PIECE) {
    const piece = await file.read(position, PIECE);
    if (piece.includes(NEWLINE)) return true;
    if (piece.length < PIECE) return false;
  }
}
