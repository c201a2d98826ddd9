import type { Host } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { guessingNames, nearName } from '../../src/options/near-job.ts';

test.each([
  ['Bulid', 'Build'], ['build', 'Build'], ['Nigtly', 'Nightly'], ['Nightl', 'Nightly'], ['Job8', undefined], ['Job12', undefined], ['Jbo7', 'Job7'], ['Deploy', undefined],
])('a job named %s: meant is %s', (asked, meant) => {
  expect(nearName(asked, ['Build', 'Nightly', 'Job7'])).toBe(meant);
});

describe('a host that guesses names', () => {
  const missing = (name: string) => new JobError({ code: 'JobWithSpecifiedNameNotFound', message: `no job is named "${name}"` });
  const host = (problems: readonly JobError[]) => {
    let lookUps = 0;
    const getJobs = async (selector: object) => {
      if (Object.keys(selector).length === 0) lookUps++;
      return { jobs: [{ name: 'Build' }], problems: Object.keys(selector).length === 0 ? [] : problems, left: 0 };
    };
    return { guessing: guessingNames({ getJobs, stopJobs: getJobs } as unknown as Host), lookUps: () => lookUps };
  };

  test('adds the nearest name to what is missing, and leaves other problems as they are', async () => {
    const other = new JobError({ code: 'JobWithSpecifiedSessionNotFound', message: 'no job has the id 9' });
    const { guessing } = host([missing('Bulid'), other, missing('Far')]);
    const { problems } = await guessing.getJobs({ words: ['Bulid', '9', 'Far'] });
    expect(problems.map(({ hint }) => hint)).toEqual(['did you mean Build?', undefined, undefined]);
    expect(problems.map(({ message }) => message)).toEqual(['no job is named "Bulid"', 'no job has the id 9', 'no job is named "Far"']);
    expect((await guessing.stopJobs({ names: ['Bulid'] }, {})).problems[0]?.hint).toBe('did you mean Build?');
  });

  test('looks nothing up when nothing is missing', async () => {
    const { guessing, lookUps } = host([]);
    await guessing.getJobs({ words: ['Build'] });
    expect(lookUps()).toBe(0);
  });
});
