import { describe, test } from 'node:test';
import { exerciseJobType, openProgramPlugin } from 'nightshift/testing';

const plugin = await openProgramPlugin(new URL('..', import.meta.url));

exerciseJobType({ describe, test, skip: test.skip }, {
  type: plugin.jobTypes[0],
  completes: { limit: 100 },
  fails: { limit: 0 },
  runsUntilStopped: { limit: 100, every: 1 },
  invalid: [{ limit: 'high' }, { limit: 101 }, { every: 0 }, { lmit: 90 }],
});
