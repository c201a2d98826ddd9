import { asciiLower, suggest } from '@nightshift/sdk';
import { fault, quote, type Read } from '../complaint.ts';

/** One of the six fields: what its numbers, names and tokens may be. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  /** The largest number that may be written: 7 for a Sunday, though the week ends at 6. */
  readonly max: number;
  /** How many different values there are. */
  readonly size: number;
  /** Names in lower case. Default: none. */
  readonly names?: ReadonlyMap<string, number>;
  /** Reads an item that is no number, name, range or step; undefined when the item is not meant as a token either. */
  readonly token?: (item: string, field: CronField) => Read<string> | undefined;
  /** The unit in which a trigger `every` would count. Default: none. */
  readonly unit?: string;
}

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** In the order of a six-field expression. */
export const CRON_FIELDS: readonly CronField[] = [
  { name: 'second', min: 0, max: 59, size: 60, unit: 's' },
  { name: 'minute', min: 0, max: 59, size: 60, unit: 'm' },
  { name: 'hour', min: 0, max: 23, size: 24, unit: 'h' },
  { name: 'day-of-month', min: 1, max: 31, size: 31, token: dayOfMonthToken },
  { name: 'month', min: 1, max: 12, size: 12, names: namesOf(MONTHS, 1) },
  { name: 'day-of-week', min: 0, max: 7, size: 7, names: namesOf(DAYS, 0), token: dayOfWeekToken },
];

/** A number of at most four digits inside the field, or one of its names, as its number. */
export function readNumber(text: string, field: CronField): Read<number> {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : field.names?.get(asciiLower(text));
  return value !== undefined && value >= field.min && value <= field.max ? { value } : outside(text, field);
}

/** A step. It has the bounds of its field too, so that "every 90 minutes" is not taken for "every hour". */
export function readStep(text: string, field: CronField): Read<number> {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= field.max) return { value };
  const hint = value > 0 && field.unit !== undefined ? `for a rhythm of its own write the trigger as  every: ${value}${field.unit}` : undefined;
  return fault('CronExpressionInvalid', `${field.name} step ${shown(text)} is not in 1-${field.max}`, hint);
}

/** The refusal of an item that the field does not know, with its range. */
export function outside(text: string, field: CronField): ReturnType<typeof fault> {
  const near = field.names === undefined ? undefined : suggest(text, field.names.keys());
  return fault('CronExpressionInvalid', `${field.name} ${shown(text)} is not in ${rangeOf(field)}`, near === undefined ? undefined : `did you mean "${near}"?`);
}

/** L, L-n, nW and LW. */
function dayOfMonthToken(item: string, field: CronField): Read<string> | undefined {
  const parts = /^(?:L(W)?|L-(\d+)|(\d+)W)$/i.exec(item);
  if (parts === null) return undefined;
  const [, weekday, offset, near] = parts;
  if (offset !== undefined) return /^\d{1,2}$/.test(offset) && Number(offset) >= 1 && Number(offset) <= 30 ? { value: `L-${Number(offset)}` } : refused(item, field, 'L-1 to L-30');
  if (near !== undefined) return 'value' in readNumber(near, field) ? { value: `${Number(near)}W` } : refused(item, field, '1W to 31W');
  return { value: weekday === undefined ? 'L' : 'LW' };
}

/** n#k and nL, with a number or a name for n. */
function dayOfWeekToken(item: string, field: CronField): Read<string> | undefined {
  const parts = /^([^#]*)(?:#(.*)|L)$/i.exec(item);
  if (parts === null) return undefined;
  const [, day = '', ordinal] = parts;
  const number = readNumber(day, field);
  if ('faults' in number) return refused(item, field, '0L to 7L or 0#1 to 7#5');
  if (ordinal === undefined) return { value: `${number.value % 7}L` };
  return /^[1-5]$/.test(ordinal) ? { value: `${number.value % 7}#${ordinal}` } : refused(item, field, '0#1 to 7#5');
}

function refused(item: string, field: CronField, range: string): ReturnType<typeof fault> {
  return fault('CronExpressionInvalid', `${field.name} ${quote(item)} is not in ${range}`);
}

function shown(text: string): string {
  return /^\d{1,12}$/.test(text) ? text : quote(text);
}

function rangeOf(field: CronField): string {
  const names = [...(field.names?.keys() ?? [])].filter((name) => name.length === 3);
  return names.length === 0 ? `${field.min}-${field.max}` : `${field.min}-${field.max} or ${names[0]}-${names.at(-1)}`;
}

function namesOf(names: readonly string[], first: number): ReadonlyMap<string, number> {
  return new Map(names.flatMap((name, index) => [[name.slice(0, 3), first + index], [name, first + index]] as const));
}
