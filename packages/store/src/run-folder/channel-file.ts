/**
 * What a run has written into one channel, as one file: that of its attempt. Of a watcher those of all its attempts one after
 * another, since each goes on at the byte to which the last one had come, and that may be in the middle of a line.
 */
import type { Instance, OutputChannel } from '@nightshift/sdk';
import type { ChannelFile, OutputSource } from './output-source.ts';

/** One that is tried again begins other work each time, whose last line need not have an end. */
export function isOneStream({ run }: Instance): boolean {
  return run?.watches === true && run.retry === undefined;
}

/** Undefined while nothing is there. Throws what the source says. */
export async function openChannel(source: OutputSource, instance: Instance, channel: OutputChannel): Promise<ChannelFile | undefined> {
  return isOneStream(instance) && instance.attempt > 1 ? openSeveral(source, instance, channel) : source.open(instance, channel);
}

/** How many bytes there are; 0 while nothing is there. */
export async function sizeOf(source: OutputSource, instance: Instance, channel: OutputChannel): Promise<number> {
  const file = await openChannel(source, instance, channel);
  try {
    return (await file?.size()) ?? 0;
  } finally {
    file?.close();
  }
}

/** Opened when it is their turn: there may be hundreds. */
async function openSeveral(source: OutputSource, instance: Instance, channel: OutputChannel): Promise<ChannelFile> {
  const pieces = await piecesOf(source, instance, channel);
  const { start, size } = pieces.at(-1) ?? { start: 0, size: 0 };
  let open: { readonly attempt: number; readonly file: ChannelFile } | undefined;
  const fileAt = async (attempt: number): Promise<ChannelFile | undefined> => {
    if (open?.attempt === attempt) return open.file;
    open?.file.close();
    open = undefined;
    const file = await source.open({ ...instance, attempt }, channel);
    open = file === undefined ? undefined : { attempt, file };
    return file;
  };
  return {
    async read(position, length) {
      const parts: Buffer[] = [];
      let done = 0;
      for (const piece of pieces) {
        const offset = position + done - piece.start;
        const wanted = Math.min(length - done, piece.size - offset);
        if (offset < 0 || wanted <= 0) continue;
        const bytes = await (await fileAt(piece.attempt))?.read(offset, wanted);
        if (bytes === undefined) break;
        parts.push(bytes);
        done += bytes.length;
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    },
    size: async () => start + size,
    close: () => open?.file.close(),
  };
}

/** As they are now: what comes while they are read is for the next look. */
async function piecesOf(source: OutputSource, instance: Instance, channel: OutputChannel): Promise<readonly { readonly attempt: number; readonly start: number; readonly size: number }[]> {
  const pieces: { readonly attempt: number; readonly start: number; readonly size: number }[] = [];
  let start = 0;
  for (let attempt = 1; attempt <= instance.attempt; attempt++) {
    // Its own attempt alone: of one of several this would be all before it again.
    const file = await source.open({ ...instance, attempt }, channel);
    try {
      const size = (await file?.size()) ?? 0;
      pieces.push({ attempt, start, size });
      start += size;
    } finally {
      file?.close();
    }
  }
  return pieces;
}
