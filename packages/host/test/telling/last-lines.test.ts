import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { cut, lastLines } from '../../src/telling/last-lines.ts';
import { temporaryFolder } from '../folder.ts';

const numbered = (word: string, count: number): string => Array.from({ length: count }, (_, index) => `${word}${index + 1}\n`).join('');

async function linesOf(stdout: string | undefined, stderr: string | undefined): Promise<string[]> {
  const runFolder = temporaryFolder();
  mkdirSync(join(runFolder, '2'));
  if (stdout !== undefined) writeFileSync(join(runFolder, '2', 'stdout'), stdout);
  if (stderr !== undefined) writeFileSync(join(runFolder, '2', 'stderr'), stderr);
  return (await lastLines({ runFolder, attempt: 2 } as Instance)).split('\n').slice(0, -1);
}

test.each([
  ['few of each are all there', 3, 2, 3, 2],
  ['many lines of output leave room for all errors', 100, 4, 16, 4],
  ['many errors leave room for all output', 4, 100, 4, 16],
  ['many of both share', 100, 100, 10, 10],
  ['output alone has twenty', 100, 0, 20, 0],
  ['errors alone have twenty', 0, 100, 0, 20],
] as const)('%s', async (_, output, errors, ofOutput, ofErrors) => {
  const lines = await linesOf(numbered('o', output), numbered('e', errors));
  expect(lines).toEqual([...numbered('o', output).split('\n').slice(0, -1).slice(output - ofOutput), ...numbered('e', errors).split('\n').slice(0, -1).slice(errors - ofErrors)]);
});

test('what was never written is nothing', async () => {
  expect(await linesOf(undefined, undefined)).toEqual([]);
});

test('of an endless line the end is left, whole characters only, and more than is told', async () => {
  const [line = ''] = await linesOf(`${'é'.repeat(50_000)}x`, undefined);
  expect(line).toMatch(/^é+x$/);
  expect(Buffer.byteLength(line)).toBeGreaterThan(30_000);
  expect(cut(line, 16_384)).toMatch(/^é+x$/);
  expect(Buffer.byteLength(cut(line, 16_384))).toBeLessThanOrEqual(16_384);
});
