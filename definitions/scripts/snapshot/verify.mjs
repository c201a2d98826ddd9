// Reads an archive back from the disk and compares it with what was put in: every name, kind, size and sum, in order.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Refusal } from './refusal.mjs';
import { Progress, quotedPath, visible } from './report.mjs';
import { BLOCK, FILE, readTar } from './tar.mjs';

export async function verifyArchive(path, { members, files, bytes }) {
  const progress = new Progress('verify', { files, bytes: bytes + files * BLOCK });
  try {
    await pipeline(createReadStream(path), createGunzip(), (chunks) => compare(chunks, members, progress));
  } catch (error) {
    throw new Refusal(
      `the archive does not read back as it was written (${visible(error.message)}); it was thrown away and no older one touched; check the disk, then run again`,
      { cause: error },
    );
  }
  progress.finish();
}

async function compare(chunks, members, progress) {
  const expected = members.values();
  for await (const found of readTar(chunks)) {
    const sum = await sumOf(found, progress);
    const difference = differenceOf(expected.next().value, { ...found, sum });
    if (difference) throw new Error(`${quotedPath(found.name)}: ${difference}`);
    progress.addFile();
    progress.addBytes(BLOCK);
  }
  if (!expected.next().done) throw new Error('members are missing at its end');
}

async function sumOf({ type, content }, progress) {
  const hash = createHash('sha256');
  for await (const piece of content) {
    hash.update(piece);
    progress.addBytes(piece.length);
  }
  return type === FILE ? hash.digest('hex') : undefined;
}

const differenceOf = (expected, found) =>
  expected ? ['name', 'type', 'mode', 'size', 'linkName', 'sum'].find((key) => expected[key] !== found[key]) : 'nobody put it there';
