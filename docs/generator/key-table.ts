import type { KeyRule, Keys, ValueRule } from '../../packages/definitions/src/definition-keys.ts';
import { anchorOf, code, prose, table } from './markdown.ts';
import { yaml } from './yaml.ts';

/** The keys of a map: type, default, example, meaning, and the codes of complaints. `missing`: of one that a required key is absent. */
export function keyTable(keys: Keys, missing = 'DefinitionKeyMissing'): string {
  const rows = Object.entries(keys).map(([name, rule]) => [
    code(name) + (rule.required === undefined ? '' : ' (required)'),
    typeOf(rule.value),
    rule.default === undefined ? '' : code(yaml(rule.default)),
    exampleOf(rule),
    prose(rule.description),
    [...codesOf(rule, missing)].map((one) => `[${one}](errors.md#${anchorOf(one)})`).join(', '),
  ]);
  return table(['key', 'type', 'default', 'example', 'meaning', 'errors'], rows);
}

/** The keys of a rule whose value is a map. */
export function mapTable({ value }: KeyRule): string {
  if (value.is !== 'map') throw new Error('only a map has keys');
  return keyTable(value.keys, value.missing);
}

/** In words, for people. */
function typeOf(rule: ValueRule): string {
  switch (rule.is) {
    case 'word':
      return rule.words.map(code).join(', ');
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `whole number, ${rangeOf(rule)}`;
    case 'number':
      return `number, ${rangeOf(rule)}`;
    case 'duration':
      return '[duration](#durations)';
    case 'timeZone':
      return '[time zone](#time-zones)';
    case 'list':
      return `list of ${rule.of.is === 'oneKind' ? '[triggers](#triggers)' : typeOf(rule.of)}`;
    case 'map':
      return rule.short === undefined ? 'map' : `${typeOf((rule.keys[rule.short] as KeyRule).value)}, or a map`;
    case 'oneKind':
    case 'anyMap':
      return 'map';
    case 'days':
      return 'days';
    case 'size':
      return 'size';
    default:
      return rule.is;
  }
}

function rangeOf({ from, to }: { readonly from: number; readonly to: number }): string {
  return to === Number.MAX_SAFE_INTEGER ? `${from} or more` : `${from} to ${to.toLocaleString('en')}`;
}

function exampleOf({ example }: KeyRule): string {
  return example === undefined ? '' : code(yaml(example));
}

function codesOf({ value, code: own, required }: KeyRule, missing: string): ReadonlySet<string> {
  const refused = value.is === 'boolean' ? value.refused?.code : undefined;
  return new Set([own ?? 'DefinitionValueInvalid', ...(refused === undefined ? [] : [refused]), ...(required === undefined ? [] : [missing])]);
}
