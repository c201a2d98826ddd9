import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { anchorOf } from '../../docs/generator/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync('**/*.md', { cwd: root, exclude: (path) => /(^|\/)(?:node_modules|\.|dist)/.test(path) }).toSorted();

interface Link {
  readonly to: string;
  readonly anchor: string | undefined;
}

describe('every link within the repository leads somewhere', () => {
  test.each(pages.filter((page) => linksOf(page).length > 0))('in %s', (page) => {
    expect(linksOf(page).filter((link) => !leads(page, link)).map(({ to, anchor }) => (anchor === undefined ? to : `${to}#${anchor}`))).toEqual([]);
  });

  test('and every page of the documentation can be reached from its index', () => {
    const reached = new Set(['docs/README.md']);
    for (const page of reached) for (const { to } of linksOf(page)) if (to !== '' && to.endsWith('.md')) reached.add(relative(root, resolve(root, dirname(page), to)));
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});

function linksOf(page: string): Link[] {
  const found = [...textOf(page).matchAll(/\]\(([^()\s]*)\)|<img [^>]*src="([^"]+)"/g)].map((match) => (match[1] ?? match[2]) as string);
  return found.filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link)).map((link) => {
    const [to, anchor] = link.split('#') as [string, string | undefined];
    return { to: decodeURI(to), anchor };
  });
}

function leads(page: string, { to, anchor }: Link): boolean {
  const target = to === '' ? page : join(dirname(page), to);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** As GitHub makes them: of equal headings the second has -1 behind it. */
function anchorsOf(page: string): string[] {
  const anchors = [...textOf(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));
  return anchors.map((anchor, index) => {
    const before = anchors.slice(0, index).filter((other) => other === anchor).length;
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
}

/** Without what stands in code: that is no link. A heading keeps the text of its code. */
function textOf(page: string): string {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
  return text.split('\n').map((line) => (line.startsWith('#') ? line : line.replaceAll(/`[^`\n]*`/g, (code) => (code.includes('](') ? '' : code)))).join('\n');
}
