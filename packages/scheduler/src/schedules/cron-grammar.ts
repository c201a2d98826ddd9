import { asciiLower, suggest } from '@nightshift/sdk';
import { fault, quote, type Complaint, type Read } from '../complaint.ts';
import { CRON_FIELDS, outside, readNumber, readStep, type CronField } from './cron-fields.ts';

/** An expression that our grammar accepted, in a form that holds no range, no step, no name and no `?`. */
export interface CronText {
  /** Second to day-of-week: `*`, or numbers and the tokens of L, W and # between commas, each once. */
  readonly fields: readonly string[];
  /** True when it names times of day and no rhythm: minute and hour, and the seconds where written, hold no `*` or `?`. */
  readonly fixedTime: boolean;
  /** Both day fields say something, so `dayMatch` matters. */
  readonly bothDays: boolean;
}

const FIVE = CRON_FIELDS.slice(1).map((field) => field.name).join(' ');
const SIX = CRON_FIELDS.map((field) => field.name).join(' ');

const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const CODE = 'CronExpressionInvalid';
/** Of an expression; a longer one is looked at no further. */
export const MOST_CHARACTERS = 256;

/** Reads an expression; complains about every field that is wrong, of each about the first fault. */
export function readCronText(text: string): Read<CronText> {
  // First of all: nothing below is written for more than this.
  if (text.length > MOST_CHARACTERS) return fault(CODE, `the cron expression has ${text.length} characters, at most ${MOST_CHARACTERS} are allowed`, FIVE);
  const plain = text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  if (plain.startsWith('@')) return readMacro(plain);
  const parts = plain === '' ? [] : plain.split(/[ \t]+/);
  if (parts.length === 5) return readFields(['0', ...parts], parts.slice(0, 2), FIVE);
  if (parts.length === 6) return readFields(parts, parts.slice(0, 3), SIX);
  return fault(CODE, `the cron expression has ${count(parts.length)}, it needs 5, or 6 with the second first`, FIVE);
}

function readMacro(text: string): Read<CronText> {
  const [name = '', ...rest] = asciiLower(text).split(/[ \t]+/);
  if (name === '@reboot') return fault(CODE, '@reboot is a trigger of its own kind', 'write the trigger as  atStartup: {}');
  if (name === '@every') return fault(CODE, '@every is a trigger of its own kind', `write the trigger as  every: ${rest.join('').slice(0, 20) || '10m'}`);
  const expression = rest.length === 0 && Object.hasOwn(MACROS, name) ? MACROS[name] : undefined;
  if (expression !== undefined) return readCronText(expression);
  const known = Object.keys(MACROS);
  const near = suggest(name, known);
  return fault(CODE, `${quote(text)} is none of ${known.join(' ')}`, near === undefined ? undefined : `did you mean "${near}"?`);
}

function readFields(parts: readonly string[], times: readonly string[], order: string): Read<CronText> {
  const reads = CRON_FIELDS.map((field, index) => readField(parts[index] as string, field));
  const faults = reads.flatMap((read) => ('faults' in read ? read.faults : []));
  if (faults.length > 0) return { faults: faults.map((complaint): Complaint => ({ hint: order, ...complaint })) };
  const fields = reads.map((read) => ('value' in read ? read.value : ''));
  return { value: { fields, fixedTime: !times.some((part) => /[*?]/.test(part)), bothDays: fields[3] !== '*' && fields[5] !== '*' } };
}

/** `*` or `?` as an item of a list is all of the field; `*` with a step is not. */
function readField(part: string, field: CronField): Read<string> {
  const tokens = new Set<string>();
  for (const item of part.split(',')) {
    const read = item === '*' || item === '?' ? { value: ['*'] } : readItem(item, field);
    if ('faults' in read) return read;
    for (const token of read.value) tokens.add(token);
  }
  return { value: tokens.has('*') ? '*' : [...tokens].join(',') };
}

function readItem(item: string, field: CronField): Read<readonly string[]> {
  const token = field.token?.(item, field);
  if (token !== undefined) return 'value' in token ? { value: [token.value] } : token;
  const parts = /^([^-/]+)(?:-([^-/]+))?(?:\/([^-/]*))?$/.exec(item);
  if (parts === null) return outside(item, field);
  const [, first = '', last, step] = parts;
  return first === '*' && last === undefined ? numbersOf(field.min, field.min + field.size - 1, step, field) : readRange(first, last, step, field);
}

function readRange(first: string, last: string | undefined, step: string | undefined, field: CronField): Read<readonly string[]> {
  const from = readNumber(first, field);
  if ('faults' in from) return from;
  if (last === undefined && step !== undefined) {
    return fault(CODE, `${field.name} ${quote(`${first}/${step}`)} steps through no range of ${field.min}-${field.max}`, `write ${first}-${field.max}/${step.slice(0, 4)}`);
  }
  const to = last === undefined ? from : readNumber(last, field);
  return 'faults' in to ? to : numbersOf(from.value, to.value, step, field);
}

/** The numbers of a range, over the end of the field where its second bound is smaller: at most as many as the field has. */
function numbersOf(from: number, to: number, step: string | undefined, field: CronField): Read<readonly string[]> {
  const by = step === undefined ? { value: 1 } : readStep(step, field);
  if ('faults' in by) return by;
  const length = to >= from ? to - from : to - from + field.size;
  const numbers: string[] = [];
  for (let offset = 0; offset <= length; offset += by.value) numbers.push(String(field.min + ((from - field.min + offset) % field.size)));
  return { value: numbers };
}

function count(fields: number): string {
  return fields === 1 ? '1 field' : `${fields} fields`;
}
