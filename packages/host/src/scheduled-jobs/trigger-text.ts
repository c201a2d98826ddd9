/** Triggers that somebody wrote as text in an option, or that came through a pipe. */
import { readTypedMaps, type TypedMap } from '@nightshift/definitions';
import { checkTrigger, readDayNames, readTypedTime } from '@nightshift/scheduler';
import { asciiLower, JobError, suggest, type JobErrorFacts } from '@nightshift/sdk';
import { entryOfFields, fieldsOf, fieldsOfEntry, KIND_NAMES, ruleOf, type TriggerEntry, withFields } from './trigger-entry.ts';
import { raise, type ReadEntry, type TriggerContext } from './trigger-flags.ts';

/** What a printed trigger says of where it was; what a copy of it must not say again. */
const OF_THE_PLACE = ['apiversion', 'id', 'definition', 'jobdefinition'];

/**
 * The triggers that a text of JSON or YAML holds, as entries of a file without ids: entries as they stand there, triggers as
 * our verbs print them, or PowerShell's hash tables; one, a list, or JSON lines. Throws everything that is wrong: `TriggerInvalid`
 * with the place in the text, and what a value has of its own (`CronExpressionInvalid`, `DurationInvalid`, `TimeZoneInvalid`).
 * Source: scheduled-jobs.md section 12.
 */
export function readTriggerText(text: string, context: TriggerContext): readonly ReadEntry[] {
  const maps = mapsOf(text);
  const read = maps.map((map) => readOne(map, context));
  raise(read.flatMap(({ issues }) => issues));
  return read.map(({ entry, warnings }) => ({ entry, warnings }));
}

function mapsOf(text: string): readonly TypedMap[] {
  const found = foreignForm(text);
  if (found !== undefined) throw new JobError({ code: 'TriggerInvalid', ...found });
  try {
    return readTypedMaps(text, 'triggers');
  } catch (error) {
    const { code: _, ...facts } = error as JobErrorFacts & Error;
    throw new JobError({ ...facts, code: 'TriggerInvalid', message: (error as Error).message }, { cause: error });
  }
}

/** What a shell makes of PowerShell's objects, and what people type in their place. */
function foreignForm(text: string): { message: string; hint: string } | undefined {
  const hint = `write it as '{Frequency: Weekly, At: "23:00", DaysOfWeek: [Monday]}', or pass on what new-job-trigger --json prints`;
  if (text.trim() === '') return { message: 'there is no trigger in an empty text', hint };
  if (text.trim().startsWith('@{')) return { message: "PowerShell's hash table is written with colons and commas here", hint };
  return /^(?:System\.Collections\.Hashtable|Microsoft\.PowerShell\.ScheduledJob)/.test(text.trim()) ? { message: 'this is the name of a type, not a trigger', hint } : undefined;
}

interface Reading extends ReadEntry {
  readonly issues: readonly JobErrorFacts[];
}

function readOne(map: TypedMap, context: TriggerContext): Reading {
  const names = new Map(Object.keys(map.value).map((key) => [asciiLower(key), key]));
  const kindKey = names.get('frequency') ?? (Object.hasOwn(map.value, 'kind') ? 'kind' : undefined);
  const { entry, issues, pathOf } = kindKey === undefined ? asWritten(map) : fromFields(map, kindKey);
  if (entry === undefined || issues.length > 0) return { entry: {}, issues, warnings: [] };
  const checked = checkTrigger(entry, context);
  const facts = ({ code = 'TriggerInvalid', message, hint, path = [], at }: (typeof checked.issues)[number]): JobErrorFacts =>
    map.at(pathOf(path.map((part) => (typeof part === 'object' ? part.key : part))), { code: code.startsWith('Definition') ? 'TriggerInvalid' : code, message, ...(hint === undefined ? {} : { hint }) }, at);
  return { entry, issues: checked.issues.map(facts), warnings: checked.warnings.map(facts) };
}

interface Taken {
  readonly entry?: TriggerEntry;
  readonly issues: readonly JobErrorFacts[];
  /** From a place in the entry to the same in the text. */
  readonly pathOf: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** An entry of a file; only its time may be written more freely. */
function asWritten({ value }: TypedMap): Taken {
  const entry = plainCopy(Object.fromEntries(Object.entries(value).filter(([key]) => !OF_THE_PLACE.includes(asciiLower(key))))) as TriggerEntry;
  const fields = fieldsOfEntry(entry);
  const at = fields?.values['at'];
  const time = typeof at === 'string' ? readTypedTime(at) : undefined;
  const isPlaced = fields !== undefined && ruleOf(fields.kind, 'at') !== undefined && time !== undefined && 'value' in time;
  return { entry: isPlaced ? withFields(entry, fields.kind, { at: time.value }) : entry, issues: [], pathOf: (path) => path };
}

/** A trigger as it is printed, or a hash table: keys without case, and only what says something. */
function fromFields(map: TypedMap, kindKey: string): Taken {
  const given = String(map.value[kindKey]);
  const kind = KIND_NAMES.find((name) => asciiLower(name) === asciiLower(given));
  const at = (key: string, message: string, hint?: string, part?: 'key'): JobErrorFacts => map.at([key], { code: 'TriggerInvalid', message, ...(hint === undefined ? {} : { hint }) }, part);
  if (kind === undefined) return { issues: [at(kindKey, `"${given}" is no kind of trigger`, `write one of ${KIND_NAMES.join(', ')}`)], pathOf: (path) => path };
  const values: Record<string, unknown> = {};
  const issues: JobErrorFacts[] = [];
  const sources = new Map<string, string>();
  for (const [key, value] of Object.entries(map.value)) {
    if (key === kindKey || value === null || OF_THE_PLACE.includes(asciiLower(key))) continue;
    const field = fieldNamed(kind, key);
    if (field === undefined) {
      if (!isIdle(key, value)) issues.push(at(key, `"${key}" means nothing to a trigger of the kind ${kind}`, nearest(kind, key), 'key'));
      continue;
    }
    const read = readField(field, value);
    sources.set(field, key);
    if ('faults' in read) issues.push(...read.faults.map(({ message, hint }) => at(key, message, hint)));
    else if (read.value !== ruleOf(kind, field)?.default) values[field] = read.value;
  }
  return { entry: entryOfFields({ kind, values }), issues, pathOf: (path) => path.slice(-1).map((part) => sources.get(String(part)) ?? kindKey) };
}

/** `Interval` is the one interval that the kind has. */
function fieldNamed(kind: string, key: string): string | undefined {
  const lower = asciiLower(key);
  const names = fieldsOf(kind).map(([name]) => name);
  return names.find((name) => asciiLower(name) === lower) ?? (lower === 'interval' ? names.find((name) => /^(?:days|weeks)Interval$/.test(name)) : undefined);
}

/** PowerShell's objects have every property, whatever the kind. */
function isIdle(key: string, value: unknown): boolean {
  return value === '' || value === false || (Array.isArray(value) && value.length === 0) || (asciiLower(key) === 'interval' && value === 1);
}

function nearest(kind: string, key: string): string | undefined {
  const near = suggest(key, fieldsOf(kind).map(([name]) => name));
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

type Faults = { readonly faults: readonly { readonly message: string; readonly hint?: string }[] };

function readField(name: string, value: unknown): { readonly value: unknown } | Faults {
  if (name === 'at' && typeof value === 'string') return readTypedTime(value);
  return name === 'daysOfWeek' ? readDayNames(value) : { value: plainCopy(value) };
}

/** What a text reader froze, as values that anybody may write down. */
function plainCopy(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
