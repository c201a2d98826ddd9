import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asksForEngine } from '../../src/engine/asks-for-engine.ts';
import { temporaryFolder, write } from '../folder.ts';

const OWN = '.config/nightshift/config.yaml';
const ENGINE = 'engine: { name: pgboss }\n';

function place(files: Readonly<Record<string, string>>, environment: (home: string) => Record<string, string> = () => ({}), configFile?: string) {
  const home = temporaryFolder();
  mkdirSync(join(home, '.config/nightshift'), { recursive: true });
  for (const [name, text] of Object.entries(files)) write(join(home, name), text);
  return { workingDirectory: home, environment: { HOME: home, ...environment(home) }, ...(configFile === undefined ? {} : { configFile }) };
}

test.each([
  ['nothing is there', {}, undefined, undefined, false, false],
  ['the own file says nothing of one', { [OWN]: 'timeZone: UTC\n' }, undefined, undefined, false, false],
  ['the own file names one', { [OWN]: ENGINE }, undefined, undefined, true, true],
  ['the own file names one in letters by their numbers', { [OWN]: '"\\u0065ngine": {}\n' }, undefined, undefined, true, true],
  ['the own file trusts a project', { [OWN]: 'trustedProjects: []\n' }, undefined, undefined, false, true],
  ['a project names one that nobody trusts', { 'nightshift.yaml': ENGINE }, undefined, undefined, false, false],
  ['every project is trusted', {}, () => ({ NIGHTSHIFT_TRUST: '1' }), undefined, false, true],
  ['a named file names one', { 'other.yaml': ENGINE }, (home: string) => ({ NIGHTSHIFT_CONFIG: join(home, 'other.yaml') }), undefined, true, true],
  ['a named file says nothing of one', { 'other.yaml': 'timeZone: UTC\n' }, (home: string) => ({ NIGHTSHIFT_CONFIG: join(home, 'other.yaml') }), undefined, false, false],
  ['a variable leads nowhere', {}, () => ({ NIGHTSHIFT_CONFIG: '/nowhere.yaml' }), undefined, false, true],
  ['a flag leads nowhere', {}, undefined, 'nowhere.yaml', true, true],
] as const)('where %s, a configuration is read for one only if it may be there', (_what, files, environment, configFile, own, project) => {
  const where = place(files, environment, configFile);
  expect([asksForEngine(where, 'own'), asksForEngine(where, 'project')]).toEqual([own, project]);
});

test('without a home there is no own file, and no trouble', () => {
  expect(asksForEngine({ workingDirectory: '/', environment: { HOME: '' } }, 'own')).toBe(false);
});
