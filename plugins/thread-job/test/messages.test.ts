import { expect, test } from 'vitest';
import { namesOfTask, variablesOfNames } from '../src/messages.ts';

test('what names a job arrives as it was, whatever its name holds', () => {
  expect(variablesOfNames(namesOfTask(7, 'abc', 2, '/run/abc', 'a\0b\n'))).toEqual({
    NIGHTSHIFT_JOB_ID: '7', NIGHTSHIFT_INSTANCE_ID: 'abc', NIGHTSHIFT_ATTEMPT: '2', NIGHTSHIFT_RUN_DIR: '/run/abc', NIGHTSHIFT_JOB_NAME: 'a\0b\n',
  });
});
