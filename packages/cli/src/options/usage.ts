import { JobError } from '@nightshift/sdk';

/** What was typed may be of any length; a line of complaint may not. */
const LONGEST = 250;

/** An error of use: exit status 2, before anything is done. */
export function usage(code: string, message: string, hint?: string): JobError {
  return new JobError({ code, message: message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message, ...(hint === undefined ? {} : { hint }) });
}
