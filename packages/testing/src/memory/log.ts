import { STREAM_NAMES, type BytesRequest, type BytesResult, type Cursor, type Piece, type PieceRequest, type ReadRequest, type ReadResult, type StoredRecord, type StreamName } from '@nightshift/sdk';

/** Where a record came from: a channel of a command, or the streams of a code run. */
export type Source = 'stdout' | 'stderr' | 'streams';

interface Entry {
  readonly attempt: number;
  readonly record: StoredRecord;
  /** The line as it was written; empty for a code run. */
  readonly line: Uint8Array;
}

/** Per source, the number of records that each stream has consumed; `within`: bytes of the next line that were delivered already. */
type Places = Partial<Record<Source, Partial<Record<StreamName, number>> & { within?: number }>>;

const SOURCES: readonly Source[] = ['stdout', 'stderr', 'streams'];
const NOTHING: Uint8Array = new Uint8Array();

/** The records of one instance, over all its attempts. */
export class RecordLog {
  readonly #entries: Record<Source, Entry[]> = { stdout: [], stderr: [], streams: [] };

  add(source: Source, attempt: number, record: StoredRecord, line: Uint8Array = NOTHING): void {
    this.#entries[source].push({ attempt, record, line });
  }

  /** How many records of an attempt a source has; of the streams, how many of all attempts. */
  count(source: Source, attempt: number): number {
    return source === 'streams' ? this.#entries.streams.length : this.#entries[source].filter((entry) => entry.attempt === attempt).length;
  }

  /** Attempt by attempt, standard output before standard error, as nobody knows more. */
  read({ after, streams, limit }: ReadRequest): ReadResult {
    const places = placesOf(after);
    const records: StoredRecord[] = [];
    const passed: Record<Source, number> = { stdout: 0, stderr: 0, streams: 0 };
    let more = false;
    for (const { source, index, record } of this.#inOrder()) {
      const isNew = streams.includes(record.stream) && index >= placeOf(places, source, record.stream);
      more = isNew && records.length >= limit;
      if (more) break;
      if (isNew) records.push(record);
      passed[source] = index + 1;
    }
    for (const source of SOURCES) places[source] = { ...places[source], ...this.#moved(places, source, streams, more ? passed[source] : this.#entries[source].length), within: 0 };
    return { records, cursor: JSON.stringify(places) as Cursor, more, drained: this.#isDrained(places) };
  }

  readBytes({ after, channel, limit, wholeLines }: BytesRequest): BytesResult {
    const places = placesOf(after);
    const begins = STREAM_NAMES.map((stream) => placeOf(places, channel, stream));
    const isUneven = channel === 'stdout' ? new Set(begins).size > 1 : false;
    if (wholeLines === true && isUneven) return { bytes: NOTHING, cursor: after, drained: false, uneven: true };
    let place = placeOf(places, channel, channel === 'stdout' ? 'output' : 'error');
    let within = places[channel]?.within ?? 0;
    const pieces: Uint8Array[] = [];
    let room = limit;
    for (let entry = this.#entries[channel][place]; entry !== undefined && room > 0; entry = this.#entries[channel][place]) {
      const rest = entry.line.subarray(within);
      if (wholeLines === true && rest.length > room && pieces.length > 0) break;
      pieces.push(rest.subarray(0, room));
      within = rest.length > room ? within + room : 0;
      if (within === 0) place += 1;
      room -= Math.min(room, rest.length);
    }
    places[channel] = { ...Object.fromEntries(STREAM_NAMES.map((stream) => [stream, place])), within };
    const bytes = Buffer.concat(pieces);
    return { bytes, cursor: JSON.stringify(places) as Cursor, drained: bytes.length === 0 && this.#isDrained(places) };
  }

  /** What an attempt has written into one channel; the records of a code run as lines of JSON. */
  readAt({ attempt, channel, offset, limit }: PieceRequest): Piece {
    const entries = this.#entries[channel === 'records' ? 'streams' : channel].filter((entry) => entry.attempt === attempt);
    const all = Buffer.concat(entries.map(({ line, record: { seq, at, stream, value } }) => (channel === 'records' ? Buffer.from(`${JSON.stringify({ seq, at, stream, value })}\n`) : line)));
    return { bytes: all.subarray(offset, offset + limit), size: all.length };
  }

  *#inOrder(): Generator<{ readonly source: Source; readonly index: number; readonly record: StoredRecord }> {
    const last = Math.max(0, ...SOURCES.map((source) => this.#entries[source].at(-1)?.attempt ?? 0));
    for (let attempt = 1; attempt <= last; attempt++) {
      for (const source of SOURCES) {
        for (const [index, entry] of this.#entries[source].entries()) if (entry.attempt === attempt) yield { source, index, record: entry.record };
      }
    }
  }

  #moved(places: Places, source: Source, streams: readonly StreamName[], to: number): Partial<Record<StreamName, number>> {
    return Object.fromEntries(streams.map((stream) => [stream, Math.max(to, placeOf(places, source, stream))]));
  }

  #isDrained(places: Places): boolean {
    return SOURCES.every((source) => this.#entries[source].every(({ record }, index) => index < placeOf(places, source, record.stream)));
  }
}

function placesOf(cursor: Cursor): Places {
  return cursor === '' ? {} : (JSON.parse(cursor) as Places);
}

function placeOf(places: Places, source: Source, stream: StreamName): number {
  return places[source]?.[stream] ?? 0;
}
