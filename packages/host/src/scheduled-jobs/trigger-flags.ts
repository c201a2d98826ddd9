/** What the options of new-job-trigger and set-job-trigger say, as entries of `triggers:`. */
import { checkTyped } from '@nightshift/definitions';
import { checkTrigger, readDayNames, readTypedTime } from '@nightshift/scheduler';
import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import { flagOf, inFlags } from './flag-words.ts';
import { entryOfFields, fieldsOf, fieldsOfEntry, KIND_NAMES, ruleOf, type TriggerEntry, withFields } from './trigger-entry.ts';

/** What was typed. */
export interface TypedTrigger {
  /** The kinds whose options were given. */
  readonly kinds: readonly string[];
  /** By field; a switch is a boolean. */
  readonly values: Readonly<Record<string, string | boolean>>;
}

export interface TriggerContext {
  /** In which times are meant unless the trigger says otherwise. */
  readonly timeZone: string;
  readonly now: Date;
}

/** An entry that has been checked, and what is doubtful about it. */
export interface ReadEntry {
  readonly entry: TriggerEntry;
  readonly warnings: readonly JobErrorFacts[];
}

/** Codes of the mistakes that a table of section 12 tells apart. */
interface Codes {
  readonly broken: string;
  readonly missing: string;
  readonly twoKinds: string;
  readonly foreign: string;
}

const OF_NEW: Codes = { broken: 'ParameterArgumentValidationError', missing: 'MissingMandatoryParameter', twoKinds: 'AmbiguousParameterSet', foreign: 'InvalidParameterCombination' };
const SET = 'SetJobTriggerParameterValidationError';
const OF_SET: Codes = { broken: SET, missing: SET, twoKinds: SET, foreign: SET };

/** The trigger that new-job-trigger was told. Throws everything that is wrong with it. */
export function newEntry(typed: TypedTrigger, context: TriggerContext): ReadEntry {
  const [kind, ...others] = typed.kinds;
  if (kind === undefined) throw noKind(typed);
  refuseKinds([kind, ...others], OF_NEW);
  const values = readFields(kind, typed, undefined, context, OF_NEW);
  return checkedEntry(entryOfFields({ kind, values }), context, OF_NEW);
}

/**
 * The entry as set-job-trigger was told to change it. Of another kind, what the new one knows of the old values stays: its id,
 * whether it is enabled, zone and random delay, time, interval and days. Throws everything that is wrong with it.
 */
export function changedEntry(entry: TriggerEntry, typed: TypedTrigger, context: TriggerContext): ReadEntry {
  const old = fieldsOfEntry(entry);
  const kind = typed.kinds[0] ?? old?.kind ?? '';
  refuseKinds(typed.kinds, OF_SET);
  const values = withRepetition(readFields(kind, typed, old?.values, context, OF_SET), typed);
  if (kind === old?.kind) return checkedEntry(withFields(entry, kind, values), context, OF_SET);
  const all = { ...carriedOver(kind, old?.values ?? {}), ...values } as Readonly<Record<string, unknown>>;
  // In the order of the table, in which our examples are written.
  return checkedEntry(entryOfFields({ kind, values: Object.fromEntries(fieldsOf(kind).map(([name]) => [name, all[name]])) }), context, OF_SET);
}

function noKind({ values }: TypedTrigger): JobError {
  const names = Object.keys(values);
  const fit = KIND_NAMES.filter((kind) => names.every((name) => ruleOf(kind, name) !== undefined));
  const kinds = fit.length > 0 ? fit : KIND_NAMES;
  const hint = kinds.length === 1 ? `add --${flagOf(kinds[0] as string)}` : `add one of ${kinds.map((kind) => `--${flagOf(kind)}`).join(', ')}`;
  return new JobError({ code: 'MissingMandatoryParameter', message: 'say which kind of trigger it is', hint });
}

function refuseKinds(kinds: readonly string[], codes: Codes): void {
  if (kinds.length < 2) return;
  throw new JobError({ code: codes.twoKinds, message: `a trigger has one kind, not both --${flagOf(kinds[0] as string)} and --${flagOf(kinds[1] as string)}`, hint: 'a definition may have several triggers' });
}

/** The values as they are written into a file. */
function readFields(kind: string, { values }: TypedTrigger, old: Readonly<Record<string, unknown>> | undefined, context: TriggerContext, codes: Codes): Readonly<Record<string, unknown>> {
  const issues: JobErrorFacts[] = [];
  const read: Record<string, unknown> = {};
  for (const [name, typed] of Object.entries(values)) {
    const rule = ruleOf(kind, name);
    if (rule === undefined) issues.push(foreign(kind, name, codes));
    else if (typeof typed === 'boolean') read[name] = typed;
    else {
      const field = readField(kind, name, typed);
      issues.push(...field.issues.map((issue) => asOption(issue, codes)));
      read[name] = name === 'at' && typeof field.value === 'string' ? withDate(kind, field.value, old?.['at'], context) : field.value;
    }
  }
  raise(issues);
  return read;
}

function foreign(kind: string, name: string, { foreign: code }: Codes): JobErrorFacts {
  const owners = KIND_NAMES.filter((other) => ruleOf(other, name) !== undefined).map((other) => `--${flagOf(other)}`);
  return { code, message: `--${flagOf(name)} means nothing to a trigger of the kind ${kind}`, hint: `it belongs to ${owners.join(', ')}` };
}

function readField(kind: string, name: string, text: string): { readonly value: unknown; readonly issues: readonly JobErrorFacts[] } {
  if (name !== 'at' && name !== 'daysOfWeek') return checkTyped(`--${flagOf(name)}`, ruleOf(kind, name) as NonNullable<ReturnType<typeof ruleOf>>, text);
  const read = name === 'at' ? readTypedTime(text) : readDayNames(text);
  return 'value' in read ? { value: read.value, issues: [] } : { value: undefined, issues: read.faults.map((fault) => ({ ...fault, message: `--${flagOf(name)}: ${fault.message}` })) };
}

/** A time alone keeps the date, and the offset, that the trigger had. Of a new one that needs a date, today's is offered and not taken: it may have passed. */
function withDate(kind: string, at: string, old: unknown, { timeZone, now }: TriggerContext): string {
  if (!/^\d\d:/.test(at)) return at;
  const [, date, offset = ''] = /^(\d{4}-\d\d-\d\d)T[\d:.]+([zZ]|[+-][\d:]+)?$/.exec(typeof old === 'string' ? old : '') ?? [];
  if (date !== undefined) return `${date}T${at}${offset}`;
  if (kind !== 'once') return at;
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now);
  throw new JobError({ code: old === undefined ? OF_NEW.broken : OF_SET.broken, message: `--at: "${at}" has no date, and a trigger of the kind once needs one`, hint: `for today: --at ${today}T${at}` });
}

/** Both zero: no repetition any more. How it ends is said in one of two ways, and the newly given one takes the place of the other. */
function withRepetition(values: Readonly<Record<string, unknown>>, { values: typed }: TypedTrigger): Readonly<Record<string, unknown>> {
  const isZero = (name: string): boolean => /^(?:0(?:ms|[smhdw])?|P(?:T?0[WDHMS])+)$/.test(String(typed[name] ?? ''));
  if (isZero('repetitionInterval') !== isZero('repetitionDuration')) {
    throw new JobError({ code: SET, message: 'one of --repetition-interval and --repetition-duration is zero, the other is not', hint: 'to remove the repetition: --repetition-interval 0 --repetition-duration 0' });
  }
  if (isZero('repetitionInterval')) return { ...values, repetitionInterval: undefined, repetitionDuration: undefined, repeatIndefinitely: undefined };
  if (values['repeatIndefinitely'] === false) return { ...values, repeatIndefinitely: undefined };
  if (values['repeatIndefinitely'] === true && values['repetitionDuration'] === undefined) return { ...values, repetitionDuration: undefined };
  return values['repetitionDuration'] !== undefined && values['repeatIndefinitely'] === undefined ? { ...values, repeatIndefinitely: undefined } : values;
}

const INTERVALS = ['daysInterval', 'weeksInterval'];
const CARRIED = ['id', 'enabled', 'timeZone', 'randomDelay', 'at', 'daysOfWeek', ...INTERVALS];

/** An interval counts in the unit of the new kind, as PowerShell's one property `Interval` does. */
function carriedOver(kind: string, old: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const interval = INTERVALS.map((name) => old[name]).find((value) => value !== undefined);
  const values = { ...old, ...Object.fromEntries(INTERVALS.map((name) => [name, interval])) };
  const known = fieldsOf(kind).map(([name]) => name);
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== undefined && CARRIED.includes(name) && known.includes(name)));
}

function checkedEntry(entry: TriggerEntry, context: TriggerContext, codes: Codes): ReadEntry {
  const { kind, values } = fieldsOfEntry(entry) as NonNullable<ReturnType<typeof fieldsOfEntry>>;
  raise(fieldsOf(kind).filter(([name, { required }]) => required === true && values[name] === undefined).map(([name, { example }]) => missing(kind, name, example, codes)));
  const { issues, warnings } = checkTrigger(entry, context);
  raise(issues.map((issue) => asOption(issue, codes)));
  return { entry, warnings: warnings.map((warning) => asOption(warning, codes)) };
}

function missing(kind: string, name: string, example: unknown, { missing: code }: Codes): JobErrorFacts {
  const value = [example].flat().join(',');
  return { code, message: `--${flagOf(kind)} needs --${flagOf(name)}`, hint: `such as --${flagOf(name)} ${/[*\s]/.test(value) ? `'${value}'` : value}` };
}

const KEYS = [...new Set(KIND_NAMES.flatMap((kind) => [...fieldsOf(kind).map(([name]) => name), ...(/[A-Z]/.test(kind) ? [kind] : [])]))];

/** A mistake in a value keeps its code; what the keys of a file are called is none of a command line's business. */
function asOption({ code = 'TriggerInvalid', message, hint }: Pick<JobErrorFacts, 'message' | 'hint'> & { readonly code?: string }, { broken }: Codes): JobErrorFacts {
  const own = code === 'TriggerInvalid' || code.startsWith('Definition') ? broken : code;
  return { code: own, message: inFlags(message, KEYS), ...(hint === undefined ? {} : { hint: inFlags(hint, KEYS) }) };
}

/** Throws all of them, or the only one as it is. */
export function raise(issues: readonly JobErrorFacts[]): void {
  const errors = issues.map((issue) => new JobError(issue));
  if (errors.length > 1) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  if (errors[0] !== undefined) throw errors[0];
}
