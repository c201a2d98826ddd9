import { readFileSync } from 'node:fs';
import type { JobSelector } from '@nightshift/host';
import { asciiLower, JOB_STATES, type JobState } from '@nightshift/sdk';
import { CONFIG_OPTION, type Option, type Parsed } from './option-table.ts';
import { isPipedIn } from './piped-in.ts';
import { parseTime } from './time-option.ts';
import { usage } from './usage.ts';

/** The flags that say which jobs; the same in every verb. */
export const SELECTOR_OPTIONS: Readonly<Record<string, Option>> = {
  id: { kind: 'list', value: 'ID,…', help: 'jobs of these ids', completes: 'job', selects: true },
  'instance-id': { kind: 'list', value: 'UUID,…', help: 'jobs of these instance ids; 8 characters of an end will do', selects: true },
  name: { kind: 'list', value: 'NAME,…', help: 'jobs of these names; * ? [ ] are wildcards', completes: 'job', selects: true },
  state: { kind: 'list', value: 'STATE,…', help: 'jobs in one of these states', oneOf: JOB_STATES, selects: true },
  command: { kind: 'text', value: 'PATTERN', help: 'jobs whose command matches', selects: true },
  filter: { kind: 'texts', value: 'KEY=VALUE', help: 'jobs with this value; repeatable', selects: true },
  ...CONFIG_OPTION,
};

/** Flags of which one call takes one, since each is a PowerShell parameter set of its own. */
const SETS = ['id', 'instance-id', 'name', 'state', 'command', 'filter'];

/**
 * `alsoNarrow`: get-job takes --state and --command as further conditions beside a name or an id.
 * Throws `AmbiguousParameterSet`, `ParameterArgumentTransformationError`, `ParameterArgumentValidationError`.
 */
export function jobSelector(options: Parsed, alsoNarrow: boolean): JobSelector {
  const words = [...options.words, ...(options.rest ?? [])].flatMap((word) => (word === '-' ? idsOfStdin() : word.split(',')));
  const sets = [...(words.length > 0 ? ['the words'] : []), ...SETS.filter((name) => options.has(name) && !(alsoNarrow && (name === 'state' || name === 'command'))).map((name) => `--${name}`)];
  if (sets.length > 1) throw usage('AmbiguousParameterSet', `${sets.join(' and ')} cannot be used together`);
  const states = options.list('state') as readonly JobState[] | undefined;
  const filters = options.list('filter')?.map(readFilter);
  return {
    ...(words.length > 0 || options.words.includes('-') ? { words: words.map(checkDigits) } : {}),
    ...(options.has('id') ? { ids: (options.list('id') as readonly string[]).map(readId) } : {}),
    ...(options.has('instance-id') ? { instanceIds: options.list('instance-id') as readonly string[] } : {}),
    ...(options.has('name') ? { names: options.list('name') as readonly string[] } : {}),
    ...(states === undefined ? {} : { states }),
    ...(options.has('command') ? { command: options.text('command') as string } : {}),
    ...(filters === undefined ? {} : { filters }),
  };
}

/** The jobs that `verb` acts on, which needs to be told: whoever pipes jobs in without a word knows PowerShell. Throws what `jobSelector` throws, and `MissingMandatoryParameter`. */
export function jobsFor(verb: string, options: Parsed): JobSelector {
  const selector = jobSelector(options, false);
  if (Object.keys(selector).length === 0 && isPipedIn()) {
    throw usage('MissingMandatoryParameter', 'say which jobs: standard input is read where "-" stands only', `PowerShell's pipeline is written get-job -o id | ${verb} -`);
  }
  return selector;
}

function readId(text: string): number {
  if (!/^-?\d+$/.test(text)) throw usage('ParameterArgumentTransformationError', `"${text}" is not an id: ids are whole numbers`);
  const id = Number(text);
  if (id < 1 || !Number.isSafeInteger(id)) throw usage('ParameterArgumentValidationError', `no job can have the id ${text}: ids begin with 1`);
  return id;
}

function checkDigits(word: string): string {
  return /^-?\d+$/.test(word) ? String(readId(word)) : word;
}

function readFilter(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw usage('ParameterArgumentTransformationError', `--filter takes KEY=VALUE, not "${text}"`);
  const [key, value] = [text.slice(0, equals), text.slice(equals + 1)];
  return ['before', 'after'].includes(asciiLower(key)) ? [key, parseTime(value, `--filter ${key}`).toISOString()] : [key, value];
}

/** Ids one a line, or job objects as JSON array or JSON lines, as the verbs print them. */
function idsOfStdin(): string[] {
  const text = readFileSync(0, 'utf8').trim();
  if (text === '') return [];
  if (/^\d+(\s+\d+)*$/.test(text)) return text.split(/\s+/);
  try {
    const jobs = text.startsWith('[') ? (JSON.parse(text) as { id: number }[]) : text.split('\n').map((line) => JSON.parse(line) as { id: number });
    if (jobs.every((job) => Number.isInteger(job?.id))) return jobs.map(({ id }) => String(readId(String(id))));
  } catch (cause) {
    if ((cause as { code?: string }).code !== undefined) throw cause;
  }
  throw usage('ParameterArgumentTransformationError', 'standard input holds neither ids nor job objects', 'get-job -o id prints ids, one a line');
}
