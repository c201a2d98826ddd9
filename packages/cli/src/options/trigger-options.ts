/** The options of new-job-trigger and set-job-trigger, made from the table of what a definition file may say. */
import { flagOf, TRIGGER_KEYS, TRIGGER_KINDS, type KeyRule, type Keys } from '@nightshift/host/keys';
import type { TypedTrigger } from '@nightshift/host';
import { suggest } from '@nightshift/sdk';
import { optionOf, sentenceOf } from './key-options.ts';
import type { Option, Parsed } from './option-table.ts';

/** Fields by their flags: of the kinds first, then what stands beside any kind. */
const FIELDS: ReadonlyMap<string, readonly [field: string, rule: KeyRule]> = new Map(
  [...Object.entries(TRIGGER_KINDS).flatMap(([, { value }]) => (value.is === 'map' ? ownKeys(value) : [])), ...Object.entries(TRIGGER_KEYS).filter(([name]) => name !== 'id' && name !== 'enabled')].map(([name, rule]) => [flagOf(name), [name, rule]]),
);

/** What is the value of a kind's own flag is no flag besides. */
function ownKeys({ keys, short }: { readonly keys: Keys; readonly short?: string }): readonly (readonly [string, KeyRule])[] {
  return Object.entries(keys).filter(([name]) => name !== short);
}

/** Of the kinds; `--cron` and `--every` say all that there is to say. */
const KINDS: Readonly<Record<string, Option>> = Object.fromEntries(
  Object.entries(TRIGGER_KINDS).map(([kind, { value, description }]) => {
    const rule = value.is === 'map' && value.short !== undefined ? value.keys[value.short] : undefined;
    const help = sentenceOf(description);
    return [flagOf(kind), rule === undefined ? { kind: 'switch', help } : { kind: 'text', value: kind === 'cron' ? 'EXPRESSION' : 'DURATION', help }];
  }),
);

export const TRIGGER_OPTIONS: Readonly<Record<string, Option>> = { ...KINDS, ...Object.fromEntries([...FIELDS].map(([flag, [name, rule]]) => [flag, optionOf(name, rule)])) };

/** What to write in place of a word that names a kind. */
export function kindNamed(word: string): string {
  const near = suggest(word, Object.keys(TRIGGER_KINDS));
  return near === undefined ? 'quote a text that holds blanks: --at "3:00 AM"' : `did you mean --${flagOf(near)}?`;
}

/** What was typed, by the names of a trigger's fields. */
export function typedTrigger(options: Parsed): TypedTrigger {
  const kinds = Object.keys(TRIGGER_KINDS).filter((kind) => (KINDS[flagOf(kind)]?.kind === 'switch' ? options.isOn(flagOf(kind)) : options.has(flagOf(kind))));
  const ofKinds = kinds.flatMap((kind) => (KINDS[flagOf(kind)]?.kind === 'text' ? [[kind, options.text(flagOf(kind)) as string] as const] : []));
  const fields = [...FIELDS].filter(([flag]) => options.has(flag)).map(([flag, [name, rule]]) => [name, valueOf(options, flag, rule)] as const);
  return { kinds, values: Object.fromEntries([...ofKinds, ...fields]) };
}

function valueOf(options: Parsed, flag: string, { value }: KeyRule): string | boolean {
  if (value.is === 'boolean') return options.isOn(flag);
  return value.is === 'days' ? (options.list(flag) ?? []).join(',') : (options.text(flag) as string);
}
