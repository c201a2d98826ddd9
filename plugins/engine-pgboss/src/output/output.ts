/**
 * What runs write, byte for byte.
 *
 *     a piece as it comes                        rows of up to 4 KiB each
 *     a piece of 256 KiB or more                 an object of the output store, where there is one
 *     rows of 4 MiB, or of 64 KiB that are 5 s old    folded into one object, by whoever writes next
 *
 * Every write asks for the fence in its own transaction, with the row of the run locked: whoever has lost the lease writes nothing, and to
 * what has ended nobody does.
 * Objects are there before the rows that name them. Each has a key of its own, so that nobody writes over what another one has
 * written, whoever tries again. An object whose row was refused is noted in `gone`, and deleted later; one whose writer was killed
 * in between goes with its day.
 */
import { randomBytes } from 'node:crypto';
import { isFinished, type JobState, type OutputPlace, type OutputStore } from '@nightshift/sdk';
import type { EngineContext } from '../context.ts';
import type { Transaction } from '../database.ts';
import { dayOfInstance, isInstanceId } from '../days.ts';
import { outputLost } from '../errors.ts';
import type { ObjectStore } from './object-store.ts';
import { endOf, insertBytes, insertObject, replaceByObject, segmentsOf, tailOf, type Segment, type Tail } from './segments.ts';

type Append = Parameters<OutputStore['append']>[0];
type Appended = Awaited<ReturnType<OutputStore['append']>>;

/** Pieces of so many bytes become an object of their own. */
const LARGE = 256 * 1_024;
/** Rows of so many bytes are folded into one, and older ones from so many on. */
const FULL = 4 * 1_024 * 1_024;
const WORTH_IT = 64 * 1_024;
/** Where the output store is away for long: so many bytes of rows for one channel, and no more. */
const TOO_MUCH = 64 * 1_024 * 1_024;
/** Milliseconds. */
const OLD = 5_000;

export function outputOf(context: EngineContext): OutputStore {
  const { database, objects, schema } = context;
  return {
    async append(to, bytes) {
      if (!isInstanceId(to.instanceId)) return { is: 'fenced' };
      const answer = objects !== undefined && bytes.length >= LARGE ? await appendObject(context, objects, to, bytes) : await database.transaction((within) => appendRows(within, schema, to, bytes));
      if (answer.is === 'written') context.hints.tell([to.instanceId]);
      if (answer.is === 'written' && objects !== undefined) await foldOrWait(context, objects, to);
      return answer;
    },
    read: async (from) => (isInstanceId(from.instanceId) ? read(context, from) : NOTHING),
    size: async (of) => (isInstanceId(of.instanceId) ? endOf(database, schema, of) : 0),
  };
}

const NOTHING = new Uint8Array();

async function appendRows(within: Transaction, schema: string, to: Append, bytes: Uint8Array): Promise<Appended> {
  if (!(await isOwner(within, schema, to))) return { is: 'fenced' };
  const size = await endOf(within, schema, to);
  if (to.offset > size) return { is: 'gap', size };
  const fresh = bytes.subarray(size - to.offset);
  if (fresh.length > 0) await insertBytes(within, schema, to, size, fresh);
  return { is: 'written' };
}

/** Looks first, without a lock: an upload takes its time, and nobody should have to wait for it. */
async function appendObject(context: EngineContext, objects: ObjectStore, to: Append, bytes: Uint8Array): Promise<Appended> {
  const { database, schema } = context;
  const size = await endOf(database, schema, to);
  if (to.offset > size) return { is: 'gap', size };
  const fresh = bytes.subarray(size - to.offset);
  if (fresh.length < LARGE) return database.transaction((within) => appendRows(within, schema, to, bytes));
  const key = keyOf(to, size);
  await objects.put(key, fresh);
  return database.transaction(async (within) => {
    if (!(await isOwner(within, schema, to))) return drop(within, schema, key, { is: 'fenced' });
    const now = await endOf(within, schema, to);
    if (now !== size) return drop(within, schema, key, now < size ? { is: 'gap', size: now } : await appendRows(within, schema, to, bytes));
    await insertObject(within, schema, to, size, fresh.length, key);
    return { is: 'written' };
  });
}

async function drop<Answer>(within: Transaction, schema: string, key: string, answer: Answer): Promise<Answer> {
  await within.query(`INSERT INTO ${schema}.gone VALUES ($1) ON CONFLICT DO NOTHING`, [key]);
  return answer;
}

/** What was written is kept in its rows as long as the output store takes nothing; more than they should hold is refused. */
async function foldOrWait(context: EngineContext, objects: ObjectStore, to: Append): Promise<void> {
  const tail = await tailOf(context.database, context.schema, to);
  if (tail === undefined) return;
  await foldTail(context, objects, to, tail).catch((cause: unknown) => {
    if (tail.size >= TOO_MUCH) throw cause;
    context.upkeep.failed(cause);
  });
}

async function foldTail(context: EngineContext, objects: ObjectStore, to: Append, tail: Tail): Promise<void> {
  const { database, schema } = context;
  if (tail.size < FULL && (tail.size < WORTH_IT || tail.age < OLD)) return;
  const rows = await segmentsOf(database, schema, to, tail.position, tail.position + tail.size);
  const bytes = Buffer.concat(rows.flatMap((row) => row.bytes ?? []));
  // Somebody else has folded them meanwhile.
  if (bytes.length !== tail.size) return;
  const key = keyOf(to, tail.position);
  await objects.put(key, bytes);
  await database.transaction(async (within) => {
    const isDone = (await isOwner(within, schema, to)) && (await replaceByObject(within, schema, to, tail, key));
    if (!isDone) throw FOLDED_ELSEWHERE;
  }).catch((cause) => {
    if (cause !== FOLDED_ELSEWHERE) throw cause;
    return database.transaction((within) => drop(within, schema, key, undefined));
  });
}

/** The rows stand as they are. */
const FOLDED_ELSEWHERE = new Error('the rows are not there any more, or somebody else\'s');

/** Below its day, so that a day can go as a whole. */
function keyOf({ instanceId, attempt, channel }: Append, position: number): string {
  return `${dayOfInstance(instanceId)}/${instanceId}/${attempt}-${channel}-${position}-${randomBytes(8).toString('hex')}`;
}

/** Locks the run until the end of the transaction: nobody becomes its owner, nobody else writes, and it does not end, in between. */
async function isOwner(within: Transaction, schema: string, { instanceId, fence }: Append): Promise<boolean> {
  const { rows } = await within.query<{ fence: number; state: JobState }>(`SELECT fence, state FROM ${schema}.instance WHERE day = $1 AND instance_id = $2 FOR NO KEY UPDATE`, [dayOfInstance(instanceId), instanceId]);
  const [run] = rows;
  return run !== undefined && run.fence === fence && !isFinished(run.state);
}

async function read({ database, objects, schema }: EngineContext, from: OutputPlace & { readonly offset: number; readonly limit: number }): Promise<Uint8Array> {
  const end = from.offset + from.limit;
  const pieces: Uint8Array[] = [];
  let position = from.offset;
  for (const segment of await segmentsOf(database, schema, from, from.offset, end)) {
    const upTo = Math.min(segment.position + segment.size, end);
    if (upTo <= position) continue;
    if (segment.position > position) throw outputLost(`bytes ${position} to ${segment.position} of ${from.channel}`);
    pieces.push(await bytesOf(segment, objects, position - segment.position, upTo - position));
    position = upTo;
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}

async function bytesOf({ bytes, object }: Segment, objects: ObjectStore | undefined, offset: number, length: number): Promise<Uint8Array> {
  if (bytes !== null) return bytes.subarray(offset, offset + length);
  if (objects === undefined) throw outputLost(`${object ?? ''}: no output store is configured here`);
  return objects.get(object ?? '', offset, length);
}
