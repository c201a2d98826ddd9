import { describe, expect, test } from 'vitest';
import { CRONTAB, GITHUB, KUBERNETES, translateCron } from '../../../src/umbrella/import/cron-expression.ts';

const cron = (expression: string, dayMatch?: string): object => ({ cron: expression, ...(dayMatch === undefined ? {} : { dayMatch }) });

describe('an expression of cron', () => {
  test.each([
    ['30 2 * * *', cron('30 2 * * *'), 'stays as it is'],
    ['30\t2  * * *', cron('30 2 * * *'), 'stays but for its blanks'],
    ['0 8 * jan-mar/2 Sat,Sun', cron('0 8 * jan-mar/2 Sat,Sun'), 'keeps names'],
    ['0 8 1,15 * 1', cron('0 8 1,15 * 1', 'or'), 'with both day fields is due when either matches'],
    ['0 8 */2 * 1', cron('0 8 */2 * 1', 'and'), 'whose day field begins with a star asks for both'],
    ['0 8 1-7 * */7', cron('0 8 1-7 * */7', 'and'), 'whose weekday begins with a star asks for both'],
    ['0 8 */1 * 3', cron('0 8 * * 3'), 'with a step of one says nothing about the day'],
    ['0 8 5,* * 1', cron('0 8 5,1-31 * 1', 'or'), 'with a star behind a number counts as restricted'],
    ['*/90 * * * *', cron('0 * * * *'), 'with a step above the field means its first value'],
    ['5-50/70 * * * *', cron('5 * * * *'), 'with a step above its range means its first value'],
    ['0 0 * * fri-sun', cron('0 0 * * fri-sun'), 'may run to a Sunday'],
    ['@daily', cron('@daily'), 'may be a word'],
    ['@Daily', cron('@daily'), 'may be a word in any case'],
    ['@reboot', { atStartup: {} }, 'may wait for the boot'],
  ])('%s becomes %j: it %s', (text, trigger) => {
    expect(translateCron(text, CRONTAB)).toMatchObject({ trigger });
  });

  test.each([
    ['5/15 * * * *', 'no step without a range'],
    ['0 22-2 * * *', 'runs backwards'],
    ['0 0 * dec-feb *', 'runs backwards'],
    ['0 0 3 * * *', '6 fields'],
    ['* * *', '3 fields'],
  ])('%s has no equal: %s', (text, why) => {
    expect(translateCron(text, CRONTAB)).toMatchObject({ lost: expect.stringContaining(why) });
  });
});

describe('an expression of Kubernetes and GitHub', () => {
  test.each([
    ['5/20 6-22 * * 1-5', cron('5-59/20 6-22 * * 1-5'), 'a bare step runs to the end of the field'],
    ['0 0 1/10 * *', cron('0 0 1-31/10 * *'), 'also of days'],
    ['0 0 * * 2/2', cron('0 0 * * 2-6/2'), 'and of weekdays to Saturday'],
    ['0 3 */2 * 1', cron('0 3 */2 * 1', 'or'), 'a star with a step restricts the day'],
    ['0 3 */1 * 1', cron('0 3 * * 1'), 'a step of one does not'],
    ['0 3 5,* * 1', cron('0 3 * * 1'), 'a star anywhere in the field leaves it free'],
    ['0 3 ? * 1', cron('0 3 * * 1'), 'a question mark is a star'],
    ['@every 90m', { every: '90m' }, 'an interval is a trigger of its own'],
  ])('%s becomes %j: %s', (text, trigger) => {
    expect(translateCron(text, KUBERNETES)).toMatchObject({ trigger });
    expect(translateCron(text, GITHUB)).toMatchObject({ trigger });
  });

  test('a range that runs backwards has no equal, also to a Sunday', () => {
    expect(translateCron('0 0 * * 5-0', KUBERNETES)).toHaveProperty('lost');
  });
});

test('two restricted day fields are remarked, whichever way they are joined', () => {
  expect(translateCron('0 0 13 * 5', CRONTAB)).toMatchObject({ notes: [expect.stringContaining('if either does, as in cron')] });
  expect(translateCron('0 0 */2 * 5', CRONTAB)).toMatchObject({ notes: [expect.stringContaining('both must match')] });
  expect(translateCron('0 0 * * 5', CRONTAB)).toMatchObject({ notes: [] });
});
