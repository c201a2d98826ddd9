import { asciiLower, JobError } from '@nightshift/sdk';
import { isMap, type Read, type Reader } from './complaint.ts';
import { formatOffset, parseLocalTime, type LocalTime } from './local-time.ts';
import { boolean, dayMatch, daysOfWeek, duration, interval, text } from './trigger-values.ts';

/*
 * What a trigger means, as a text: two entries with equal texts are the same trigger, however they are written. Kept in the
 * store with the trigger's clock, to see an edit and to know what was due before it; so this form never changes, or every
 * trigger there is counts as edited once.
 */

const DAY = 86_400_000;

/** A text that means the value, or undefined where that is what holds without it. */
type Writer = (value: unknown) => unknown;

/** Values of one meaning in one spelling. A value that cannot be read stays as it is. */
function written<T>(read: Reader<T>, write: (value: T) => unknown): Writer {
  return (value) => {
    const result = read(value);
    return 'value' in result ? write(result.value) : value;
  };
}

function unless<T>(usual: T): (value: T) => T | undefined {
  return (value) => (value === usual ? undefined : value);
}

const milliseconds = (value: number): string => `${value}ms`;

/** By the name of the key, whatever the kind. */
const WRITERS: Readonly<Record<string, Writer | undefined>> = {
  at: written(localTimeOf, localTimeText),
  daysInterval: written(interval, unless(1)),
  daysOfWeek: written(daysOfWeek, (days) => days.toSorted((a, b) => a - b)),
  weeksInterval: written(interval, unless(1)),
  user: written(text, unless('*')),
  expression: written(text, cronText),
  duration: written(duration, milliseconds),
  repetitionInterval: written(duration, milliseconds),
  repetitionDuration: written(duration, milliseconds),
  repeatIndefinitely: written(boolean, unless(false)),
  randomDelay: written(duration, (delay) => (delay === 0 ? undefined : milliseconds(delay))),
  dayMatch: written(dayMatch, unless<'or' | 'and'>('or')),
};

/** Kinds whose value may be written plainly, and the key that it stands for. */
const PLAIN: Readonly<Record<string, string | undefined>> = { cron: 'expression', every: 'duration' };
/** Kinds that no zone makes earlier or later. */
const ZONELESS: readonly string[] = ['every', 'atStartup', 'atLogOn'];
/** What says which trigger it is and whether it fires, and the zone, which is told apart. */
const BESIDE: readonly string[] = ['id', 'enabled', 'timeZone'];

/**
 * The meaning of one entry of `triggers:` in a zone, that of the file, where it names none itself: JSON with sorted keys.
 * Equal for `every: 10m` and `every: { duration: 600s }`, for keys in any order, and for defaults that are written out;
 * `id` and `enabled` have no part in it. Never throws: what cannot be read stays as written.
 * Source: definition reference 7.7.
 */
export function revisionOf(entry: unknown, timeZone: string): string {
  if (!isMap(entry)) return sortedJson({ entry, timeZone });
  const own = typeof entry['timeZone'] === 'string' ? entry['timeZone'] : timeZone;
  const flat = Object.entries(entry).filter(([key]) => !BESIDE.includes(key)).flatMap(([key, value]) => meaningOf(key, value));
  const meaning = Object.fromEntries(flat.filter(([, value]) => value !== undefined));
  return sortedJson({ entry: meaning, timeZone: isZoneless(meaning) ? 'UTC' : own });
}

/** The entry and zone behind a revision: opened, it has the same due times. Throws `TriggerInvalid` for any other text. */
export function entryOfRevision(revision: string): { readonly entry: unknown; readonly timeZone: string } {
  const read = parsed(revision);
  if (isMap(read) && typeof read['timeZone'] === 'string') return { entry: read['entry'], timeZone: read['timeZone'] };
  throw new JobError({ code: 'TriggerInvalid', message: `${JSON.stringify(revision.slice(0, 80))} is not what a trigger means` });
}

/** A key of an entry, its kind as a map; a random delay stands beside the kind, where all kinds may have it. */
function meaningOf(key: string, value: unknown): readonly (readonly [string, unknown])[] {
  const writer = ownOf(WRITERS, key);
  if (writer !== undefined) return [[key, writer(value)]];
  const plain = ownOf(PLAIN, key);
  const map = value === null || value === undefined ? {} : plain !== undefined && !isMap(value) ? { [plain]: value } : value;
  if (!isMap(map)) return [[key, map]];
  const values = Object.entries(map).map(([name, each]) => [name, (ownOf(WRITERS, name) ?? unchanged)(each)] as const).filter(([, each]) => each !== undefined);
  const inner = Object.fromEntries(values.filter(([name]) => name !== 'randomDelay'));
  return [[key, inner], ...values.filter(([name]) => name === 'randomDelay')];
}

const unchanged: Writer = (value) => value;

function isZoneless(meaning: Readonly<Record<string, unknown>>): boolean {
  const once = meaning['once'];
  const at = isMap(once) && typeof once['at'] === 'string' ? once['at'] : '';
  return ZONELESS.some((kind) => Object.hasOwn(meaning, kind)) || /[+-]\d\d:\d\d$/.test(at);
}

function ownOf<T>(table: Readonly<Record<string, T | undefined>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function localTimeOf(value: unknown): Read<LocalTime> {
  const time = typeof value === 'string' ? parseLocalTime(value) : undefined;
  return time === undefined ? { faults: [] } : { value: time };
}

/** "03:00", "2026-12-24T18:00:30+01:00": seconds and their fractions where there are any. */
function localTimeText({ day, time, offset }: LocalTime): string {
  const [date, clock] = new Date((day ?? 0) * DAY + time).toISOString().slice(0, -1).split('T') as [string, string];
  return `${day === undefined ? '' : `${date}T`}${clock.replace(/(?::00)?\.000$/, '')}${offset === undefined ? '' : formatOffset(offset)}`;
}

/** Case and the width of blanks mean nothing in it. */
function cronText(expression: string): string {
  return asciiLower(expression.trim()).replaceAll(/[ \t]+/g, ' ');
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (isMap(member) ? Object.fromEntries(Object.entries(member).toSorted(byKey)) : member));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
