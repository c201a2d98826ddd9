import type { AskedTrigger, DueTimeView, NextAnswer, NextRequest } from '@nightshift/host';
import { CONFIG_OPTION, type Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { DUE_TIME_COLUMNS, explanation, EXPRESSION_COLUMNS, noteOf } from '../print/due-times.ts';
import { printError } from '../print/error.ts';
import { writeJson, writeJsonLines, writeText } from '../print/json.ts';
import { lookOf } from '../print/look.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { printTable } from '../print/table.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { yaml } from '../print/yaml.ts';
import { formatOf, type Verb } from '../verb.ts';

export const next: Verb = {
  table: {
    name: 'next',
    summary: 'says when definitions are due; starts nothing',
    examples: ['nightshift next Nightly', 'nightshift next Nightly --explain -n 3', "nightshift next --cron '*/15 8-18 * * 1-5' --time-zone Europe/Berlin"],
    usage: ['[NAME | PATTERN]… [options]', '--cron EXPRESSION [options]'],
    completes: 'definition',
    options: {
      count: { kind: 'text', short: 'n', value: 'N', help: 'at most so many in all; default 10' },
      from: { kind: 'text', value: 'TIME', help: 'later than 2027-03-27 or 2027-03-27T02:30Z; default now' },
      until: { kind: 'text', value: 'TIME', help: 'at this time or before' },
      'time-zone': { kind: 'text', value: 'ZONE', help: 'where times are shown and read, and --cron meant' },
      'trigger-id': { kind: 'list', value: 'ID,…', help: 'only these triggers' },
      all: { kind: 'switch', help: 'also what is disabled or hidden' },
      explain: { kind: 'switch', help: 'in words, with UTC and clock changes; JSON stays as it is' },
      cron: { kind: 'text', value: 'EXPRESSION', help: 'an expression in place of definitions' },
      'definition-path': { kind: 'text', value: 'FOLDER', help: 'where the definitions are', completes: 'folder' },
      ...CONFIG_OPTION,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, ['table', 'json', 'jsonl', 'yaml']);
    const request = requestOf(options);
    const answer = await (await host().wiring()).next(request);
    if (format !== 'table') printData(answer, request, format);
    else if (options.isOn('explain')) writeOut(await explain(answer));
    else if (answer.dueTimes.length > 0) printTable(request.cron === undefined ? DUE_TIME_COLUMNS : EXPRESSION_COLUMNS, answer.dueTimes);
    if (format === 'table') for (const { name, because } of answer.leftOut) writeError(`next: ${sanitiseLine(name)} is ${because}; --all shows it\n`);
    return answer.problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};

/** Flags that say something about definitions, which an expression has none of. */
const OF_DEFINITIONS = ['trigger-id', 'all', 'definition-path'];

function requestOf(options: Parsed): NextRequest {
  const names = [...options.words, ...(options.rest ?? [])].flatMap((word) => checkWord(word).split(','));
  const cron = options.text('cron');
  const beside = [...(names.length > 0 ? ['a name'] : []), ...OF_DEFINITIONS.filter((name) => options.has(name)).map((name) => `--${name}`)];
  if (cron !== undefined && beside.length > 0) throw usage('AmbiguousParameterSet', `--cron and ${beside.join(', ')} cannot be used together`);
  return {
    names,
    cron,
    count: countOf(options.text('count') ?? '10'),
    from: options.text('from'),
    until: options.text('until'),
    timeZone: options.text('time-zone'),
    triggerIds: options.list('trigger-id')?.map(readId),
    all: options.isOn('all'),
    definitionPath: options.text('definition-path'),
  };
}

/** An expression has wildcards, and as a name it would fit nothing, in silence. */
function checkWord(word: string): string {
  if (!/^@|\S\s+\S/.test(word)) return word;
  throw usage('ParameterArgumentValidationError', `"${word}" is no name of a definition`, `a cron expression is asked for with --cron: nightshift next --cron '${word}'`);
}

const MOST = 10_000;

function countOf(text: string): number {
  const count = wholeNumber('--count', text);
  if (count < 1 || count > MOST) throw usage('ParameterArgumentValidationError', `--count takes a number from 1 to ${MOST.toLocaleString('en')}, not ${text}`);
  return count;
}

function readId(text: string): number {
  const id = wholeNumber('--trigger-id', text);
  if (id < 1) throw usage('ParameterArgumentValidationError', `no trigger can have the id ${text}: ids begin with 1`);
  return id;
}

function wholeNumber(flag: string, text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw usage('ParameterArgumentTransformationError', `${flag} takes a whole number, not "${text}"`);
  return Number(text);
}

function printData({ definition, dueTimes }: NextAnswer, { cron }: NextRequest, format: 'json' | 'jsonl' | 'yaml' | string): void {
  const isOne = definition !== undefined && format !== 'jsonl';
  const times = dueTimes.map((view) => (cron === undefined ? plain(view, !isOne) : view.dueAt.toISOString()));
  const document = cron === undefined ? { apiVersion: 1, definition: definition ?? null, dueTimes: times } : times;
  if (format === 'json') writeJson(document);
  else if (format === 'jsonl') writeJsonLines(times);
  else writeText(yaml(document));
}

function plain(view: DueTimeView, withDefinition: boolean): object {
  const { dueAt, trigger } = view;
  return { ...(withDefinition ? { definition: trigger.definition } : {}), dueAt: dueAt.toISOString(), triggerId: trigger.triggerId, note: noteOf(view) };
}

/** Triggers in the order of their due times; those without any where one definition was asked for, and all of it is meant. */
async function explain({ definition, dueTimes, triggers }: NextAnswer): Promise<string> {
  const byTrigger = Map.groupBy(dueTimes, ({ trigger }) => trigger);
  const silent: readonly AskedTrigger[] = definition === undefined ? [] : triggers.filter((trigger) => !byTrigger.has(trigger));
  const shown = [...byTrigger, ...silent.map((trigger) => [trigger, []] as const)];
  return explanation(await Promise.all(shown.map(async ([trigger, own]) => ({ trigger, words: await trigger.words(), dueTimes: own }))), new Date(), lookOf(1));
}
