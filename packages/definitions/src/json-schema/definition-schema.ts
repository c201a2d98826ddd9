/**
 * The JSON Schema of a definition file, for editors: draft 07, which they speak best. Made of the same tables as the checks, so
 * that it says nothing else than they do; where a schema cannot say a rule, it is the laxer one.
 */
import { anyCase, type JsonSchema } from '@nightshift/sdk';
import { DEFINITION_KEYS } from '../definition-keys.ts';
import { mapSchema } from './value-schema.ts';

/** What of a job type matters to a schema. */
export interface DescribedType {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Of its `job:` part. Default: any map. */
  readonly schema: JsonSchema | undefined;
  /** Its `job:` part holds that of another type, which the key `type` names. */
  readonly delegates: boolean;
  /** Its definitions have the keys of triggers. */
  readonly triggers: boolean;
}

const ANY_MAP: JsonSchema = { type: 'object' };
/** What definitions of every type have; all other keys are about triggers. */
const EVERYWHERE: readonly string[] = ['type', 'description', 'job'];
const DEFAULT_TYPE = DEFINITION_KEYS['type']?.default;

/** Of files of these types; a `job:` part of any other type is any map. */
export function definitionSchema(types: readonly DescribedType[]): JsonSchema {
  const { properties, ...rest } = mapSchema(DEFINITION_KEYS) as { readonly properties: Readonly<Record<string, JsonSchema>> };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Nightshift definition',
    description: 'What to run, when, and how.',
    ...rest,
    properties: { ...properties, type: { ...properties['type'], anyOf: [{ enum: types.map(({ name }) => name) }, {}] } },
    allOf: types.map((type) => ({ if: isType(type, type.name === DEFAULT_TYPE), then: { properties: { job: jobSchema(type, types), ...withoutTriggers(type) } } })),
  };
}

/** Whether the map at hand says that it is of this type, or says nothing and this one is the default. */
function isType({ name, aliases }: DescribedType, isDefault: boolean): JsonSchema {
  const properties = { type: { type: 'string', pattern: anyCase(`^(?:${[name, ...aliases].join('|')})$`) } };
  return isDefault ? { properties } : { properties, required: ['type'] };
}

function withoutTriggers({ triggers }: DescribedType): JsonSchema {
  return triggers ? {} : Object.fromEntries(Object.keys(DEFINITION_KEYS).filter((key) => !EVERYWHERE.includes(key)).map((key) => [key, false]));
}

/** A delegate's own keys beside those of the type that it names. */
function jobSchema({ schema = ANY_MAP, delegates }: DescribedType, types: readonly DescribedType[]): JsonSchema {
  if (!delegates) return schema;
  const own = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
  const inner = types.filter((type) => !type.delegates);
  const { type, ...others } = own;
  const known = { ...type, anyOf: [{ enum: inner.map(({ name }) => name) }, {}] };
  return {
    ...schema,
    properties: { type: known, ...others },
    allOf: inner.map((one) => ({ if: isType(one, one.name === type?.['default']), then: beside(one.schema ?? ANY_MAP, { type: known, ...others }) })),
  };
}

function beside(schema: JsonSchema, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { ...schema, properties: { ...properties, ...(schema['properties'] as object | undefined) } };
}
