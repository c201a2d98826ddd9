/**
 * A run that was tried several times is read as one: its attempts one after another, each record once.
 *
 *     attempt   1   2   3            a reader has places in each (read-command.ts); attempts in front that it has consumed
 *     places        ┴   ┴            whole are forgotten, so that a cursor stays short however often a run is tried
 *
 * Those of a watcher are one stream (channel-file.ts), with one place. The cursor of a run in its first attempt is that of the attempt. Order is that of the attempts: nothing is read of one as
 * long as the one before it has more.
 */
import type { BytesRequest, BytesResult, Cursor, Instance, ReadRequest, ReadResult, StoredRecord } from '@nightshift/sdk';
import { isOneStream } from './channel-file.ts';
import { readCode } from './read-code.ts';
import type { OutputSource } from './output-source.ts';
import { readBytesOf, readCommand, type CutRecord } from './read-command.ts';

/** Records of a run, over all its attempts so far. */
export async function readAttempts(source: OutputSource, instance: Instance, request: ReadRequest, cut: CutRecord): Promise<ReadResult> {
  if (!source.hasOutput(instance)) return { records: [], cursor: request.after, more: false, drained: true };
  if (isOneStream(instance)) return readCommand(source, instance, request, cut);
  const places = placesIn(request.after, instance);
  const records: StoredRecord[] = [];
  const drained = new Set<number>();
  let more = false;
  for (const [attempt, after] of places) {
    const rest = { ...request, after, limit: request.limit - records.length };
    const result = await (instance.run?.form === undefined ? readCommand(source, asAttempt(instance, attempt), rest, cut) : readCode(source, asAttempt(instance, attempt), rest));
    records.push(...result.records);
    places.set(attempt, result.cursor);
    if (result.drained) drained.add(attempt);
    ({ more } = result);
    if (more) break;
  }
  return { records, cursor: cursorOf(places, drained), more, drained: drained.size === places.size };
}

/** Bytes of one channel; those of one attempt at a time. */
export async function readBytesOfAttempts(source: OutputSource, instance: Instance, request: BytesRequest): Promise<BytesResult> {
  if (!source.hasOutput(instance)) return { bytes: Buffer.alloc(0), cursor: request.after, drained: true };
  if (isOneStream(instance)) return readBytesOf(source, instance, request);
  const places = placesIn(request.after, instance);
  const drained = new Set<number>();
  for (const [attempt, after] of places) {
    const { cursor, drained: isDrained, ...result } = await readBytesOf(source, asAttempt(instance, attempt), { ...request, after });
    places.set(attempt, cursor);
    if (isDrained) drained.add(attempt);
    const isLast = attempt === instance.attempt;
    if (result.bytes.length > 0 || result.uneven === true || isLast) return { ...result, cursor: cursorOf(places, drained), drained: isLast && drained.size === places.size };
  }
  throw new Error(`attempt ${instance.attempt} has no place`);
}

/** Of a closed attempt nothing more comes. */
function asAttempt(instance: Instance, attempt: number): Instance {
  return attempt === instance.attempt ? instance : { ...instance, attempt, state: 'Failed' };
}

/** A place in each attempt that is not consumed, oldest first. */
type Places = Map<number, Cursor>;

/** `first`: the number of the first of them; those before it are consumed. */
interface Several {
  readonly first: number;
  readonly places: readonly unknown[];
}

function placesIn(cursor: Cursor, { attempt: last }: Instance): Places {
  const { first, places } = severalIn(cursor);
  const found: Places = new Map();
  for (let attempt = Math.min(first, last); attempt <= last; attempt++) {
    const place = places[attempt - first];
    found.set(attempt, (place === undefined ? '' : JSON.stringify(place)) as Cursor);
  }
  return found;
}

function severalIn(cursor: Cursor): Several {
  if (cursor === '') return { first: 1, places: [] };
  const read = JSON.parse(cursor) as object;
  return 'first' in read ? (read as Several) : { first: 1, places: [read] };
}

function cursorOf(places: Places, drained: ReadonlySet<number>): Cursor {
  const kept = [...places].slice(Math.min(forgotten(places, drained), places.size - 1));
  const [[first, place]] = kept as [[number, Cursor]];
  if (first === 1 && kept.length === 1) return place;
  return JSON.stringify({ first, places: kept.map(([, one]) => (one === '' ? {} : (JSON.parse(one) as unknown))) }) as Cursor;
}

/** How many attempts in front are consumed. */
function forgotten(places: Places, drained: ReadonlySet<number>): number {
  const attempts = [...places.keys()];
  const open = attempts.findIndex((attempt) => !drained.has(attempt));
  return open === -1 ? attempts.length : open;
}
