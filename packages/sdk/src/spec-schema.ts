/** The part of Standard Schema v1 (standardschema.dev) that we call; zod, valibot, arktype and hand-written schemas fit. */
export interface SpecSchema<Spec> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SpecResult<Spec> | Promise<SpecResult<Spec>>;
    readonly types?: { readonly input: unknown; readonly output: Spec } | undefined;
    /**
     * The extension Standard JSON Schema: what the spec looks like before validation, for editors. Stricter than `validate` is
     * wrong, laxer is not. Default: any map.
     */
    readonly jsonSchema?: { readonly input: (options: { readonly target: 'draft-07' }) => JsonSchema } | undefined;
  };
}

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of one of several words in any case; editors complete them in the case given here. */
export function wordSchema(words: readonly string[]): JsonSchema {
  const escaped = words.map((word) => word.replace(/[^A-Za-z0-9]/g, '\\$&'));
  return { type: 'string', anyOf: [{ enum: words }, { pattern: anyCase(`^(?:${escaped.join('|')})$`) }] };
}

/** A pattern of letters and marks that matches in any case: JSON Schema has no flag for that. */
export function anyCase(pattern: string): string {
  return pattern.replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

/** Either the validated and defaulted value, or what is wrong with it. */
export type SpecResult<Spec> = { readonly value: Spec; readonly issues?: undefined } | { readonly issues: readonly SpecIssue[] };

/** One thing that is wrong with a spec. */
export interface SpecIssue {
  readonly message: string;
  /** Default `DefinitionValueInvalid`. */
  readonly code?: string;
  readonly hint?: string;
  /** Where in the value; default: the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** 'key' when the name of the last path member is wrong, not what stands behind it. Default 'value'. */
  readonly at?: 'key' | 'value';
}
