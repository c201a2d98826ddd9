import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ERRORS, RECORDED, WARNINGS } from '../../packages/cli/src/error-catalogue.ts';
import { ERROR_EXAMPLES } from '../../docs/generator/error-examples.ts';
import { PAGES } from '../../docs/generator/pages.ts';

const folder = fileURLToPath(new URL('../../docs/reference', import.meta.url));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('the reference', () => {
  test.each(Object.entries(PAGES))('%s is what "npm run docs" writes now', (name, make) => {
    expect(make()).toBe(read(name));
  });

  test('holds no page that nothing writes, but the one whose examples a test runs', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...Object.keys(PAGES), 'library.md'].toSorted());
  });

  test.each(Object.keys(ERROR_EXAMPLES))('shows %s by a line that prints it', (code) => {
    expect(Object.keys({ ...ERRORS, ...RECORDED, ...WARNINGS })).toContain(code);
    const [, section = ''] = read('errors.md').split(`\n### \`${code}\`\n`);
    const example = (section.split('\n#')[0] as string).split('```text\n')[1] ?? '';
    expect(example.split('\n').slice(1).join('\n')).toContain(`${code}: `);
  });
});
