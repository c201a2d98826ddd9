/**
 * @nightshift/sdk: the contract between Nightshift and its job types. No runtime dependency.
 *
 * Units: every number of time is milliseconds; every instant is a `Date` in code and ISO 8601 UTC in JSON.
 * Errors are recognised by `code`, never by `instanceof`: two copies of a package may be loaded.
 * New members are always optional. Anything else is a new `API_VERSION`.
 */
export * from './capabilities.ts';
export * from './clock.ts';
export * from './command-line.ts';
export * from './definition.ts';
export * from './duration.ts';
export * from './engine.ts';
export * from './errors.ts';
export * from './firing-store.ts';
export * from './job-context.ts';
export * from './job-run.ts';
export * from './job-store.ts';
export * from './job-type.ts';
export * from './name-rule.ts';
export * from './nearest-name.ts';
export * from './origin.ts';
export * from './outcome.ts';
export * from './plugin-faults.ts';
export * from './plugin.ts';
export * from './secret-reference.ts';
export * from './spec-part.ts';
export * from './spec-schema.ts';
export * from './states.ts';
export * from './streams.ts';
export * from './suggest.ts';
export * from './wildcard.ts';
