import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newPlace } from '../e2e/product.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/reference/library.md'), 'utf8');
const examples = [...page.matchAll(/^## (?<title>.+)$|```ts\n(?<code>[\s\S]*?)```\s+```text\n(?<output>[\s\S]*?)```/gm)]
  .reduce<{ title: string; code: string; output: string }[]>((found, { groups = {} }) => (groups['code'] === undefined ? [...found, { title: groups['title'] as string, code: '', output: '' }] : [...found, { title: found.at(-1)?.title ?? 'the first', code: groups['code'], output: groups['output'] as string }]), [])
  .filter(({ code }) => code !== '');

test.each(examples)('the example "$title" of the library page prints what the page shows', async ({ code, output }) => {
  const place = newPlace();
  mkdirSync(join(place.work, 'node_modules'));
  symlinkSync(join(root, 'packages/cli'), join(place.work, 'node_modules/nightshift'));
  writeFileSync(join(place.work, 'example.mts'), code);
  expect(await place.run(process.execPath, ['--disable-warning=ExperimentalWarning', 'example.mts'])).toMatchObject({ code: 0, stdout: output, stderr: '' });
});

test('every piece of code on the library page is such an example', () => {
  expect(examples.length).toBe(page.match(/```ts/g)?.length);
});
