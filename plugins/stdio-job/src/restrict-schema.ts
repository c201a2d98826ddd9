/**
 * What of JSON Schema a plugin may use: everything that takes no longer than the spec is long and needs nobody else.
 *
 * Refused: regular expressions (`pattern`, `patternProperties`), for none of a user's reaches the JavaScript engine;
 * references but to `#`, `#/$defs/…` and `#/definitions/…` of the same file, so that nothing is fetched; keys that nobody
 * knows, which are spelling mistakes. What only informs (`title`, `format`, `examples` …) is left out of the copy that is
 * compiled, so `format` says something to editors and checks nothing. Every schema of the copy carries `$comment`, at which
 * `json-schema.ts` counts: schemas that refer to each other can ask for more steps than there are seconds.
 */
import { type JsonSchema, suggest } from '@nightshift/sdk';
import { quote } from './quote.ts';

const DEEPEST = 64;
const DRAFTS = ['http://json-schema.org/draft-07/schema', 'https://json-schema.org/draft/2020-12/schema'];
const OF_OBJECTS = ['__proto__', 'constructor', 'prototype'];

/** What stands behind a keyword: a schema, several, a map of them, or plain data that is passed on or left out. */
type Kind = 'schema' | 'list' | 'either' | 'map' | 'data' | 'note' | 'reference';

const KEYWORDS: Readonly<Record<string, Kind>> = {
  $ref: 'reference', $defs: 'map', definitions: 'map',
  type: 'data', enum: 'data', const: 'data', default: 'data',
  multipleOf: 'data', maximum: 'data', exclusiveMaximum: 'data', minimum: 'data', exclusiveMinimum: 'data',
  maxLength: 'data', minLength: 'data',
  items: 'either', prefixItems: 'list', additionalItems: 'schema', contains: 'schema', maxItems: 'data', minItems: 'data', maxContains: 'data', minContains: 'data', uniqueItems: 'data', unevaluatedItems: 'schema',
  properties: 'map', additionalProperties: 'schema', propertyNames: 'schema', maxProperties: 'data', minProperties: 'data', required: 'data', dependentRequired: 'data', dependentSchemas: 'map', unevaluatedProperties: 'schema',
  allOf: 'list', anyOf: 'list', oneOf: 'list', not: 'schema', if: 'schema', then: 'schema', else: 'schema',
  $schema: 'note', $id: 'note', $comment: 'note', title: 'note', description: 'note', examples: 'note', format: 'note', deprecated: 'note', readOnly: 'note', writeOnly: 'note', contentEncoding: 'note', contentMediaType: 'note', markdownDescription: 'note', defaultSnippets: 'note',
};

const REFUSED: Readonly<Record<string, string>> = {
  pattern: 'regular expressions are not run on specs; use "enum", "minLength" and "maxLength", or let the program check it at "prepare"',
  patternProperties: 'regular expressions are not run on specs; use "propertyNames" with "enum", or "additionalProperties"',
};

/** Whether a schema is of draft 7; otherwise it is of 2020-12. */
export function isDraft7({ $schema }: JsonSchema): boolean {
  return typeof $schema === 'string' && $schema.replace(/#$/, '') === DRAFTS[0];
}

/** A copy that holds only what may be used. Throws with the place and the reason for anything else. */
export function restrictSchema(schema: JsonSchema): JsonSchema {
  const { $schema } = schema;
  if ($schema !== undefined && !(typeof $schema === 'string' && DRAFTS.includes($schema.replace(/#$/, '')))) throw new Error(`#/$schema: ${shown($schema)} is not one of ${DRAFTS.join(', ')}`);
  return restrict(schema, '#', 0) as JsonSchema;
}

function restrict(value: unknown, place: string, depth: number): unknown {
  if (typeof value === 'boolean') return value;
  if (!isMap(value)) throw new Error(`${place}: a schema is an object, true or false`);
  if (depth > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} deep`);
  const copy: Record<string, unknown> = { $comment: place };
  for (const [key, member] of Object.entries(value)) {
    const kind = kindOf(key, place);
    if (kind !== 'note') copy[key] = COPIES[kind](member, `${place}/${quote(key)}`, depth + 1);
  }
  return copy;
}

function kindOf(key: string, place: string): Kind {
  const kind = Object.hasOwn(KEYWORDS, key) ? KEYWORDS[key] : undefined;
  if (kind !== undefined) return kind;
  if (key.startsWith('x-')) return 'note';
  if (Object.hasOwn(REFUSED, key)) throw new Error(`${place}/${key}: ${REFUSED[key]}`);
  const meant = suggest(key, Object.keys(KEYWORDS));
  throw new Error(`${place}/${quote(key)}: this keyword is not known${meant === undefined ? '' : `. Did you mean "${meant}"?`}`);
}

const COPIES: Readonly<Record<Exclude<Kind, 'note'>, (value: unknown, place: string, depth: number) => unknown>> = {
  schema: restrict,
  list: restrictList,
  either: (value, place, depth) => (Array.isArray(value) ? restrictList(value, place, depth) : restrict(value, place, depth)),
  map: restrictMap,
  data: (value) => value,
  reference: (value, place) => {
    if (typeof value === 'string' && /^#(?:\/(?:\$defs|definitions)\/[A-Za-z0-9._-]{1,100})?$/.test(value)) return value;
    throw new Error(`${place}: ${shown(value)} is not "#", "#/$defs/NAME" or "#/definitions/NAME": a schema refers to itself only`);
  },
};

function restrictList(value: unknown, place: string, depth: number): unknown {
  if (!Array.isArray(value)) throw new Error(`${place}: a list of schemas is expected`);
  return value.map((schema: unknown, index) => restrict(schema, `${place}/${index}`, depth));
}

function restrictMap(value: unknown, place: string, depth: number): unknown {
  if (!isMap(value)) throw new Error(`${place}: a map of schemas is expected`);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => {
    if (OF_OBJECTS.includes(name)) throw new Error(`${place}/${name}: this name is reserved`);
    return [name, restrict(schema, `${place}/${quote(name)}`, depth)];
  }));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${quote(value)}"` : 'what stands there';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
