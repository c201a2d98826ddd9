import { type SpecIssue, suggest } from '@nightshift/sdk';
import { quote } from './quote.ts';

/** What the library says of one mistake; only what is used here. */
export interface Mistake {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string | undefined;
  /** The value that is complained about. */
  readonly data?: unknown;
  /** The schema around the keyword. */
  readonly parentSchema?: unknown;
}

/** One mistake in words that somebody who has never seen a JSON Schema understands; undefined when others say it better. */
export function issueOf(mistake: Mistake): SpecIssue | undefined {
  const path = pathOf(mistake.instancePath);
  const name = nameOf(path);
  const stranger = mistake.params['additionalProperty'] ?? mistake.params['unevaluatedProperty'];
  if (typeof stranger === 'string') return unknownKey(stranger, path, mistake);
  if (mistake.keyword === 'required') return { code: 'DefinitionKeyMissing', message: `${name} needs the key "${quote(String(mistake.params['missingProperty']))}"`, path };
  if (mistake.keyword === 'propertyNames') return { message: `${name} may not have the key "${quote(String(mistake.params['propertyName']))}"`, path: [...path, String(mistake.params['propertyName'])], at: 'key' };
  if (mistake.keyword === 'if') return undefined;
  return { message: `${name} ${demandOf(mistake)}`, path };
}

function unknownKey(key: string, path: readonly (string | number)[], { parentSchema }: Mistake): SpecIssue {
  const { properties } = parentSchema as { readonly properties?: Readonly<Record<string, unknown>> };
  const meant = suggest(key, Object.keys(properties ?? {}));
  return { code: 'DefinitionKeyUnknown', message: `unknown key "${quote(key)}"`, path: [...path, key], at: 'key', ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }) };
}

/** What is asked of the value, and what came where that helps. */
function demandOf({ keyword, params, data, message }: Mistake): string {
  const { limit, type, allowedValues, allowedValue, multipleOf } = params;
  switch (keyword) {
    case 'type':
      return `must be ${[type].flat().map((one) => TYPES[String(one)] ?? String(one)).join(' or ')}; it is ${shown(data)}`;
    case 'enum':
      return `must be one of ${listed(allowedValues)}; it is ${shown(data)}`;
    case 'const':
      return `must be ${shown(allowedValue)}; it is ${shown(data)}`;
    case 'minimum':
      return `must be at least ${String(limit)}; it is ${shown(data)}`;
    case 'maximum':
      return `must be at most ${String(limit)}; it is ${shown(data)}`;
    case 'exclusiveMinimum':
      return `must be more than ${String(limit)}; it is ${shown(data)}`;
    case 'exclusiveMaximum':
      return `must be less than ${String(limit)}; it is ${shown(data)}`;
    case 'multipleOf':
      return `must be a multiple of ${String(multipleOf)}; it is ${shown(data)}`;
    case 'minLength':
      return `must have at least ${counted(limit, 'character')}`;
    case 'maxLength':
      return `must have at most ${counted(limit, 'character')}`;
    case 'minItems':
      return `must hold at least ${counted(limit, 'value')}`;
    case 'maxItems':
      return `must hold at most ${counted(limit, 'value')}`;
    case 'minProperties':
      return `must hold at least ${counted(limit, 'key')}`;
    case 'maxProperties':
      return `must hold at most ${counted(limit, 'key')}`;
    case 'uniqueItems':
      return 'holds the same value twice';
    case 'anyOf':
    case 'oneOf':
    case 'not':
      return 'has none of the forms that its type allows, or more than one';
    default:
      return message === undefined ? `does not fit (${keyword})` : quote(message);
  }
}

const TYPES: Readonly<Record<string, string>> = { object: 'a map of keys', array: 'a list', string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false', null: 'empty' };

const SHOWN_VALUES = 20;

function listed(values: unknown): string {
  const list = Array.isArray(values) ? values : [];
  return list.slice(0, SHOWN_VALUES).map(shown).join(', ') + (list.length > SHOWN_VALUES ? ' …' : '');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `"${quote(value)}"`;
  if (Array.isArray(value)) return 'a list';
  if (value === null || value === undefined) return 'empty';
  return typeof value === 'object' ? 'a map' : String(value);
}

function counted(limit: unknown, what: string): string {
  return `${String(limit)} ${what}${limit === 1 ? '' : 's'}`;
}

/** A JSON pointer taken apart; what looks like an index is one. */
function pathOf(pointer: string): readonly (string | number)[] {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).map((part) => (/^(?:0|[1-9]\d{0,8})$/.test(part) ? Number(part) : part));
}

function nameOf(path: readonly (string | number)[]): string {
  return `"${path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${quote(part)}`), 'job')}"`;
}
