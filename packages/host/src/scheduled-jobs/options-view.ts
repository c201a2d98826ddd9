import { OPTION_KEYS, type Keys } from '@nightshift/definitions/keys';

/** What holds for the runs of a definition: every option under its property name, with the default where nothing is said. Source: scheduled-jobs.md section 6. */
export type OptionView = Readonly<Record<string, unknown>>;

/** The property names of all options. PowerShell's spellings are none. */
export const OPTION_NAMES: readonly string[] = Object.keys(OPTION_KEYS).filter((name) => OPTION_KEYS[name]?.means === undefined);

/** `definition`: its name; undefined for options that belong to none. */
export function optionView(options: Readonly<Record<string, unknown>> | undefined, definition?: string): OptionView {
  const all = withDefaults(OPTION_KEYS, options);
  return definition === undefined ? all : { ...all, definition };
}

/** Null where neither a value nor a default says something. */
function withDefaults(keys: Keys, given: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const names = Object.keys(keys).filter((name) => keys[name]?.means === undefined);
  return Object.fromEntries(names.map((name) => [name, withDefault(keys[name] as Keys[string], given[name])]));
}

function withDefault(rule: Keys[string], value: unknown): unknown {
  // One that cannot do without a key that has no default says nothing until somebody says that key.
  if (rule.value.is === 'map' && value === undefined && Object.values(rule.value.keys).some((key) => key.required === true && key.default === undefined)) return null;
  if (rule.value.is === 'map') return withDefaults(rule.value.keys, value as Readonly<Record<string, unknown>> | undefined);
  // Of durations, zero alone may be written without a unit.
  return rule.value.is === 'duration' && value === 0 ? '0' : (value ?? rule.default ?? null);
}

/** Only what differs from the defaults: what a person would have written. */
export function withoutDefaults(options: Readonly<Record<string, unknown>>, keys: Keys = OPTION_KEYS): Readonly<Record<string, unknown>> {
  const plain = withDefaults(keys);
  const kept = Object.entries(options).map(([name, value]) => {
    const rule = keys[name];
    if (rule?.value.is !== 'map') return [name, value === plain[name] ? undefined : value] as const;
    const own = withoutDefaults((value ?? {}) as Readonly<Record<string, unknown>>, rule.value.keys);
    return [name, Object.keys(own).length === 0 ? undefined : withRequired(rule.value.keys, own)] as const;
  });
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined && value !== null));
}

/** The keys that a map cannot do without, before the others. */
export function withRequired(keys: Keys, given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const required = Object.entries(keys).filter(([, rule]) => rule.required === true && rule.default !== undefined);
  return { ...Object.fromEntries(required.map(([name, rule]) => [name, rule.default])), ...given };
}
