import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPlace } from '../e2e/product.ts';
import { partsOf, type Block, type Given } from './console-block.ts';
import { isShown } from './shown-output.ts';
import { openShell } from './typed-shell.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = ['README.md', ...globSync('docs/guide/*.md', { cwd: root }).toSorted()];

describe.each(documents)('%s', (document) => {
  const parts = partsOf(readFileSync(join(root, document), 'utf8'));
  let shell: ReturnType<typeof openShell>;
  beforeAll(() => {
    shell = openShell(newPlace(afterAll));
  });
  afterAll(() => shell.close());

  test.each(parts.map((part) => [titleOf(part), part] as const))('%s', async (_, part) => {
    if ('given' in part) {
      const { printed, status } = await shell.type(part.given);
      expect(status, printed).toBe(0);
      return;
    }
    if (part.notRun !== undefined) return;
    for (const { command, shown } of part.steps) {
      const { printed, status } = await shell.type(command);
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
