// Runs every folder beside this file; README.md says what is in one.

import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { isHere, newPlace } from '../e2e/product.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{3}Z)?/g;

vi.setConfig({ maxConcurrency: 3 });

const cases = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, 'steps.sh')))
  .map((name) => ({ name, steps: join(HERE, name, 'steps.sh') }))
  .map((one) => ({ ...one, title: readFileSync(one.steps, 'utf8').split('\n')[0]?.replace(/^# /, '') }));

test.concurrent.for(cases)('$name: $title', async ({ name, steps }, { onTestFinished, expect, skip }) => {
  const missing = needsOf(name).find((program) => !isHere(program));
  if (missing !== undefined) skip(`there is no ${missing} here`);
  const place = newPlace(onTestFinished);
  const files = join(HERE, name, 'files');
  if (existsSync(files)) {
    cpSync(files, place.work, { recursive: true });
    chmodSync(place.work, 0o755);
  }
  const PATH = [join(HERE, 'bin'), place.env['PATH']].join(delimiter);
  const { code, signal, stdout, stderr } = await place.run('sh', ['-eu', steps], { env: { PATH } });
  const plain = (text: string) => text.replaceAll(place.work, '<cwd>').replaceAll(place.state, '<state>').replaceAll(place.home, '<home>')
    .replaceAll(UUID, '<uuid>').replaceAll(TIME, '<time>');
  const wanted = (file: string, otherwise = '') =>
    existsSync(join(HERE, name, file)) ? readFileSync(join(HERE, name, file), 'utf8') : otherwise;
  const seen = { stdout: plain(stdout), stderr: plain(stderr), exit: `${code ?? signal}\n` };
  const agreed = { stdout: wanted('stdout.txt'), stderr: wanted('stderr.txt'), exit: wanted('exit-code.txt', '0\n') };
  expect({ ...seen, stdout: asWanted(seen.stdout, agreed.stdout), stderr: asWanted(seen.stderr, agreed.stderr) }).toEqual(agreed);
});

/** Programs that a case cannot do without, and that not every machine has. */
function needsOf(name: string): readonly string[] {
  const file = join(HERE, name, 'needs.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

test('there are cases', () => {
  expect(cases.length).toBeGreaterThan(100);
});

/** The wanted text itself where the seen one agrees with it, so that a difference shows both in full. */
function asWanted(seen: string, wanted: string): string {
  const pattern = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('…', String.raw`[^\n]*`);
  return new RegExp(`^${pattern}$`).test(seen) ? wanted : seen;
}
