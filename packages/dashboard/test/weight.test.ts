import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const pages = fileURLToPath(new URL('../dist/ui/', import.meta.url));
const sources = fileURLToPath(new URL('../ui/', import.meta.url));
const built = globSync('**/*.*', { cwd: pages }).toSorted();
const weight = (files: readonly string[]): number => files.reduce((sum, file) => sum + gzipSync(readFileSync(join(pages, file)), { level: 9 }).length, 0);

test('all files of the pages together weigh less than 100 KB as they are sent', () => {
  expect(built).toContain('index.html');
  expect(weight(built)).toBeLessThan(100_000);
});

test('the drawing of charts is no part of what the first screen needs', () => {
  const first = readFileSync(join(pages, 'index.html'), 'utf8');
  expect(built.some((file) => file.includes('draw-durations'))).toBe(true);
  expect(first).not.toContain('draw-durations');
  expect(weight(built.filter((file) => !file.includes('draw-durations')))).toBeLessThan(60_000);
});

test('the page has no script and no style inside, as the policy demands', () => {
  const html = readFileSync(join(pages, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|javascript:|data:/i);
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address).filter((address) => !address?.startsWith('/'))).toEqual([]);
});

test('no page makes markup of text, runs text, or leaves its own server', () => {
  const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|\bstyle="|https?:\/\/(?!www\.w3\.org)/;
  const found = globSync('**/*.{ts,tsx,html}', { cwd: sources }).flatMap((file) => readFileSync(join(sources, file), 'utf8').split('\n').flatMap((line, at) => (forbidden.test(line) ? [`${file}:${at + 1} ${line.trim()}`] : [])));
  expect(found).toEqual([]);
});
