/**
 * Reads and writes the records of a run of JavaScript: one object a line, in the order in which they were written, over all
 * streams. A last line without its end is no record: whoever wrote it was cut off, or is still writing.
 *
 * A reader has one place per stream: the offset of its first unconsumed record. A scan begins at the least place of the wanted
 * streams; what it passes over moves the places of the others as well, as long as it met none of their records.
 */
import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_NAMES, type Cursor, type Instance, type ReadRequest, type ReadResult, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from './layout.ts';
import { openToRead } from './open-to-read.ts';

type Places = Partial<Record<StreamName, number>>;

const CHUNK = 262_144;
const NEWLINE = 10;

export function readCode(instance: Instance, { after, streams, limit }: ReadRequest): ReadResult {
  const path = join(attemptFolder(instance.runFolder ?? '', instance.attempt), RUN_FILES.records);
  const places = placesOf(after);
  const placeOf = (stream: StreamName): number => places[stream] ?? 0;
  const from = streams.length === 0 ? 0 : Math.min(...streams.map(placeOf));
  const records: StoredRecord[] = [];
  const met = new Map<StreamName, number>();
  let end = from;
  let more = false;
  for (const line of streams.length === 0 ? [] : linesOf(path, from)) {
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
  const moved: Places = {};
  for (const stream of STREAM_NAMES) {
    const place = placeOf(stream);
    const passedOver = place >= from && place < end;
    moved[stream] = streams.includes(stream) ? Math.max(place, end) : passedOver ? (met.get(stream) ?? end) : place;
  }
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return { records, cursor: JSON.stringify({ records: moved }) as Cursor, more, drained: !more && STREAM_NAMES.every((stream) => (moved[stream] ?? 0) >= wholeLines(path, size)) };
}

function placesOf(cursor: Cursor): Places {
  return cursor === '' ? {} : ((JSON.parse(cursor) as { readonly records?: Places }).records ?? {});
}

/** A line that is no record of ours is passed over: somebody has written into the file. */
function recordOf(text: string): StoredRecord | undefined {
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

function* linesOf(path: string, from: number): Generator<Line> {
  const file = openToRead(path);
  if (file === undefined) return;
  try {
    let [start, position, pending]: [number, number, Buffer] = [from, from, Buffer.alloc(0)];
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(file, chunk, 0, CHUNK, position);
      if (length === 0) return;
      position += length;
      const bytes = pending.length === 0 ? chunk.subarray(0, length) : Buffer.concat([pending, chunk.subarray(0, length)]);
      let begin = 0;
      for (let at = bytes.indexOf(NEWLINE, pending.length); at !== -1; at = bytes.indexOf(NEWLINE, begin)) {
        const end = start + at + 1 - begin;
        yield { text: bytes.toString('utf8', begin, at), start, end };
        start = end;
        begin = at + 1;
      }
      pending = bytes.subarray(begin);
    }
  } finally {
    closeSync(file);
  }
}

/** Offset behind the last line that is whole, looked for from the end. */
function wholeLines(path: string, size: number): number {
  return size === 0 ? 0 : (lastBreak(path, size) ?? -1) + 1;
}

function lastBreak(path: string, before: number): number | undefined {
  const file = openToRead(path);
  if (file === undefined) return undefined;
  try {
    for (let end = before; end > 0; ) {
      const start = Math.max(0, end - CHUNK);
      const bytes = Buffer.allocUnsafe(end - start);
      readSync(file, bytes, 0, bytes.length, start);
      const at = bytes.lastIndexOf(NEWLINE);
      if (at !== -1) return start + at;
      end = start;
    }
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** The number of the last record of an attempt; 0 where it wrote none. */
function lastSeq(path: string): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  for (let end = wholeLines(path, size); end > 0; ) {
    const start = (lastBreak(path, end - 1) ?? -1) + 1;
    const [line] = linesOf(path, start);
    const record = line === undefined ? undefined : recordOf(line.text);
    if (record !== undefined) return record.seq;
    end = start;
  }
  return 0;
}

/** A file of records that is being written. */
export interface RecordFile {
  /** Writes whole lines; `json` is the value. Throws what the system says, and has written nothing then. */
  append(records: readonly { readonly at: Date; readonly stream: StreamName; readonly json: string }[]): void;
  /** What was written survives a power cut. */
  sync(): void;
  close(): void;
}

/** Begins the records of an attempt; their numbers go on behind those of the attempts before it. */
export function openRecords(runFolder: string, attempt: number): RecordFile {
  const pathOf = (number: number): string => join(attemptFolder(runFolder, number), RUN_FILES.records);
  let seq = 0;
  for (let earlier = attempt - 1; earlier > 0 && seq === 0; earlier--) seq = lastSeq(pathOf(earlier));
  const file = openSync(pathOf(attempt), constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
  let size = 0;
  return {
    append(records) {
      let text = '';
      for (const [index, { at, stream, json }] of records.entries()) text += `{"seq":${seq + index + 1},"at":"${at.toISOString()}","stream":"${stream}","value":${json}}\n`;
      const bytes = Buffer.from(text);
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      } catch (cause) {
        // Half a line would swallow the one behind it.
        ftruncateSync(file, size);
        throw cause;
      }
      size += bytes.length;
      seq += records.length;
    },
    sync: () => fsyncSync(file),
    close: () => closeSync(file),
  };
}
