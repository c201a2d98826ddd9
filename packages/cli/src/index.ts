/** The library: the same verbs, in a program of your own. */
export * from '@nightshift/host';
export { isJobError, JobError } from '@nightshift/sdk';
