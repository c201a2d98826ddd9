// Whatever a definition file holds: it is accepted or refused, in a second, with complaints that are right in form and safe to print.

import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { readForeignYaml } from '@nightshift/definitions';
import { createHost, type Authoring, type Host } from '@nightshift/host';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectPrintable, expectSound } from './complaints.ts';
import { definitionBytes, definitionTexts } from './definition-texts.ts';
import { DEADLINE, runs, withinASecond } from './runs.ts';

let folder = '';
let file = '';
let host: Host;
let authoring: Authoring;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'fuzz-')));
  file = join(folder, 'Nightly.yaml');
  writeFileSync(join(folder, 'package.json'), '{}');
  host = createHost({ workingDirectory: folder });
  ({ authoring } = await host.wiring());
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('any text is accepted, and once more after it was written anew, or refused with sound complaints', async () => {
  const asked = runs<[string]>(3_000);
  let accepted = 0;
  await fc.assert(fc.asyncProperty(definitionTexts, async (text) => {
    const { errors, warnings } = await withinASecond(() => authoring.checkText(file, text));
    for (const complaint of [...errors, ...warnings]) expectSound(complaint, text.replace(/^\ufeff/, ''));
    if (errors.length > 0) return expectPrintable(errors.slice(0, 10));
    accepted++;
    const [value] = readForeignYaml(text, file) as [object];
    const written = authoring.definitionText(value);
    expect((await authoring.checkText(file, written)).errors).toEqual([]);
    expect(readForeignYaml(written, file)).toEqual([value]);
  }), asked);
  expect(accepted).toBeGreaterThan((asked.numRuns as number) / 40);
}, DEADLINE);

test('any bytes are accepted or refused with sound complaints', async () => {
  const { validate } = await host.wiring();
  await fc.assert(fc.asyncProperty(definitionBytes, async (bytes) => {
    writeFileSync(file, bytes);
    const { files, problems } = await withinASecond(() => validate([file]));
    expect(problems).toEqual([]);
    const text = new TextDecoder().decode(bytes);
    for (const { errors, warnings } of files) {
      for (const complaint of [...errors, ...warnings]) expectSound(complaint, text);
      if (errors.length > 0) await expectPrintable(errors);
    }
  }), runs(1_000));
}, DEADLINE);
