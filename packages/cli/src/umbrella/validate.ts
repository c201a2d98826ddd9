import type { CheckedFile } from '@nightshift/host';
import type { JobErrorFacts } from '@nightshift/sdk';
import { exitCodeOf } from '../exit-codes.ts';
import { CONFIG_OPTION } from '../options/option-table.ts';
import { printError, printWarning } from '../print/error.ts';
import { writeJson } from '../print/json.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { formatOf, type Verb } from '../verb.ts';
import { JobError } from '@nightshift/sdk';

export const validate: Verb = {
  table: {
    name: 'validate',
    summary: 'checks definition files; runs nothing',
    examples: ['nightshift validate', 'nightshift validate definitions/Nightly.yaml', 'nightshift validate -o json'],
    usage: ['[FILE | FOLDER]… [options]'],
    options: { strict: { kind: 'switch', help: 'take warnings for errors' }, ...CONFIG_OPTION },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, ['table', 'json']);
    const { validate: check } = await host().wiring();
    const { files: found, problems } = await check(options.words);
    const files = options.isOn('strict') ? found.map(strictly) : found;
    if (format === 'json') writeJson({ apiVersion: 1, files: files.map(plain) });
    else printFiles(files, voice);
    if (files.length === 0 && problems.length === 0) writeError('validate: there are no definitions here: files NAME.yaml, NAME.yml or NAME.json\n');
    for (const problem of problems) printError(voice, problem);
    if (files.some(({ errors }) => errors.length > 0)) return 3;
    return problems.map(exitCodeOf)[0] ?? 0;
  },
};

function printFiles(files: readonly CheckedFile[], voice: Parameters<typeof printError>[0]): void {
  for (const { file, errors, warnings } of files) {
    writeOut(`${errors.length === 0 ? 'ok' : 'invalid'} ${sanitiseLine(file)}\n`);
    for (const complaint of inTextOrder([...errors, ...warnings])) {
      if (errors.includes(complaint)) printError(voice, new JobError(complaint));
      else printWarning(voice, complaint);
    }
  }
}

function strictly({ file, errors, warnings }: CheckedFile): CheckedFile {
  return { file, errors: inTextOrder([...errors, ...warnings]), warnings: [] };
}

function inTextOrder(complaints: readonly JobErrorFacts[]): readonly JobErrorFacts[] {
  return complaints.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function plain({ file, errors, warnings }: CheckedFile): object {
  return { file, ok: errors.length === 0, errors: errors.map(facts), warnings: warnings.map(facts) };
}

function facts({ code, message, line = null as never, column = null as never, hint = null as never }: JobErrorFacts): object {
  return { code, message, line, column, hint };
}
