import { isJobError, type JobError } from '@nightshift/sdk';

/** What a user can do something about. Anything else is a mistake of ours: told, and thrown again. */
export function errorsIn(cause: unknown, unforeseen: (cause: unknown) => void = () => undefined): readonly JobError[] {
  const causes: readonly unknown[] = cause instanceof AggregateError && cause.errors.length > 0 ? cause.errors : [cause];
  return causes.flatMap((one) => {
    if (isJobError(one)) return [one as JobError];
    if (one instanceof AggregateError && one !== cause) return errorsIn(one, unforeseen);
    unforeseen(one);
    throw one;
  });
}
