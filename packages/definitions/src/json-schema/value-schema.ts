import { type JsonSchema, wordSchema } from '@nightshift/sdk';
import type { KeyRule, Keys, ValueRule } from '../definition-keys.ts';

/** What `parseDuration` of the sdk reads, as a pattern; a test compares them. */
const NUMBER = String.raw`\d+(?:\.\d+)?`;
const DURATION = `^(?:0|(?:${NUMBER}(?:ms|[smhdw]))+|P(?=.)(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?=.)(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?)$`;
const SIZE = String.raw`^[1-9]\d{0,8}(?:\.\d{1,3})? ?(?:[KkMmGgTt][Ii]?)?[Bb]$`;
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', '*'];

/** The schema of a map with these keys. */
export function mapSchema(keys: Keys): JsonSchema {
  const entries = Object.entries(keys);
  const required = entries.filter(([, rule]) => rule.required).map(([key]) => key);
  const exclusive = entries.flatMap(([key, { means }]) => (means === undefined ? [] : [{ not: { required: [key, means.key] } }]));
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, rule]) => [key, keySchema(rule)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...(exclusive.length === 0 ? {} : { allOf: exclusive }),
  };
}

function keySchema(rule: KeyRule): JsonSchema {
  return {
    description: rule.description,
    ...valueSchema(rule.value),
    ...(rule.default === undefined ? {} : { default: rule.default }),
    ...(rule.example === undefined ? {} : { examples: [rule.example] }),
  };
}

function valueSchema(rule: ValueRule): JsonSchema {
  switch (rule.is) {
    case 'text':
      return { type: 'string', ...(rule.like === undefined ? (rule.filled === undefined ? {} : { minLength: 1 }) : { pattern: rule.like.pattern }) };
    case 'boolean':
      return { type: 'boolean', ...(rule.refused === undefined ? {} : { enum: [!rule.refused.value] }) };
    case 'integer':
    case 'number':
      return { type: rule.is, minimum: rule.from, ...(rule.to === Number.MAX_SAFE_INTEGER ? {} : { maximum: rule.to }) };
    case 'duration':
      // Of numbers only 0 has a meaning without a unit.
      return { type: ['string', 'integer'], pattern: DURATION, minimum: 0, maximum: 0 };
    case 'size':
      return { type: 'string', pattern: SIZE };
    case 'timeZone':
      return { type: 'string', pattern: '^[A-Za-z]' };
    case 'word':
      return wordSchema(rule.words);
    case 'days':
      return { anyOf: [DAY, { type: 'array', items: DAY, minItems: 1 }] };
    case 'list':
      return { type: 'array', items: valueSchema(rule.of) };
    case 'oneKind':
      return oneKindSchema(rule);
    case 'map':
      return rule.short === undefined ? mapSchema(rule.keys) : { anyOf: [valueSchema((rule.keys[rule.short] as KeyRule).value), mapSchema(rule.keys)] };
    case 'anyMap':
      return { type: 'object' };
  }
}

/** One text may name several, with commas between them. */
const DAY: JsonSchema = { anyOf: [{ enum: DAYS }, { type: ['string', 'integer'], pattern: '^[ A-Za-z0-6,*]+$', minimum: 0, maximum: 6 }] };

function oneKindSchema({ kinds, keys }: ValueRule & { is: 'oneKind' }): JsonSchema {
  return { ...mapSchema({ ...kinds, ...keys }), oneOf: Object.keys(kinds).map((kind) => ({ required: [kind] })) };
}
