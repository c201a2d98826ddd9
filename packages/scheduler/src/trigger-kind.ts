import { suggest, type SpecIssue } from '@nightshift/sdk';
import { describe, isMap, placed, quote, type Complaint, type Reader } from './complaint.ts';
import type { Schedule } from './schedule.ts';
import type { Zone } from './zone.ts';

/** What a kind has to know of its entry and of the world. */
export interface Setting {
  readonly zone: Zone;
  readonly now: Date;
  /** As written; undefined when it is not. */
  readonly dayMatch: 'or' | 'and' | undefined;
  /** Milliseconds, as written beside the kind; undefined when it is not. */
  readonly randomDelay: number | undefined;
}

/** The keys of a map, each with the reader of its value. */
export type Readers = Readonly<Record<string, Reader<unknown>>>;
type ValueOf<R> = R extends Reader<infer T> ? T : never;
type All<K extends Readers> = { readonly [Key in keyof K]: ValueOf<K[Key]> };
type Some<K extends Readers> = { readonly [Key in keyof K]?: ValueOf<K[Key]> };

/** What must hold between values. Asked only when all the values that it reads are as they should be, or absent. */
export interface Rule<Values> {
  /** Where the complaint stands. */
  readonly about: keyof Values & string;
  readonly reads: readonly (keyof Values & string)[];
  readonly broken: (values: Partial<Values>, setting: Setting) => Complaint | undefined;
}

/** A kind of trigger: its keys, what must hold between them, and when it is due. */
export interface TriggerKind<Mandatory extends Readers, Optional extends Readers> {
  readonly mandatory: Mandatory;
  readonly optional: Optional;
  /** The key that a plain value stands for. Default: the value must be a map. */
  readonly plain?: keyof Mandatory & string;
  /** How it looks in a file, for hints. */
  readonly example: string;
  readonly rules?: readonly Rule<All<Mandatory> & Some<Optional>>[];
  readonly warnings?: readonly Rule<All<Mandatory> & Some<Optional>>[];
  /** Waits for something that the machine does: no due times, and a delay that is not random. Default false. */
  readonly isEvent?: true;
  /** When it is due, as part of an English sentence. */
  words(values: All<Mandatory> & Some<Optional>, setting: Setting): string | Promise<string>;
  schedule(values: All<Mandatory> & Some<Optional>, setting: Setting, knownSince: Date): Schedule;
}

/** A trigger with nothing wrong in it. */
export interface Trigger {
  readonly kind: string;
  readonly zone: Zone;
  /** Milliseconds by which it may start later; 0: none. */
  readonly delay: number;
  readonly isEvent: boolean;
  words(): string | Promise<string>;
  schedule(knownSince: Date): Schedule;
}

/** One trigger, read. `trigger` is there when there are no issues. */
export interface TriggerReading {
  readonly issues: readonly SpecIssue[];
  readonly warnings: readonly SpecIssue[];
  readonly trigger?: Trigger;
}

/** Reads the value that stands under the name of a kind. */
export type ReadKind = (name: string, value: unknown, setting: Setting) => TriggerReading;

/** A map's values, read; what is unknown or wrong in it; and which of its keys cannot be relied upon. */
export interface MapReading {
  readonly values: Readonly<Record<string, unknown>>;
  readonly issues: readonly SpecIssue[];
  readonly wrong: ReadonlySet<string>;
}

/** Keys of an entry, which people write one level too deep. */
const BESIDE: readonly string[] = ['id', 'enabled', 'timeZone', 'randomDelay', 'dayMatch'];

/** Binds a kind's types together, so that kinds of different values fit into one table. */
export function defineKind<const M extends Readers, const O extends Readers>(kind: TriggerKind<M, O>): ReadKind {
  return (name, value, setting) => {
    const map = asMap(value, kind.plain);
    if (map === undefined) {
      const complaint = { code: 'DefinitionValueInvalid', message: `${name} is ${describe(value)}, but needs a map`, hint: `write ${name}: ${kind.example}` };
      return { issues: [placed(complaint, [name])], warnings: [] };
    }
    const pathOf = (key: string): readonly string[] => (isMap(value) ? [name, key] : [name]);
    const read = readMap(map, { ...kind.mandatory, ...kind.optional }, { pathOf, hintOf: (key) => (BESIDE.includes(key) ? `it stands beside "${name}", not in it` : undefined) });
    const missing = Object.keys(kind.mandatory).filter((key) => !Object.hasOwn(map, key));
    const values = read.values as All<M> & Some<O>;
    const unsure = new Set([...read.wrong, ...missing]);
    const ask = (rules: TriggerKind<M, O>['rules']): readonly SpecIssue[] => askAll(rules ?? [], values, unsure, setting, pathOf);
    const issues = [...read.issues, ...missing.map((key) => missingKey(name, key, kind.example)), ...ask(kind.rules)];
    if (issues.length > 0) return { issues, warnings: [] };
    return { issues, warnings: ask(kind.warnings), trigger: triggerOf(name, kind, values, setting) };
  };
}

function triggerOf<M extends Readers, O extends Readers>(name: string, kind: TriggerKind<M, O>, values: All<M> & Some<O>, setting: Setting): Trigger {
  return {
    kind: name,
    zone: setting.zone,
    delay: setting.randomDelay ?? (values as { readonly randomDelay?: number }).randomDelay ?? 0,
    isEvent: kind.isEvent ?? false,
    words: () => kind.words(values, setting),
    schedule: (knownSince) => kind.schedule(values, setting, knownSince),
  };
}

/** How a map is read beyond its readers. */
export interface MapPlace {
  readonly pathOf: (key: string) => readonly string[];
  /** Keys that are known, and read elsewhere. Default: none. */
  readonly others?: readonly string[];
  /** Something better to say about an unknown key than what it resembles. */
  readonly hintOf?: (key: string) => string | undefined;
}

/** Reads the known keys of a map, and complains about all others. */
export function readMap(map: Readonly<Record<string, unknown>>, readers: Readers, { pathOf, others = [], hintOf }: MapPlace): MapReading {
  const values: Record<string, unknown> = {};
  const issues: SpecIssue[] = [];
  const wrong = new Set<string>();
  for (const [key, value] of Object.entries(map)) {
    if (others.includes(key)) continue;
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    const read = reader?.(value) ?? { faults: [] };
    if ('value' in read) values[key] = read.value;
    else wrong.add(key);
    if (reader === undefined) issues.push(placed(unknownKey(key, [...Object.keys(readers), ...others], hintOf?.(key)), pathOf(key), 'key'));
    else if ('faults' in read) issues.push(...read.faults.map((complaint) => placed(complaint, pathOf(key))));
  }
  return { values, issues, wrong };
}

/** An empty value is an empty map, so that `atStartup:` alone will do. */
function asMap(value: unknown, plain: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (value === null || value === undefined) return {};
  if (isMap(value)) return value;
  return plain === undefined ? undefined : { [plain]: value };
}

function askAll<Values>(
  rules: readonly Rule<Values>[],
  values: Values,
  unsure: ReadonlySet<string>,
  setting: Setting,
  pathOf: (key: string) => readonly string[],
): readonly SpecIssue[] {
  return rules.flatMap(({ about, reads, broken }) => {
    const complaint = reads.some((key) => unsure.has(key)) ? undefined : broken(values, setting);
    return complaint === undefined ? [] : [placed(complaint, pathOf(about))];
  });
}

function unknownKey(key: string, known: readonly string[], better: string | undefined): Complaint {
  const near = suggest(key, known);
  const hint = better ?? (near === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${near}"?`);
  return { code: 'DefinitionKeyUnknown', message: `unknown key ${quote(key)}`, hint };
}

function missingKey(name: string, key: string, example: string): SpecIssue {
  return placed({ code: 'DefinitionKeyMissing', message: `${name} needs ${JSON.stringify(key)}`, hint: `write ${name}: ${example}` }, [name], 'key');
}
