import { resolve } from 'node:path';
import { currentFolder, type Wiring } from '@nightshift/host';
import { checkName, JobError } from '@nightshift/sdk';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { writeJson } from '../print/json.ts';
import { sanitise, sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';
import { formatNamed } from './import/formats.ts';
import { importRuns } from './import/runs/import-runs.ts';
import { printReport } from './import/print-report.ts';
import { settle, type Settled, type Settlement } from './import/settle.ts';
import { shownPath } from './import/shown-path.ts';
import { readSource } from './import/source-file.ts';
import { refuseTaken, writeAll } from './import/write-all.ts';

/** A trigger could not be carried over; everything else is written. */
const TRIGGER_LOST = 3;

export const importVerb: Verb = {
  table: {
    name: 'import',
    summary: 'writes definitions for the jobs of other schedulers, or brings runs in; starts nothing',
    examples: ['crontab -l | nightshift import crontab - --what-if', 'nightshift import systemd /etc/systemd/system/backup.timer', 'nightshift import --runs history.jsonl'],
    usage: ['crontab | systemd | kubernetes | github-actions | dagu  FILE | -  [options]', '--runs FILE | -  [--what-if]'],
    words: 2,
    options: {
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where to write; default: configuration, else ./definitions', completes: 'folder' },
      prefix: { kind: 'text', value: 'TEXT', help: 'what every name begins with' },
      name: { kind: 'text', value: 'NAME', help: 'the name, when there is one definition' },
      system: { kind: 'switch', help: 'of crontab: a user in each line; of systemd: no user unit' },
      runs: { kind: 'text', value: 'FILE', help: 'finished runs, as get-job --all -o jsonl prints them; - is stdin' },
      'what-if': { kind: 'switch', help: 'print the files and the report; write nothing' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, { host }) {
    const format = formatOf(options, ['table', 'json']);
    if (options.has('runs')) return importRuns(options, host, format as 'table' | 'json');
    const importer = formatNamed(wordOf(options, 0, 'a format'));
    const source = readSource(wordOf(options, 1, 'a file'));
    if (source.text.trim() === '') throw new JobError({ code: 'DefinitionEmpty', message: 'there is nothing in it', file: source.file });
    const { authoring, config } = await host().wiring();
    const reading = importer.read(source, { system: options.isOn('system'), readYaml: authoring.readForeignYaml });
    const place = placeOf(options, config, reading.drafts.length);
    const settlement = await settle(reading, place, authoring);
    refuseTaken(settlement.definitions, place.searched);
    if (!options.isOn('what-if') && settlement.definitions.length > 0) await writeAll(settlement.definitions, place.folder, authoring);
    if (format === 'json') writeJson({ apiVersion: 1, definitions: settlement.definitions.map((one) => plain(one, options)), report: settlement.report });
    else print(settlement, options.isOn('what-if'));
    return settlement.report.some(({ severity }) => severity === 'trigger-lost') ? TRIGGER_LOST : 0;
  },
};

function wordOf(options: Parsed, index: number, what: string): string {
  const word = options.words[index];
  if (word !== undefined && word !== '') return word;
  throw usage('MissingMandatoryParameter', `${what} is missing`, 'nightshift import crontab FILE');
}

interface Place {
  readonly folder: string;
  /** Folders in which no definition may have one of the new names. */
  readonly searched: readonly string[];
  readonly prefix: string;
  readonly name?: string;
}

function placeOf(options: Parsed, { folders }: Wiring['config'], drafts: number): Place {
  const path = options.text('definition-path');
  if (path === '') throw usage('ParameterArgumentValidationError', '--definition-path is empty');
  const name = options.text('name');
  const prefix = options.text('prefix') ?? '';
  // What a file calls its jobs is made to fit; what somebody asks for is taken or refused.
  for (const wish of [name, prefix === '' ? undefined : `${prefix}x`]) if (wish !== undefined) checkName(wish);
  if (name !== undefined && drafts > 1) throw usage('InvalidParameterCombination', `--name names one definition, and here are ${drafts}`, 'give --prefix, or no name at all');
  const folder = path === undefined ? (folders[0] as string) : resolve(currentFolder(), path);
  return { folder, searched: path === undefined ? folders : [folder], prefix, ...(name === undefined ? {} : { name }) };
}

function plain({ name, path, enabled, text }: Settled, options: Parsed): object {
  return { name, file: shownPath(path), enabled, ...(options.isOn('what-if') ? { text } : {}) };
}

function print({ definitions, report }: Settlement, whatIf: boolean): void {
  printReport(report);
  for (const { path, text } of definitions) {
    const file = shownPath(path);
    if (whatIf) {
      writeError(`What if: new ${sanitiseLine(file)}\n`);
      writeOut(`# ${sanitiseLine(file)}\n${isTerminal(1) ? sanitise(text) : text}`);
    } else writeOut(`${sanitiseLine(file)}\n`);
  }
  if (!whatIf) writeError(`${summaryOf(definitions)}\n`);
}

function summaryOf(definitions: readonly Settled[]): string {
  if (definitions.length === 0) return 'import: nothing was written';
  const off = definitions.filter(({ enabled }) => !enabled).length;
  const count = definitions.length === 1 ? '1 definition' : `${definitions.length} definitions`;
  return `import: ${count} written, ${off} of them disabled; nothing was started, and where they come from they still run`;
}
