import { isSystemCrontab } from '@nightshift/crontab-job/crontab';
import { describe, expect, test } from 'vitest';
import { readCrontab } from '../../../../src/umbrella/import/crontab/crontab.ts';
import type { Draft } from '../../../../src/umbrella/import/draft.ts';
import { sourceOf } from '../../../../src/umbrella/import/source-file.ts';
import { complaint } from '../../../complaint.ts';

const read = (text: string, system = false): readonly Draft[] => readCrontab(sourceOf('table', text), { system }).drafts;
const textsOf = (draft: Draft | undefined): string => (draft?.remarks ?? []).map(({ severity, place, text }) => `${severity} ${place} ${text}`).join('\n');

describe('a crontab', () => {
  test('gives each entry the variables above it, the later of two with one name', () => {
    const [first, second] = read('A=1\n* * * * * x\nA=2\nB=3\n* * * * * y\n');
    expect(first?.job.environment).toEqual({ A: '1' });
    expect(second?.job.environment).toEqual({ A: '2', B: '3' });
  });

  test('names an entry by the comment above it, else by its command', () => {
    const drafts = read('# Nightly backup\n0 1 * * * /bin/b.sh\n0 2 * * * /usr/local/bin/rotate.py -a\n# far away\n\n0 3 * * * z\n');
    expect(drafts.map(({ names }) => names[0])).toEqual(['Nightly backup', 'rotate', 'z']);
    expect(drafts.map(({ description }) => description)).toEqual(['Nightly backup', undefined, undefined]);
  });

  test.each(['# m h  dom mon dow   command', '# *  *  *  *  * user-name command', '#0 1 * * * old', '# --------', '# MAILTO=me'])('takes %j for no title', (comment) => {
    expect(read(`${comment}\n0 1 * * * run-it\n`)[0]).not.toHaveProperty('description');
  });

  test.each([
    ['/bin/sh', { scriptBlock: expect.stringContaining('\nx') }],
    ['/bin/bash', { shell: 'bash', scriptBlock: expect.stringContaining('\nx') }],
    ['/usr/bin/bash', { shell: 'bash' }],
    ['/usr/bin/zsh', { command: ['/usr/bin/zsh', '-c', expect.stringContaining('\nx')] }],
  ])('hands a command to %s', (shell, job) => {
    expect(read(`SHELL=${shell}\n* * * * * x\n`)[0]?.job).toMatchObject(job);
  });

  test('begins in the home folder, unless the command goes elsewhere at once', () => {
    const [here, there] = read('* * * * * ./x\n* * * * * cd /srv && ./x\n');
    expect(here?.job.scriptBlock).toMatch(/^cd \|\| exit/);
    expect(there?.job.scriptBlock).toBe('cd /srv && ./x');
  });

  test('reads CRON_TZ as the zone of what follows, and TZ as a variable', () => {
    const [draft] = read('CRON_TZ=Asia/Tokyo\nTZ=UTC\n0 9 * * * x\n');
    expect(draft?.triggers[0]?.value).toEqual({ cron: '0 9 * * *', timeZone: 'Asia/Tokyo' });
    expect(draft?.job.environment).toEqual({ TZ: 'UTC' });
  });

  test.each([
    ['10~40 3 * * *', { cron: '10 3 * * *', randomDelay: '31m' }],
    ['~ 3 * * *', { cron: '0 3 * * *', randomDelay: '1h' }],
  ])('turns the random minute of %s into a random delay', (schedule, value) => {
    expect(read(`${schedule} x\n`)[0]?.triggers[0]?.value).toEqual(value);
  });

  test('adds RANDOM_DELAY to it', () => {
    expect(read('RANDOM_DELAY=30\n0~29 3 * * * x\n')[0]?.triggers[0]?.value).toMatchObject({ randomDelay: '1h' });
  });

  test('says what has no equal, with its line', () => {
    expect(textsOf(read('MAILTO=me\nPASSWORD=geheim\n* * * * * x\n')[0])).toMatchInlineSnapshot(`
      "note table:1 MAILTO=me: nothing is mailed; the output is kept with the run (receive-job)
      note table:3 no PATH is set: cron's own is /usr/bin:/bin, a job has the scheduler's
      lost table:2 the value of PASSWORD looks like a secret and was not copied; the definition refers to a variable PASSWORD instead"
    `);
    expect(JSON.stringify(read('PASSWORD=geheim\n* * * * * x\n'))).not.toContain('geheim');
  });

  test('is quiet about mail when nobody gets any', () => {
    expect(textsOf(read('MAILTO=""\nPATH=/bin\n* * * * * x\n')[0])).toBe('');
  });

  test('of the system says that another user ran it', () => {
    expect(textsOf(read('PATH=/bin\n* * * * * root x\n', true)[0])).toBe('lost table:2 cron ran it as "root"; here it runs as whoever runs the scheduler');
  });

  test('with a line that is none is refused with that line', () => {
    expect(complaint(() => read('* * * * * x\nhello there\n'))).toMatchObject({ code: 'DefinitionSyntaxError', file: 'table', line: 2 });
  });

  test('of more than 10,000 entries is refused', () => {
    expect(complaint(() => read('* * * * * x\n'.repeat(10_001)))).toMatchObject({ code: 'LimitExceeded', file: 'table' });
    expect(read('* * * * * x\n'.repeat(10_000))).toHaveLength(10_000);
  });
});

test.each([
  ['/etc/crontab', true],
  ['/etc/cron.d/php', true],
  ['/private/etc/crontab', true],
  ['/var/spool/cron/crontabs/mara', false],
  ['crontab', false],
  ['/home/x/etc/crontab', false],
])('%s is of the system form: %s', (file, system) => {
  expect(isSystemCrontab(file)).toBe(system);
});
