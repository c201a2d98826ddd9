import { join } from 'node:path';
import { PLUGIN_LANGUAGES, type Draft, type Example, type NewDefinitions } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printError, type Voice } from '../print/error.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { printTable } from '../print/table.ts';
import { isTerminal, writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';
import { shownPath } from './import/shown-path.ts';
import { newPlugin, PLUGIN, word } from './new-plugin.ts';

type Format = ReturnType<typeof formatOf>;

export const newDefinition: Verb = {
  table: {
    name: 'new',
    summary: 'writes a definition to begin with, or a job type of your own; starts nothing',
    examples: ['nightshift new --list', 'nightshift new Greeting', 'nightshift new ShopBackup --from DatabaseBackup', 'nightshift new plugin DiskWatch --language python'],
    usage: ['NAME [--from EXAMPLE] [options]', 'plugin NAME [--language ts|python|sh] [options]', '--list'],
    words: 2,
    completes: ['plugin'],
    options: {
      from: { kind: 'text', value: 'EXAMPLE', help: 'the example to begin with; default Hello, the smallest' },
      list: { kind: 'switch', help: 'show the examples, a line each' },
      language: { kind: 'text', value: 'LANGUAGE', help: 'of a plugin: ts (default), python or sh', oneOf: PLUGIN_LANGUAGES },
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where to write; default: configuration, else ./definitions', completes: 'folder' },
      'what-if': { kind: 'switch', help: 'say what would be written, and write nothing' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, ['table', 'json']);
    const [name, second] = options.words;
    if (options.isOn('list')) refuseBesideList(options);
    else if (name === PLUGIN) return newPlugin(options, format, host);
    else if (second !== undefined) throw usage('PositionalParameterNotFound', `"${second}" is one word too many`, 'a definition has one name; nightshift new plugin NAME writes a job type');
    else if (options.has('language')) throw usage('InvalidParameterCombination', '--language is for a plugin', `nightshift new ${PLUGIN} ${name ?? 'NAME'} --language ${options.text('language') as string}`);
    if (name === undefined && !options.isOn('list')) return withoutName(voice);
    const definitions = (await host().wiring()).newDefinitions(join(__dirname, 'examples'));
    if (name === undefined) printExamples(definitions.examples, format);
    else await create(definitions, name, options, format);
    return EXIT.done;
  },
};

function refuseBesideList(options: Parsed): void {
  const other = options.words[0] ?? ['from', 'language', 'definition-path', 'what-if'].filter((flag) => options.has(flag)).map((flag) => `--${flag}`)[0];
  if (other !== undefined) throw usage('InvalidParameterCombination', `--list only shows the examples; "${other}" goes without it`);
}

function withoutName(voice: Voice): number {
  const status = printError(voice, usage('MissingMandatoryParameter', 'say what the new definition is called', 'nightshift new --list shows what there is to begin with'));
  if (isTerminal(2) && !voice.json) writeError('  $ nightshift new Greeting\n  $ nightshift new ShopBackup --from DatabaseBackup\n');
  return status;
}

function printExamples(examples: readonly Example[], format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, examples });
  else printTable([['Name', ({ name }) => name], ['Description', ({ description }) => description, { givesWay: 1 }]], examples);
}

async function create(definitions: NewDefinitions, name: string, options: Parsed, format: Format): Promise<void> {
  const [from, folder] = [options.text('from'), options.text('definition-path')];
  if (folder?.trim() === '') throw usage('ParameterArgumentValidationError', 'the definition path is empty');
  const draft = await definitions.draft({ name, ...(from === undefined ? {} : { from }), ...(folder === undefined ? {} : { folder }) });
  if (options.isOn('what-if')) {
    for (const { path } of draft.missing) writeError(`What if: new ${sanitiseLine(shownPath(path))}\n`);
    return;
  }
  await definitions.write(draft);
  report(draft, folder, format);
}

function report({ name, example, file, missing, kept }: Draft, folder: string | undefined, format: Format): void {
  const written = missing.map(({ path }) => path);
  if (format === 'json') return writeJson({ apiVersion: 1, name, example: example.name, file, written, kept });
  for (const path of written) writeOut(`${sanitiseLine(shownPath(path))}\n`);
  if (kept.length > 0) writeError(`${kept.length === 1 ? '1 file was' : `${kept.length} files were`} there already and stayed: ${sanitiseLine(kept.map(shownPath).join(', '))}\n`);
  const place = folder === undefined ? '' : ` --definition-path ${word(folder)}`;
  writeError(sanitised(['Next:', `  nightshift validate ${word(shownPath(file))}`, `  start-job --definition-name ${name}${place} --wait`, `  nightshift next ${name}${place}`]));
}

function sanitised(lines: readonly string[]): string {
  return lines.map((line) => `${sanitiseLine(line)}\n`).join('');
}
