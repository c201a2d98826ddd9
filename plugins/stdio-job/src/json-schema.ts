import { Ajv, type ErrorObject, type Options } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonSchema, SpecIssue, SpecResult } from '@nightshift/sdk';
import { issueOf } from './schema-issue.ts';
import { isDraft7, restrictSchema } from './restrict-schema.ts';

/** Schemas that one spec may be held against before it is refused: a second's work, and far more than a sane schema needs. */
const MOST_STEPS = 20_000;
const MOST_ISSUES = 20;
/** Characters of a spec as JSON: what a program can be sent in one line. */
const LONGEST_SPEC = 1_048_576;

/** Throws when a schema is wrong, or uses what may not be used. The function it returns never throws, hangs or changes its argument; it fills in defaults. */
export function compileSchema(schema: JsonSchema): (value: unknown) => SpecResult<unknown> {
  const Library = isDraft7(schema) ? Ajv : Ajv2020;
  const allowed = restrictSchema(schema);
  checkSchema(Library, schema);
  let steps = 0;
  const library = new Library({ ...STRICT, $comment: () => {
    if (++steps > MOST_STEPS) throw new Error('it takes too many steps');
  } });
  // In the library's own way the time goes with the square of the list's length.
  library.removeKeyword('uniqueItems').addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', errors: false, validate: areUnique });
  const validate = library.compile(allowed);
  return (value) => {
    steps = 0;
    const text = toJson(value);
    if (text === undefined || text.length > LONGEST_SPEC) return { issues: [{ message: text === undefined ? '"job" holds what JSON has no form for' : `"job" is longer than ${LONGEST_SPEC} characters as JSON` }] };
    const spec: unknown = JSON.parse(text);
    try {
      return validate(spec) ? { value: spec } : { issues: issuesOf(validate.errors ?? []) };
    } catch (error) {
      return { issues: [{ message: `"job" cannot be checked against the schema of its type: ${error instanceof RangeError ? 'it refers to itself for ever' : (error as Error).message}` }] };
    }
  };
}

const STRICT: Options = {
  strictSchema: true, strictNumbers: true, strictTypes: false, strictTuples: false, strictRequired: false,
  // A key that every object inherits, such as "toString", is no key of the spec.
  ownProperties: true,
  allErrors: true, verbose: true, useDefaults: true, validateFormats: false, logger: false, $data: false,
  // Looked at before, by the schema of schemas; and what we have copied from it holds no expression.
  meta: false, validateSchema: false, code: { regExp: Object.assign(refuseExpression, { code: '' }) },
};

function refuseExpression(): never {
  throw new Error('regular expressions are not run on specs');
}

/** Against the schema of schemas, whose expressions are the library's. */
function checkSchema(Library: typeof Ajv | typeof Ajv2020, schema: JsonSchema): void {
  const library = new Library({ strict: false, logger: false, validateFormats: false });
  const { $id: _id, ...rest } = schema;
  if (library.validateSchema(rest) === true) return;
  const [first] = library.errors ?? [];
  throw new Error(`#${first?.instancePath ?? ''}: ${first?.message ?? 'is no schema'}`);
}

/** Of one mistake several schemas may complain: each place and sentence once. */
function issuesOf(errors: readonly ErrorObject[]): readonly SpecIssue[] {
  const issues = errors.map((error) => issueOf(error)).filter((issue) => issue !== undefined);
  const once = new Map(issues.map((issue) => [JSON.stringify([issue.path, issue.message]), issue]));
  return once.size === 0 ? [{ message: '"job" does not fit the schema of its type' }] : [...once.values()].slice(0, MOST_ISSUES);
}

function areUnique(isAsked: boolean, list: readonly unknown[]): boolean {
  return !isAsked || new Set(list.map(canonical)).size === list.length;
}

/** The same text for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1))) : member));
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return undefined;
  }
}
