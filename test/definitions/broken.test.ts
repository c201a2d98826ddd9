// The gallery of mistakes: what validate says about each file is what stands beside it, and what the gallery shows.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { newPlace, type Ended } from '../e2e/product.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const FOLDER = 'definitions/broken';
const names = readdirSync(join(PROJECT, FOLDER)).filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length)).toSorted();
const textOf = (name: string): string => readFileSync(join(PROJECT, FOLDER, name), 'utf8');

const validate = (...args: string[]): Promise<Ended> => newPlace().run('nightshift', ['validate', ...args], { cwd: PROJECT });
const fileOf = (name: string): string => `${FOLDER}/${name}.yaml`;

/** The complaints about each file. One process for all of them says the same as one for each, and is sooner done. */
function complaintsIn(stderr: string): ReadonlyMap<string, string> {
  const complaints = new Map<string, string>();
  for (const complaint of stderr.replaceAll(PROJECT, '<project>').split(/^(?=validate: )/m)) {
    const name = /\(definitions\/broken\/(.+)\.yaml[:)]/.exec(complaint)?.[1] ?? '';
    complaints.set(name, (complaints.get(name) ?? '') + complaint);
  }
  return complaints;
}

test('every mistake of the gallery is answered with the message beside it', async () => {
  const { code, stdout, stderr } = await validate(...names.map(fileOf));
  expect(Object.fromEntries(complaintsIn(stderr))).toEqual(Object.fromEntries(names.map((name) => [name, textOf(`${name}.txt`)])));
  expect(stdout.match(/^(ok|invalid) /gm)).toHaveLength(names.length);
  expect(code).toBe(3);
});

test('the message about one file is that about it among all', async () => {
  expect(await validate(fileOf('unquoted-cron'))).toMatchObject({ code: 3, stdout: `invalid ${fileOf('unquoted-cron')}\n`, stderr: textOf('unquoted-cron.txt') });
});

describe('the gallery', () => {
  test('has nothing but mistakes and what is said about them', () => {
    expect(readdirSync(join(PROJECT, FOLDER)).toSorted()).toEqual(['README.md', ...names.flatMap((name) => [`${name}.txt`, `${name}.yaml`])].toSorted());
    expect(names.length).toBeGreaterThan(18);
  });

  test('shows each file, what is wrong with it, and what is said', () => {
    const rows = names.map((name) => {
      const mistake = /^# (.+)\n/.exec(textOf(`${name}.yaml`))?.[1];
      const said = textOf(`${name}.txt`).split('\n')[0]?.replace(/^validate: /, '').replace(/ \([^()]*\.yaml[^()]*\)$/, '');
      return `| [${name}](${name}.yaml) | ${mistake} | \`${said?.replaceAll('|', String.raw`\|`)}\` |`;
    });
    expect(textOf('README.md').split('\n').filter((line) => line.startsWith('| ['))).toEqual(rows);
  });

  test('disturbs no definition in the folder above it', async () => {
    const { stdout, stderr } = await validate();
    expect(stdout).toMatch(/^ok definitions\/Nightly\.yaml$/m);
    expect(stdout + stderr).not.toContain('broken');
  });
});
