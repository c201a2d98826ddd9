import { describe, expect, test } from 'vitest';
import { readLine, splitPercent } from '../src/crontab-line.ts';

const variable = (name: string, value: string): object => ({ is: 'variable', name, value });
const entry = (schedule: string, command: string): object => ({ is: 'entry', schedule, command });

describe('a line of a crontab', () => {
  test.each([
    ['', { is: 'blank' }],
    [' \t', { is: 'blank' }],
    ['  ## Nightly backup ', { is: 'comment', text: 'Nightly backup' }],
    ['PATH=/usr/bin:/bin', variable('PATH', '/usr/bin:/bin')],
    ['A = b c  ', variable('A', 'b c')],
    ['A="  b  "', variable('A', '  b  ')],
    ["'A B'='c'", variable('A B', 'c')],
    ['A=', variable('A', '')],
    ['A=$HOME/x # not a comment', variable('A', '$HOME/x # not a comment')],
    ['* * * * * echo hi', entry('* * * * *', 'echo hi')],
    ['  */5 8-18 1,15 jan mon\techo  hi  ', entry('*/5 8-18 1,15 jan mon', 'echo  hi  ')],
    ['@daily /bin/x --a=b', entry('@daily', '/bin/x --a=b')],
    ['-0 1 * * * quiet', entry('0 1 * * *', 'quiet')],
    ['* * * * * A=b command', entry('* * * * *', 'A=b command')],
  ])('%j is read as cron reads it', (line, read) => {
    expect(readLine(line, false)).toEqual(read);
  });

  test.each([
    ['17 * * * * root cd / && run', 'root', 'cd / && run'],
    ['@daily  www-data\t/bin/x', 'www-data', '/bin/x'],
  ])('%j has a user in the system form', (line, user, command) => {
    expect(readLine(line, true)).toMatchObject({ is: 'entry', user, command });
  });

  test.each([
    ['this is a line of some other file', false],
    ['A="not closed', false],
    ['* * * * *', false],
    ['@daily', false],
    ['* * * * * root', true],
    ['{"kind": "CronJob"}', false],
  ])('%j is none', (line, system) => {
    expect(readLine(line, system)).toMatchObject({ is: 'unknown', why: expect.any(String) });
  });
});

describe('percent signs of a command', () => {
  test.each([
    ['date', { command: 'date' }],
    [String.raw`date +\%F`, { command: 'date +%F' }],
    ['mail joe%Hello%%Bye', { command: 'mail joe', input: ['Hello', '', 'Bye'] }],
    ['cat%one%two%', { command: 'cat', input: ['one', 'two'] }],
    ['cat%', { command: 'cat', input: [] }],
    [String.raw`cat%50\% of it`, { command: 'cat', input: ['50% of it'] }],
    [String.raw`printf "a\\n"%x`, { command: String.raw`printf "a\\n"`, input: ['x'] }],
    [String.raw`echo \\%x`, { command: String.raw`echo \\`, input: ['x'] }],
    [String.raw`cat%a\b`, { command: 'cat', input: [String.raw`a\b`] }],
  ])('%s gives %j', (text, parts) => {
    expect(splitPercent(text)).toEqual(parts);
  });
});
