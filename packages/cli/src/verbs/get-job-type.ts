import { hasWildcard, matchesWildcard, type RegisteredType } from '@nightshift/host';
import { JobError, suggest } from '@nightshift/sdk';
import { CONFIG_OPTION } from '../options/option-table.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, type Format } from '../print/job.ts';
import { writeJson, writeJsonLines } from '../print/json.ts';
import { table } from '../print/table.ts';
import { isTerminal, terminalWidth, writeOut } from '../print/terminal.ts';
import { yaml } from '../print/yaml.ts';
import { formatOf, type Verb } from '../verb.ts';

export const getJobType: Verb = {
  table: {
    name: 'get-job-type',
    summary: 'lists the job types: what --type takes, and which plugin brings it',
    examples: ['get-job-type', 'get-job-type ScheduledJob -o json'],
    usage: ['[NAME | PATTERN]… [options]'],
    completes: 'job type',
    options: { ...CONFIG_OPTION },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const { types: all, problems } = await host().everyJobType();
    const found = options.words.map((word) => [word, all.filter(({ type }) => namesOf(type).some((name) => matchesWildcard(word, name)))] as const);
    print((options.words.length === 0 ? all : [...new Set(found.flatMap(([, types]) => types))]).map(viewOf), format);
    // Whoever asks for some of them has got an answer; a list without some of them is not whole.
    const isAnswered = options.words.length > 0 && found.every(([, types]) => types.length > 0);
    if (isAnswered) for (const problem of problems) printWarning(voice, problem);
    const missing = found.filter(([word, types]) => types.length === 0 && !hasWildcard(word)).map(([word]) => word);
    return [...(isAnswered ? [] : problems), ...missing.map((word) => notFound(word, all))].map((problem) => printError(voice, problem))[0] ?? 0;
  },
};

function namesOf({ name, aliases }: RegisteredType['type']): readonly string[] {
  return [name, ...(aliases ?? [])];
}

interface TypeView {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly runs: string;
  readonly capabilities: readonly string[];
  readonly package: string;
  readonly version: string;
  /** `built-in`, or the folder of the plugin. */
  readonly source: string;
}

function viewOf({ type, plugin }: RegisteredType): TypeView {
  const { name, aliases = [], description, runs } = type;
  return { name, aliases, description, runs, capabilities: capabilitiesOf(type), package: plugin.name, version: plugin.version, source: plugin.path ?? 'built-in' };
}

/** A program can be suspended, killed and found again without its type doing anything for it. */
function capabilitiesOf({ runs, capabilities }: RegisteredType['type']): string[] {
  const claimed = Object.entries(capabilities).filter(([, can]) => can === true).map(([name]) => name);
  return runs === 'command' ? [...new Set(['suspend', 'kill', 'reattach', ...claimed])] : claimed;
}

const COLUMNS = [
  ['Name', ({ name }: TypeView) => name],
  ['Aliases', ({ aliases }: TypeView) => aliases.join(',')],
  ['Runs', ({ runs }: TypeView) => runs],
  ['Capabilities', ({ capabilities }: TypeView) => capabilities.join(',')],
  ['Package', (type: TypeView) => `${type.package}@${type.version}`],
  ['Description', ({ description }: TypeView) => description],
] as const;

function print(types: readonly TypeView[], format: Format): void {
  switch (format) {
    case 'json':
      return writeJson({ apiVersion: 1, types });
    case 'jsonl':
      return writeJsonLines(types);
    case 'yaml':
      return writeOut(yaml({ apiVersion: 1, types }));
    case 'id':
      return writeOut(types.map(({ name }) => `${name}\n`).join(''));
    default: {
      if (types.length === 0) return;
      const columns = format === 'wide' ? [...COLUMNS, ['Source', ({ source }: TypeView) => source] as const] : COLUMNS;
      writeOut(table(columns, types, isTerminal(1) ? terminalWidth() : undefined));
    }
  }
}

function notFound(word: string, all: readonly RegisteredType[]): JobError {
  const names = all.map(({ type }) => type.name);
  const near = suggest(word, names);
  return new JobError({ code: 'JobTypeNotFound', message: `no job type is named "${word}" (known: ${names.join(', ')})`, ...(near === undefined ? {} : { hint: `did you mean ${near}?` }) });
}
