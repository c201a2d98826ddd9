import { START, STREAM_NAMES, type Cursor, type Instance, type JobStore, type Piece, type PieceRequest } from '@nightshift/sdk';

/** Read at a time where there is no other way than from the beginning. */
const CHUNK = 1_048_576;
const RECORDS = 1_000;

/** A piece of what a run has written. Of a store that only reads from the beginning, everything before it is read as well. */
export async function readPiece(store: JobStore, instance: Instance, piece: PieceRequest): Promise<Piece> {
  if (store.readAt !== undefined) return store.readAt(instance, piece);
  const all = Buffer.concat(await (piece.channel === 'records' ? recordLines(store, instance) : bytesOf(store, { ...instance, attempt: piece.attempt }, piece.channel)));
  return { bytes: all.subarray(piece.offset, piece.offset + piece.limit), size: all.length };
}

async function bytesOf(store: JobStore, instance: Instance, channel: 'stdout' | 'stderr'): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for (let after: Cursor = START; ; ) {
    const { bytes, cursor } = await store.readBytes(instance, { after, channel, limit: CHUNK });
    if (bytes.length === 0) return pieces;
    pieces.push(bytes);
    after = cursor;
  }
}

/** As the host of a run of JavaScript writes them. */
async function recordLines(store: JobStore, instance: Instance): Promise<readonly Uint8Array[]> {
  const lines: Uint8Array[] = [];
  for (let after: Cursor = START; ; ) {
    const { records, cursor, more } = await store.read(instance, { after, streams: STREAM_NAMES, limit: RECORDS });
    for (const { seq, at, stream, value } of records) lines.push(Buffer.from(`${JSON.stringify({ seq, at, stream, value })}\n`));
    if (!more) return lines;
    after = cursor;
  }
}
