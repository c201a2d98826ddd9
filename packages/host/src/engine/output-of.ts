import type { OutputPlace, OutputStore } from '@nightshift/sdk';
import type { ChannelFile, OutputSource } from '@nightshift/store';

/** How many bytes are asked of an engine at a time: many times what is read, since each question is a way to a server and back. */
const AHEAD = 262_144;
/** Pieces that are kept in case they are read on: of each reader the one in which its place lies. */
const KEPT = 16;

/** The bytes of an engine, read in large pieces and kept for a while: those of an attempt never change. */
export interface ReadAhead {
  read(from: OutputPlace & { readonly offset: number }): Promise<Buffer>;
  size(of: OutputPlace): Promise<number>;
}

export function createReadAhead(output: OutputStore): ReadAhead {
  const pieces = new Map<string, Buffer>();
  const keep = (key: string, piece: Buffer): Buffer => {
    pieces.delete(key);
    pieces.set(key, piece);
    for (const oldest of pieces.keys()) {
      if (pieces.size <= KEPT) break;
      pieces.delete(oldest);
    }
    return piece;
  };
  return {
    /** At least one byte behind `offset`, if there is one: the rest of the piece in which it lies. */
    async read({ offset, ...place }) {
      const start = offset - (offset % AHEAD);
      const key = `${keyOf(place)} ${start}`;
      const known = pieces.get(key) ?? Buffer.alloc(0);
      if (start + known.length > offset) return keep(key, known).subarray(offset - start);
      const more = asBuffer(await output.read({ ...place, offset: start + known.length, limit: AHEAD - known.length }));
      return keep(key, known.length === 0 ? more : Buffer.concat([known, more])).subarray(offset - start);
    },
    size: (of) => output.size(of),
  };
}

/** The output of an engine for one request: an end that was seen while reading is the end. */
export function outputOf(ahead: ReadAhead): OutputSource {
  const ends = new Map<string, number>();
  return {
    hasOutput: ({ run }) => run !== undefined,
    async open({ instanceId, attempt }, channel): Promise<ChannelFile> {
      const place: OutputPlace = { instanceId, attempt, channel };
      return {
        async read(position, length) {
          const parts: Buffer[] = [];
          let done = 0;
          while (done < length) {
            const part = (await ahead.read({ ...place, offset: position + done })).subarray(0, length - done);
            if (part.length === 0) break;
            parts.push(part);
            done += part.length;
          }
          if (done < length && (done > 0 || position === 0)) ends.set(keyOf(place), position + done);
          return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
        },
        size: async () => ends.get(keyOf(place)) ?? ahead.size(place),
        close() {},
      };
    },
  };
}

function keyOf({ instanceId, attempt, channel }: OutputPlace): string {
  return `${instanceId} ${attempt} ${channel}`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
