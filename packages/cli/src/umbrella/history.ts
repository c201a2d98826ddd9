import type { FiringView, HistoryAnswer } from '@nightshift/host';
import { approvalOf, APPROVAL_OPTIONS } from '../options/approval.ts';
import { CONFIG_OPTION, outputOption, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printError } from '../print/error.ts';
import { writeJson, writeJsonLines, writeText } from '../print/json.ts';
import { printTable, type Column } from '../print/table.ts';
import { yaml } from '../print/yaml.ts';
import { writeError } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';

const FORMATS = ['table', 'json', 'jsonl', 'yaml'] as const;
const WORDS = ['Started', 'Skipped', 'Waiting', 'Void'] as const;
const DEFAULT_NEWEST = 100;

export const history: Verb = {
  table: {
    name: 'history',
    summary: 'says what became of due times: started, skipped and why',
    examples: ['nightshift history Nightly', 'nightshift history --since 7d --word Skipped', 'nightshift history --clear Nightly --before 90d --what-if'],
    usage: ['[NAME | PATTERN]… [options]', '--clear [NAME | PATTERN]… [--before WHEN] [options]'],
    completes: 'definition',
    options: {
      since: { kind: 'text', value: 'WHEN', help: 'due at this time or later; a duration is so long ago' },
      until: { kind: 'text', value: 'WHEN', help: 'due at this time or before' },
      word: { kind: 'text', value: 'WORD', help: 'only Started, Skipped, Waiting or Void', oneOf: WORDS },
      newest: { kind: 'text', value: 'N', help: `at most so many rows, the newest; default ${DEFAULT_NEWEST}` },
      clear: { kind: 'switch', help: 'forget what became of due times; jobs stay, nothing fires again' },
      before: { kind: 'text', value: 'WHEN', help: 'of --clear: only what was due before' },
      ...APPROVAL_OPTIONS,
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where the definitions are', completes: 'folder' },
      ...outputOption(FORMATS),
      ...CONFIG_OPTION,
    },
  },
  async run(options, { host, voice }) {
    if (options.isOn('clear')) return clear(options, { host, voice });
    const alone = ONLY_WITH_CLEAR.find((name) => options.has(name));
    if (alone !== undefined) throw usage('InvalidParameterCombination', `--${alone} is there for --clear`, 'nightshift history --clear NAME --before 90d');
    const format = formatOf(options, FORMATS);
    const newest = options.text('newest') ?? String(DEFAULT_NEWEST);
    if (!/^[1-9]\d{0,8}$/.test(newest)) throw usage('ParameterArgumentValidationError', `--newest takes a whole number from 1 to 999,999,999, not "${newest}"`);
    const answer = await (await host().scheduling()).history({ names: namesOf(options), newest: Number(newest), since: options.text('since'), until: options.text('until'), word: wordOf(options), definitionPath: options.text('definition-path') });
    if (format === 'table') {
      if (answer.firings.length > 0) printTable(COLUMNS, answer.firings);
    } else printData(answer, format);
    return answer.problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};

const ONLY_WITH_CLEAR = ['before', 'what-if', 'confirm', 'yes'] as const;
const NOT_WITH_CLEAR = ['since', 'until', 'word', 'newest', 'output', 'json'] as const;

async function clear(options: Parsed, { host, voice }: Pick<Surroundings, 'host' | 'voice'>): Promise<number> {
  const foreign = NOT_WITH_CLEAR.find((name) => options.has(name));
  if (foreign !== undefined) throw usage('InvalidParameterCombination', `--clear and --${foreign} cannot be used together`);
  const [names, before] = [namesOf(options), options.text('before')];
  if (names.length === 0 && before === undefined) throw usage('MissingMandatoryParameter', '--clear needs a name, or --before', "nightshift history --clear NAME, or '*' for the history of all definitions");
  const asked = approvalOf(options, 'forget');
  const approve = asked === undefined ? undefined : (definition: string, count: number): boolean => asked(`${dueTimes(count)} of ${definition}`);
  const answer = await (await host().scheduling()).clearHistory({ names, before, approve, definitionPath: options.text('definition-path') });
  const isAboutSomething = answer.dueTimes > 0 || answer.problems.length === 0;
  if (!options.isOn('what-if') && isAboutSomething) writeError(`history: ${dueTimes(answer.dueTimes)} forgotten; the newest of each trigger stays\n`);
  return answer.problems.map((problem) => printError(voice, problem))[0] ?? 0;
}

function dueTimes(count: number): string {
  return count === 1 ? '1 due time' : `${count} due times`;
}

function namesOf(options: Parsed): readonly string[] {
  return [...options.words, ...(options.rest ?? [])].flatMap((word) => word.split(','));
}

function wordOf(options: Parsed): (typeof WORDS)[number] | undefined {
  const wanted = options.text('word')?.toLowerCase();
  return WORDS.find((word) => word.toLowerCase() === wanted);
}

const COLUMNS: readonly Column<FiringView>[] = [
  ['DueAt', ({ local }) => local],
  ['Count', ({ count }) => String(count)],
  ['Definition', ({ definition }) => definition, { givesWay: 1 }],
  ['Trigger', ({ triggerId }) => String(triggerId)],
  ['Word', ({ word }) => word],
  ['Reason', ({ reason }) => reason ?? ''],
  ['Job', ({ job }) => (job === undefined ? '' : String(job))],
  ['State', ({ state }) => state ?? ''],
];

function printData({ firings }: HistoryAnswer, format: string): void {
  const rows = firings.map(plain);
  if (format === 'json') writeJson({ apiVersion: 1, firings: rows });
  else if (format === 'jsonl') writeJsonLines(rows);
  else writeText(yaml({ apiVersion: 1, firings: rows }));
}

/** The keys of cli.md section 9. */
function plain({ definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId, state }: FiringView): object {
  return { definition, triggerId, dueAt: dueAt.toISOString(), lastDueAt: lastDueAt.toISOString(), count, decidedAt: decidedAt.toISOString(), word, reason: reason ?? null, instanceId: instanceId ?? null, state: state ?? null };
}
