import { JobError } from '@nightshift/sdk';

/** An error of use: exit status 2, before anything is done. */
export function usage(code: string, message: string, hint?: string): JobError {
  return new JobError({ code, message, ...(hint === undefined ? {} : { hint }) });
}
