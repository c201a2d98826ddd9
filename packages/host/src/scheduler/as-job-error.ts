import { isJobError, JobError } from '@nightshift/sdk';

/** What went wrong, as something that can be told. */
export function asJobError(cause: unknown): JobError {
  return isJobError(cause) ? cause : new JobError({ code: 'InternalError', message: cause instanceof Error ? cause.message : String(cause) }, { cause });
}
