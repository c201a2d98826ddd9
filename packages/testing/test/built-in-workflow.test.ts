import backgroundJob from '@nightshift/background-job';
import type { AnyJobType } from '@nightshift/sdk';
import workflowJob from '@nightshift/workflow-job';
import { describe, test } from 'vitest';
import { exerciseJobType } from '../src/index.ts';

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type: workflowJob.jobTypes?.[0] as AnyJobType,
  completes: { steps: [{ command: ['true'] }, { command: ['true'] }] },
  fails: { steps: [{ command: ['false'] }] },
  runsUntilStopped: { steps: [{ command: ['sleep', '60'] }] },
  // It comes to rest between two steps.
  suspends: { steps: Array.from({ length: 500 }, () => ({ command: ['sleep', '0.02'] })) },
  invalid: [{}, { steps: [] }],
  plugins: [backgroundJob],
});
