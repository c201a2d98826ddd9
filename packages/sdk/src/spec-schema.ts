/** The part of Standard Schema v1 (standardschema.dev) that we call; zod, valibot, arktype and hand-written schemas fit. */
export interface SpecSchema<Spec> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SpecResult<Spec> | Promise<SpecResult<Spec>>;
    readonly types?: { readonly input: unknown; readonly output: Spec } | undefined;
  };
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
