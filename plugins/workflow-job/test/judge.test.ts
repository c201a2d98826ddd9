import { expect, test } from 'vitest';
import type { JobOutcome } from '@nightshift/sdk';
import { type Circumstances, judge } from '../src/judge.ts';
import { COMPLETED, exited, failedBy } from './workflow-job.ts';

const RETRY = { limit: 2, delay: 1_000, factor: 3, maxDelay: 2_500, onInterrupted: false };
const STOPPED = (reason: string): JobOutcome => ({ state: 'Stopped', reason });

test.each<[string, JobOutcome, Partial<Circumstances>, unknown]>([
  ['completed', COMPLETED, {}, 'completed'],
  ['completed under an earlier host', COMPLETED, { isFromBefore: true }, 'completed'],
  ['failed, no retry', exited(3), {}, { is: 'failed', message: 'the command exited with code 3' }],
  ['failed under an earlier host', exited(3), { isFromBefore: true }, { is: 'failed', message: 'the command exited with code 3' }],
  ['failed, first of two retries', exited(3), { retry: RETRY }, { is: 'again', failures: 1, dueAt: 1_100 }],
  ['failed, second: the delay has grown, to its limit', exited(3), { retry: RETRY, failures: 1 }, { is: 'again', failures: 2, dueAt: 2_600 }],
  ['failed, none left', exited(3), { retry: RETRY, failures: 2 }, { is: 'failed', message: 'the command exited with code 3' }],
  ['ran too long', failedBy('timeout'), { retry: RETRY }, { is: 'again', failures: 1, dueAt: 1_100 }],
  ['threw', failedBy('error'), { retry: RETRY }, { is: 'again', failures: 1, dueAt: 1_100 }],
  ['cut off while we looked', failedBy('interrupted'), { retry: RETRY }, { is: 'failed', message: 'interrupted' }],
  ['cut off while we looked, and that is retried', failedBy('interrupted'), { retry: { ...RETRY, onInterrupted: true } }, { is: 'again', failures: 1, dueAt: 1_100 }],
  ['cut off together with an earlier host: not counted', failedBy('interrupted'), { isFromBefore: true, failures: 1 }, { is: 'again', failures: 1 }],
  ['never began under an earlier host: not counted', failedBy('spawn'), { isFromBefore: true }, { is: 'again', failures: 0 }],
  ['could not be started', failedBy('spawn', 'ProgramNotFound: x'), {}, { is: 'failed', message: 'ProgramNotFound: x' }],
  ['never ran for its needs', failedBy('dependency', 'it needs a'), { isFromBefore: true, retry: RETRY }, { is: 'dependency', message: 'it needs a' }],
  ['stopped by somebody', STOPPED('stopped'), { retry: RETRY }, { is: 'stopped' }],
  ['cut off by its parent: not counted', STOPPED('parent'), { failures: 1 }, { is: 'again', failures: 1 }],
])('%s', (_, outcome, circumstances, meaning) => {
  expect(judge(outcome, { failures: 0, isFromBefore: false, now: 100, ...circumstances })).toEqual(meaning);
});
