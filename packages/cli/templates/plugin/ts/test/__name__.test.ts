import { describe, test } from 'node:test';
import { exerciseJobType } from 'nightshift/testing';
import plugin from '../src/index.ts';

exerciseJobType({ describe, test, skip: test.skip }, {
  type: plugin.jobTypes[0],
  completes: { limit: 100 },
  fails: { limit: 0 },
  runsUntilStopped: { limit: 100, every: 1 },
  invalid: [{ limit: 'high' }, { limit: 101 }, { every: 0 }, { lmit: 90 }],
});
