/** Triggers in two forms: as an entry of `triggers:` in a file, and as one flat list of fields, which verbs read and print. */
import { TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule } from '@nightshift/definitions/keys';

/** An entry as it stands in a file. */
export type TriggerEntry = Readonly<Record<string, unknown>>;

/** A trigger taken apart. The only key of `cron` and `every` is called as its kind is. */
export interface TriggerFields {
  readonly kind: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A field: under which name, and the rule of its value. */
export type Field = readonly [name: string, rule: KeyRule];

/** Of any kind: they stand beside it in an entry. */
const BESIDE: readonly Field[] = Object.entries(TRIGGER_KEYS);

export const KIND_NAMES: readonly string[] = Object.keys(TRIGGER_KINDS);

/** The key that a kind's plain value stands for. */
export function shortKeyOf(kind: string): string | undefined {
  const rule = TRIGGER_KINDS[kind]?.value;
  return rule?.is === 'map' ? rule.short : undefined;
}

/** What a trigger of this kind may say, `id` and `enabled` included. */
export function fieldsOf(kind: string): readonly Field[] {
  const own = ownFieldsOf(kind);
  const names = new Set(own.map(([name]) => name));
  return [...own, ...BESIDE.filter(([name, { beside }]) => !names.has(name) && (beside === undefined || beside === kind))];
}

export function ruleOf(kind: string, field: string): KeyRule | undefined {
  return fieldsOf(kind).find(([name]) => name === field)?.[1];
}

/** What stands under the kind's own name. */
function ownFieldsOf(kind: string): readonly Field[] {
  const rule = TRIGGER_KINDS[kind]?.value;
  if (rule?.is !== 'map') return [];
  return Object.entries(rule.keys).map(([key, own]) => [key === rule.short ? kind : key, own]);
}

/** Undefined for an entry without a kind. */
export function fieldsOfEntry(entry: TriggerEntry): TriggerFields | undefined {
  const kind = KIND_NAMES.find((name) => Object.hasOwn(entry, name));
  if (kind === undefined) return undefined;
  const { [kind]: own, ...beside } = entry;
  return { kind, values: { ...ownValues(kind, own), ...beside } };
}

function ownValues(kind: string, own: unknown): Readonly<Record<string, unknown>> {
  const short = shortKeyOf(kind);
  if (typeof own !== 'object' || own === null) return own === null || own === undefined || short === undefined ? {} : { [kind]: own };
  const { [short ?? kind]: plain, ...others } = own as Readonly<Record<string, unknown>>;
  return short === undefined ? (own as Readonly<Record<string, unknown>>) : { [kind]: plain, ...others };
}

/** As our examples are written: what belongs to the kind under its name, the rest beside it. Fields that are undefined are left out. */
export function entryOfFields({ kind, values }: TriggerFields): TriggerEntry {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const ownNames = new Set(ownFieldsOf(kind).map(([name]) => name));
  const own = Object.fromEntries(given.filter(([name]) => ownNames.has(name)));
  const beside = Object.fromEntries(given.filter(([name]) => !ownNames.has(name)));
  return { [kind]: shortKeyOf(kind) === undefined ? own : own[kind], ...beside };
}

/**
 * The entry with some fields given, or (undefined) taken away, and everything else as it is written: a random delay stays
 * where it stands.
 */
export function withFields(entry: TriggerEntry, kind: string, changes: Readonly<Record<string, unknown>>): TriggerEntry {
  return Object.entries(changes).reduce((changed, [name, value]) => withField(changed, kind, name, value), entry);
}

function withField(entry: TriggerEntry, kind: string, name: string, value: unknown): TriggerEntry {
  const isOwn = ownFieldsOf(kind).some(([own]) => own === name) && !Object.hasOwn(entry, name);
  if (name !== kind && !isOwn) return withKey(entry, name, value);
  const own = entry[kind];
  const isPlain = typeof own !== 'object' || own === null;
  const short = shortKeyOf(kind);
  if (name === kind) return { ...entry, [kind]: isPlain || short === undefined ? value : withKey(own as TriggerEntry, short, value) };
  return { ...entry, [kind]: withKey(isPlain ? {} : (own as TriggerEntry), name, value) };
}

function withKey(map: TriggerEntry, key: string, value: unknown): TriggerEntry {
  const { [key]: _, ...others } = map;
  if (value === undefined) return others;
  return Object.hasOwn(map, key) ? { ...map, [key]: value } : { ...others, [key]: value };
}
