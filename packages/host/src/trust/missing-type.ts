import { isJobError } from '@nightshift/sdk';

/** What core says of a type that no registered plugin offers: by a definition, and by `--type`. */
const CODES = ['JobTypeNotInstalled', 'JobTypeNotFound'];

/** Whether something failed for want of a job type, which a plugin might bring. */
export function isMissingType(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.some(isMissingType);
  return isJobError(cause) && CODES.includes(cause.code);
}
