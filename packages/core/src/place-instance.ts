import { JobError, type Capabilities, type JobOrigin } from '@nightshift/sdk';

/** The session store ends with the boot; the durable store is kept. */
export type Place = 'session' | 'durable';

/**
 * An instance is persisted if and only if it came from a trigger, from `--run-now` or from `--persist`, and its type can
 * persist; `takesAll`: also whatever else can. Source: jobs.md 5.1. Throws `PersistNotSupported` when it was asked for and the type cannot.
 */
export function placeInstance(origin: JobOrigin, persist: boolean, type: { readonly name: string; readonly capabilities: Pick<Capabilities, 'persist'> }, takesAll = false): Place {
  const wanted = persist || origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow);
  if (!wanted) return takesAll && type.capabilities.persist === true ? 'durable' : 'session';
  if (type.capabilities.persist === true) return 'durable';
  throw new JobError({ code: 'PersistNotSupported', message: `jobs of type ${type.name} cannot be kept in the durable store` });
}
