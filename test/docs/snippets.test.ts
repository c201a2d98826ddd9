import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isHere, newPlace } from '../e2e/product.ts';
import { partsOf, type Block, type Given } from './console-block.ts';
import { threeMachines, whyNoMachines } from './machines.ts';
import { isShown } from './shown-output.ts';
import { openShell } from './typed-shell.ts';

type Shell = ReturnType<typeof openShell>;

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = ['README.md', ...globSync('docs/guide/*.md', { cwd: root }).toSorted()];

/** `<!-- needs: PROGRAM -->`: a document whose reader has a program that not every machine has. `machines`: three of them, and a PostgreSQL. */
const neededBy = (document: string): string => /^<!-- needs: (\S+) -->$/m.exec(readFileSync(join(root, document), 'utf8'))?.[1] ?? 'sh';
const lackOf = (needed: string): string | undefined => (needed === 'machines' ? whyNoMachines() : isHere(needed) ? undefined : `there is no ${needed} on this machine`);

describe.each(documents)('%s', (document) => {
  const parts = partsOf(readFileSync(join(root, document), 'utf8'));
  const needed = neededBy(document);
  const lack = lackOf(needed);
  let shell: Shell | undefined;
  let machines: AsyncDisposable | undefined;
  beforeAll(async () => {
    const place = newPlace(afterAll);
    if (needed === 'machines' && lack === undefined) machines = await threeMachines(place);
    shell = openShell(place);
  }, 60_000);
  afterAll(async () => {
    shell?.close();
    await machines?.[Symbol.asyncDispose]();
  });

  if (lack !== undefined) test.skip(`is not typed: ${lack}`);
  test.skipIf(lack !== undefined).each(parts.map((part) => [titleOf(part), part] as const))('%s', async (_, part) => {
    if ('given' in part) {
      const { printed, status } = await (shell as Shell).type(part.given);
      expect(status, printed).toBe(0);
      return;
    }
    if (part.notRun !== undefined) return;
    for (const { command, shown } of part.steps) {
      const { printed, status } = await (shell as Shell).type(command);
      // A command without output in the document: all that it promises is to work.
      if (shown.length === 0) expect(status, `${command}\n${printed}`).toBe(0);
      else if (!isShown(shown, printed)) expect(`$ ${command}\n${printed}`).toBe(`$ ${command}\n${shown.join('\n')}\n`);
    }
  });
});

function titleOf(part: Block | Given): string {
  if ('given' in part) return `line ${part.line}: what is there before is there`;
  return part.notRun === undefined ? `line ${part.line}: what is typed prints what is shown` : `line ${part.line} is not run: ${part.notRun}`;
}
