import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { newPlace } from '../e2e/product.ts';
import { openShell } from './typed-shell.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = execFileSync(process.execPath, ['docs/try-next.mjs'], { cwd: root, encoding: 'utf8' });

test('what "npm start" says to try next works', async () => {
  const shell = openShell(newPlace(afterAll));
  afterAll(() => shell.close());
  await shell.type("start-job --name Nightly --wait 'echo snapshot'");
  const lines = text.split('\n').filter((line) => line.startsWith('  ')).map((line) => (line.trim().split(/ {2,}/)[0] as string));
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) {
    const { printed, status } = await shell.type(line);
    expect(`${line}: ${status}`, printed).toBe(`${line}: 0`);
    expect(printed).not.toBe('');
  }
});

test('the page that it names is there', () => {
  expect(existsSync(join(root, /docs\/\S+\.md/.exec(text)?.[0] as string))).toBe(true);
});
