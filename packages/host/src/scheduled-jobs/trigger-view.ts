import { readDayNames, readTypedTime } from '@nightshift/scheduler';
import { fieldsOfEntry, ruleOf, type TriggerEntry } from './trigger-entry.ts';

/** A trigger as it is printed. Keys that mean nothing to its kind are null; durations are text, days are names. Source: scheduled-jobs.md section 12. */
export interface TriggerView {
  /** 0 while it is attached to no definition. */
  readonly id: number;
  readonly kind: string;
  readonly enabled: boolean;
  readonly at: string | null;
  readonly daysInterval: number | null;
  readonly daysOfWeek: readonly string[] | null;
  readonly weeksInterval: number | null;
  readonly randomDelay: string | null;
  readonly repetitionInterval: string | null;
  readonly repetitionDuration: string | null;
  readonly repeatIndefinitely: boolean | null;
  readonly user: string | null;
  readonly cron: string | null;
  readonly dayMatch: string | null;
  readonly every: string | null;
  readonly timeZone: string | null;
  /** Name of its definition. */
  readonly definition: string | null;
}

/** In the order in which they are printed. */
const VIEW_FIELDS = [
  'at', 'daysInterval', 'daysOfWeek', 'weeksInterval', 'randomDelay', 'repetitionInterval', 'repetitionDuration', 'repeatIndefinitely', 'user', 'cron', 'dayMatch', 'every', 'timeZone',
] as const satisfies readonly (keyof TriggerView)[];

/** The view of an entry that has been checked. */
export function triggerView(entry: TriggerEntry, id: number, definition: string | null): TriggerView {
  const { kind, values } = fieldsOfEntry(entry) ?? { kind: '', values: {} };
  const shown = VIEW_FIELDS.map((name) => {
    const rule = ruleOf(kind, name);
    return [name, rule === undefined ? null : shownValue(name, values[name] ?? rule.default ?? null)] as const;
  });
  return { id, kind, enabled: values['enabled'] !== false, ...(Object.fromEntries(shown) as Pick<TriggerView, (typeof VIEW_FIELDS)[number]>), definition };
}

/** Those of a definition, each with its id: the one that is written, else its position. */
export function triggerViews(entries: readonly TriggerEntry[], definition: string): readonly TriggerView[] {
  return entries.map((entry, index) => triggerView(entry, idOf(entry, index), definition));
}

/** Positions begin with 0, ids with 1. */
export function idOf(entry: unknown, index: number): number {
  const id = (entry as { readonly id?: unknown } | null)?.id;
  return typeof id === 'number' ? id : index + 1;
}

function shownValue(name: string, value: unknown): unknown {
  if (name === 'at' && typeof value === 'string') return valueOr(readTypedTime(value), value);
  if (name === 'daysOfWeek' && value !== null) return valueOr(readDayNames(value), value);
  // Of durations, zero alone may be written without a unit.
  return value === 0 ? '0' : value;
}

function valueOr(read: object, otherwise: unknown): unknown {
  return 'value' in read ? read.value : otherwise;
}
