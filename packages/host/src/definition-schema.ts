import { createRegistry, type RegisteredType } from '@nightshift/core';
import { definitionSchema } from '@nightshift/definitions';
import type { JsonSchema } from '@nightshift/sdk';
import { BUILT_IN } from './built-in.ts';

/** The JSON Schema of definition files of these types, by default the built-in ones, as `scheduled-job.schema.json` holds it. */
export function schemaOfDefinitions(types: readonly RegisteredType[] = createRegistry(BUILT_IN).all): JsonSchema {
  return definitionSchema(
    types.filter(({ type }) => type.definitions === undefined).map(({ type }) => ({
      name: type.name,
      aliases: type.aliases ?? [],
      schema: type.spec['~standard'].jsonSchema?.input({ target: 'draft-07' }),
      delegates: type.runs === 'delegate',
      triggers: 'triggers' in type.capabilities && type.capabilities.triggers === true,
    })),
  );
}
