import type { JsonSchema } from '../../packages/sdk/src/index.ts';
import { code } from './markdown.ts';

/** What a value may be, in words, from the schema that editors get. */
export function schemaWords(schema: JsonSchema): string {
  const { type, anyOf, items, minimum, maximum } = schema as { type?: string | string[]; anyOf?: JsonSchema[]; items?: JsonSchema | JsonSchema[]; minimum?: number; maximum?: number };
  const known = anyOf?.flatMap((one) => (one['enum'] as string[] | undefined) ?? []) ?? [];
  if (known.length > 0) return known.map(code).join(', ');
  if (anyOf !== undefined) return anyOf.map(schemaWords).join(' or ');
  if (Array.isArray(type)) return type.map((one) => WORDS[one]).join(', ');
  if (type === 'array') return `list of ${schemaWords(Array.isArray(items) ? (items[0] as JsonSchema) : (items as JsonSchema))}`;
  if (type === 'object') return `map of names to ${schemaWords(schema['additionalProperties'] as JsonSchema)}`;
  return `${WORDS[type as string]}${minimum === undefined || maximum === undefined ? '' : `, ${minimum} to ${maximum}`}`;
}

const WORDS: Readonly<Record<string, string>> = { string: 'text', number: 'number', integer: 'whole number', boolean: 'true or false' };
