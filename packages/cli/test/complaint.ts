import { isJobError, type JobErrorFacts } from '@nightshift/sdk';

/** The complaint that `act` ends with; anything but a complaint is thrown on. */
export function complaint(act: () => unknown): JobErrorFacts {
  try {
    act();
  } catch (cause) {
    if (isJobError(cause)) return cause;
    throw cause;
  }
  throw new Error('expected a complaint, and there was none');
}

/** The same of something that takes its time. */
export async function complaintOf(act: () => Promise<unknown>): Promise<JobErrorFacts> {
  const cause: unknown = await act().then(
    () => new Error('expected a complaint, and there was none'),
    (thrown: unknown) => thrown,
  );
  if (isJobError(cause)) return cause;
  throw cause;
}
