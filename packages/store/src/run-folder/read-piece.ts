import type { Instance, Piece, PieceRequest } from '@nightshift/sdk';
import { openChannel } from './channel-file.ts';
import type { OutputSource } from './output-source.ts';

const NOTHING: Piece = { bytes: new Uint8Array(), size: 0 };

/** A piece of what an attempt has written, from wherever it is asked for. Of a run of which nothing is kept there is none. */
export async function readPiece(source: OutputSource, instance: Instance, { attempt, channel, offset, limit }: PieceRequest): Promise<Piece> {
  if (!source.hasOutput(instance)) return NOTHING;
  const file = await openChannel(source, { ...instance, attempt }, channel);
  if (file === undefined) return NOTHING;
  try {
    const size = await file.size();
    // Nobody is given memory for bytes that are not there.
    return { bytes: await file.read(offset, Math.max(0, Math.min(limit, size - offset))), size };
  } finally {
    file.close();
  }
}
