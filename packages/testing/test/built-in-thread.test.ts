import type { AnyJobType } from '@nightshift/sdk';
import threadJob from '@nightshift/thread-job';
import { describe, test } from 'vitest';
import { exerciseJobType } from '../src/index.ts';

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type: threadJob.jobTypes?.[0] as AnyJobType,
  completes: { scriptBlock: 'return 2' },
  fails: { scriptBlock: 'throw new Error("no")' },
  runsUntilStopped: { scriptBlock: 'await new Promise((resolve) => signal.addEventListener("abort", resolve))' },
  invalid: [{}, { scriptBlock: 7 }],
});
