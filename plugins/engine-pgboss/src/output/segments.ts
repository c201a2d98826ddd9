import type { OutputPlace } from '@nightshift/sdk';
import type { Queryable, Transaction } from '../database.ts';
import { dayOfInstance } from '../days.ts';

/** A piece of a channel as it is kept: its bytes, or the object that has them. */
export interface Segment {
  readonly position: number;
  readonly size: number;
  readonly bytes: Buffer | null;
  readonly object: string | null;
}

const OF_CHANNEL = 'day = $1 AND instance_id = $2 AND attempt = $3 AND channel = $4';
const channelOf = ({ instanceId, attempt, channel }: OutputPlace): readonly unknown[] => [dayOfInstance(instanceId), instanceId, attempt, channel];

/** Where a channel ends. */
export async function endOf(on: Queryable, schema: string, place: OutputPlace): Promise<number> {
  const { rows } = await on.query<{ end: number }>(`SELECT position + size AS end FROM ${schema}.segment WHERE ${OF_CHANNEL} ORDER BY position DESC LIMIT 1`, channelOf(place));
  return rows[0]?.end ?? 0;
}

/** The segments that hold bytes from `from` up to `to`, in order. */
export async function segmentsOf(on: Queryable, schema: string, place: OutputPlace, from: number, to: number): Promise<readonly Segment[]> {
  const { rows } = await on.query<Segment>(
    `SELECT position, size, bytes, object FROM ${schema}.segment WHERE ${OF_CHANNEL} AND position < $6
       AND position >= coalesce((SELECT max(position) FROM ${schema}.segment WHERE ${OF_CHANNEL} AND position <= $5), 0) ORDER BY position`,
    [...channelOf(place), from, to],
  );
  return rows;
}

/** A row holds so many bytes at the most: longer ones would be cut into pieces by the server, in a table of their own. */
const ROW = 4_096;

export async function insertBytes(within: Transaction, schema: string, place: OutputPlace, position: number, bytes: Uint8Array): Promise<void> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, index) => Buffer.from(bytes.subarray(index * ROW, (index + 1) * ROW)));
  await within.query(
    `INSERT INTO ${schema}.segment (day, instance_id, attempt, channel, position, size, bytes)
     SELECT $1, $2, $3, $4, $5::bigint + (place - 1) * ${ROW}, length(bytes), bytes FROM unnest($6::bytea[]) WITH ORDINALITY AS piece (bytes, place)`,
    [...channelOf(place), position, pieces],
  );
}

export async function insertObject(within: Transaction, schema: string, place: OutputPlace, position: number, size: number, object: string): Promise<void> {
  await within.query(`INSERT INTO ${schema}.segment (day, instance_id, attempt, channel, position, size, object) VALUES ($1, $2, $3, $4, $5, $6, $7)`, [...channelOf(place), position, size, object]);
}

/** The rows with bytes behind the last object of a channel. */
export interface Tail {
  readonly position: number;
  readonly size: number;
  /** Milliseconds since the first of them was written. */
  readonly age: number;
}

export async function tailOf(on: Queryable, schema: string, place: OutputPlace): Promise<Tail | undefined> {
  const { rows } = await on.query<{ position: number | null; size: number; age: number }>(
    `SELECT min(position) AS position, coalesce(sum(size), 0)::bigint AS size, coalesce(extract(epoch FROM clock_timestamp() - min(at)) * 1000, 0)::float8 AS age FROM ${schema}.segment
     WHERE ${OF_CHANNEL} AND position > coalesce((SELECT max(position) FROM ${schema}.segment WHERE ${OF_CHANNEL} AND object IS NOT NULL), -1)`,
    channelOf(place),
  );
  const [tail] = rows;
  return tail === undefined || tail.position === null ? undefined : { ...tail, position: tail.position };
}

/** Puts an object in the place of rows that hold the same bytes. False when they are not there any more. */
export async function replaceByObject(within: Transaction, schema: string, place: OutputPlace, { position, size }: Pick<Tail, 'position' | 'size'>, object: string): Promise<boolean> {
  const { rows } = await within.query<{ size: number }>(`DELETE FROM ${schema}.segment WHERE ${OF_CHANNEL} AND position >= $5 AND position < $6 AND bytes IS NOT NULL RETURNING size`, [...channelOf(place), position, position + size]);
  if (rows.reduce((sum, row) => sum + row.size, 0) !== size) return false;
  await insertObject(within, schema, place, position, size, object);
  return true;
}
