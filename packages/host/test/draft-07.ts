/** A checker of JSON Schema draft 07, of the keywords that our schema uses. It refuses any other, so that none goes unchecked. */
type Schema = boolean | Readonly<Record<string, unknown>>;
type Map = Readonly<Record<string, unknown>>;

/** Places and keywords that do not hold; none for a value that the schema accepts. */
export function faultsOf(schema: Schema, value: unknown, path = ''): readonly string[] {
  if (typeof schema === 'boolean') return schema ? [] : [`${path}: nothing may stand here`];
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`the keyword "${keyword}" is unknown`);
    return check(rule as never, value, path, schema);
  });
}

type Keyword = (rule: never, value: unknown, path: string, schema: Map) => readonly string[];

const holds = (fact: boolean, path: string, keyword: string): readonly string[] => (fact ? [] : [`${path}: ${keyword}`]);
const accepts = (schema: Schema, value: unknown): boolean => faultsOf(schema, value).length === 0;
const isMap = (value: unknown): value is Map => typeof value === 'object' && value !== null && !Array.isArray(value);
const note: Keyword = () => [];

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isMap,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  null: (value) => value === null,
};

const KEYWORDS: Readonly<Record<string, Keyword>> = {
  $schema: note,
  title: note,
  description: note,
  default: note,
  examples: note,
  then: note,
  type: (types: string | readonly string[], value, path) => holds([types].flat().some((type) => TYPES[type]?.(value) === true), path, `type ${String(types)}`),
  enum: (values: readonly unknown[], value, path) => holds(values.includes(value), path, 'enum'),
  pattern: (pattern: string, value, path) => holds(typeof value !== 'string' || new RegExp(pattern, 'u').test(value), path, `pattern ${pattern}`),
  minLength: (least: number, value, path) => holds(typeof value !== 'string' || value.length >= least, path, 'minLength'),
  minimum: (least: number, value, path) => holds(typeof value !== 'number' || value >= least, path, 'minimum'),
  maximum: (most: number, value, path) => holds(typeof value !== 'number' || value <= most, path, 'maximum'),
  minItems: (least: number, value, path) => holds(!Array.isArray(value) || value.length >= least, path, 'minItems'),
  items: (items: Schema | readonly Schema[], value, path) => {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item, index) => faultsOf(Array.isArray(items) ? ((items[index] as Schema | undefined) ?? true) : (items as Schema), item, `${path}/${index}`));
  },
  additionalItems: (rule: Schema, value, path, { items }) => (Array.isArray(value) ? value.slice((items as readonly Schema[]).length).flatMap((item) => faultsOf(rule, item, path)) : []),
  properties: (properties: Readonly<Record<string, Schema>>, value, path) => (isMap(value) ? Object.entries(value).flatMap(([key, member]) => (Object.hasOwn(properties, key) ? faultsOf(properties[key] as Schema, member, `${path}/${key}`) : [])) : []),
  additionalProperties: (rule: Schema, value, path, { properties = {} }) => (isMap(value) ? Object.entries(value).flatMap(([key, member]) => (Object.hasOwn(properties as object, key) ? [] : faultsOf(rule, member, `${path}/${key}`))) : []),
  propertyNames: (rule: Schema, value, path) => (isMap(value) ? Object.keys(value).flatMap((key) => faultsOf(rule, key, `${path}/${key}`)) : []),
  required: (keys: readonly string[], value, path) => (isMap(value) ? keys.flatMap((key) => holds(Object.hasOwn(value, key), path, `required ${key}`)) : []),
  allOf: (schemas: readonly Schema[], value, path) => schemas.flatMap((schema) => faultsOf(schema, value, path)),
  anyOf: (schemas: readonly Schema[], value, path) => holds(schemas.some((schema) => accepts(schema, value)), path, 'anyOf'),
  oneOf: (schemas: readonly Schema[], value, path) => holds(schemas.filter((schema) => accepts(schema, value)).length === 1, path, 'oneOf'),
  not: (schema: Schema, value, path) => holds(!accepts(schema, value), path, 'not'),
  if: (schema: Schema, value, path, { then = true }) => (accepts(schema, value) ? faultsOf(then as Schema, value, path) : []),
};
