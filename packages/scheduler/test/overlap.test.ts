import { expect, test } from 'vitest';
import { overlap, type OverlapWord, type Unfinished } from '../src/overlap.ts';
import { policyOf } from '../src/policy.ts';

const job = (instanceId: string, queued = false): Unfinished => ({ instanceId, queued });
const [A, B, Q, R] = [job('a'), job('b'), job('q', true), job('r', true)];
const START: OverlapWord = { is: 'start' };
const QUEUE: OverlapWord = { is: 'queue', stopping: false };
const REPLACE: OverlapWord = { is: 'queue', stopping: true };
const SKIP: OverlapWord = { is: 'skip', blocker: 'a' };

test.each<readonly [string, object, readonly Unfinished[], boolean, OverlapWord]>([
  ['IgnoreNew', {}, [], false, START],
  ['IgnoreNew', {}, [A], false, SKIP],
  ['IgnoreNew', {}, [A, B], false, SKIP],
  ['IgnoreNew', {}, [A], true, QUEUE],
  ['Parallel', { maxParallel: 2 }, [], false, START],
  ['Parallel', { maxParallel: 2 }, [A], false, START],
  ['Parallel', { maxParallel: 2 }, [A, B], false, SKIP],
  ['Parallel', { maxParallel: 2 }, [A, Q], false, SKIP],
  ['Parallel', { maxParallel: 2 }, [A], true, QUEUE],
  ['Queue', { queueLimit: 2 }, [], false, START],
  ['Queue', { queueLimit: 2 }, [A], false, QUEUE],
  ['Queue', { queueLimit: 2 }, [A, Q], false, QUEUE],
  ['Queue', { queueLimit: 2 }, [A, Q, R], false, SKIP],
  ['Queue', { queueLimit: 2 }, [A, Q, R], true, QUEUE],
  ['StopExisting', {}, [], false, START],
  ['StopExisting', {}, [A], false, REPLACE],
  ['StopExisting', {}, [A, Q], false, REPLACE],
  ['StopExisting', {}, [A], true, QUEUE],
])('%s %j beside %j, one after another: %s', (multipleInstancePolicy, limits, unfinished, oneAfterAnother, word) => {
  expect(overlap(policyOf({ multipleInstancePolicy, ...limits }), unfinished, oneAfterAnother)).toEqual(word);
});
