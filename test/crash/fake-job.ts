// A job of known bytes, and what its folder says about it without asking the product.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, program } from './product.ts';
import type { Random } from './random.ts';

export interface FakeJob {
  readonly name: string;
  readonly program: 'job.sh' | 'job.mjs';
  readonly out: Buffer;
  readonly err: Buffer;
  readonly exitCode: number;
  /** The job waits half-way until this file is there. */
  readonly gate: string;
  /** What follows start-job's own options. */
  readonly argv: readonly string[];
  /** One line per time it ran. */
  effects(): string[];
  isAtGate(): boolean;
  openGate(): void;
}

/** As in job.sh and job.mjs. */
const PIECE = 7_001;

export function fakeJob(name: string, random: Random, which: FakeJob['program'] = 'job.sh', exitCode = 0, size = 210_000): FakeJob {
  const folder = newFolder();
  const path = (file: string): string => join(folder, file);
  const [out, err, gate] = [path('out'), path('err'), path('gate')];
  const job = { out: binaryLines(random, size), err: binaryLines(random, 90_000) };
  writeFileSync(out, job.out);
  writeFileSync(err, job.err);
  writeFileSync(path('effects'), '');
  const words = [path('effects'), name, out, err, gate, String(exitCode)];
  return {
    ...job, name, program: which, exitCode, gate,
    argv: which === 'job.sh' ? ['--', program(which), ...words] : ['--file-path', program(which), '--', ...words],
    effects: () => readFileSync(path('effects'), 'utf8').split('\n').slice(0, -1),
    isAtGate: () => existsSync(`${gate}.reached`),
    openGate: () => writeFileSync(gate, ''),
  };
}

/** What has been written to standard output when the job waits at its gate. */
export function firstHalf({ out }: FakeJob): Buffer {
  return out.subarray(0, Math.floor(Math.ceil(out.length / PIECE) / 2) * PIECE);
}

/** Lines of 0 to 200 bytes of any value; no line ends in CR, which is part of a line end, or looks like a stream command. */
function binaryLines(random: Random, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; ) {
    const length = Math.min(random.between(0, 200), size - at - 1);
    for (const end = at + length; at < end; at += 1) bytes[at] = byteOtherThan(random, [10, 13, 58]);
    bytes[at++] = 10;
  }
  return bytes;
}

function byteOtherThan(random: Random, special: readonly number[]): number {
  const byte = random.between(0, 255);
  return special.includes(byte) ? 46 : byte;
}
