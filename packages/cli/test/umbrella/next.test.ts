import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@nightshift/host';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { next } from '../../src/umbrella/next.ts';
import { complaintOf } from '../complaint.ts';
import { printed } from '../printed.ts';

const DEFINITIONS = {
  Nightly: 'timeZone: Europe/Berlin\ntriggers: [{ daily: { at: "02:30" } }]',
  Slow: 'triggers: [{ id: 4, daily: { at: "23:50", randomDelay: 15m } }]',
  Off: 'triggers: [{ daily: { at: "03:00" } }]\nenabled: false',
  Boot: 'triggers: [{ atStartup: {} }]',
  Broken: 'triggers: [{ cron: "61 * * * *" }]',
};

/** The verb in a project of its own; the words are the command line. */
function project(definitions: Readonly<Record<string, string>> = DEFINITIONS) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'next-')));
  mkdirSync(join(root, '.git'));
  mkdirSync(join(root, 'definitions'), { mode: 0o755 });
  writeFileSync(join(root, 'nightshift.yaml'), 'namespace: ops\ntimeZone: UTC', { mode: 0o644 });
  for (const [name, text] of Object.entries(definitions)) writeFileSync(join(root, 'definitions', `${name}.yaml`), `job: { command: [echo] }\n${text}`, { mode: 0o644 });
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const host = createHost({ environment: { HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state') }, workingDirectory: root });
  return (...argv: string[]) =>
    printed(() => next.run(parse(next.table, argv), { voice: { verb: 'next', json: false, debug: false }, host: () => host, interrupt: () => new AbortController().signal }));
}

const FROM = ['--from', '2027-03-27T00:00:00Z'];

describe('the table', () => {
  test('has a line for each due time', async () => {
    expect(await project()('Nightly', '-n', '3', ...FROM)).toEqual({
      result: 0,
      error: '',
      out: [
        'DueAt                      Definition  Trigger  Kind   Note',
        '2027-03-27T02:30:00+01:00  Nightly     1        daily',
        '2027-03-28T03:00:00+02:00  Nightly     1        daily  moved out of a DST gap',
        '2027-03-29T02:30:00+02:00  Nightly     1        daily',
        '',
      ].join('\n'),
    });
  });

  test('says when something starts, and what is disabled', async () => {
    const { out } = await project()('Slow,Off', '--all', '-n', '2', ...FROM);
    expect(out.split('\n').slice(1, 3)).toEqual(['2027-03-27T03:00:00+00:00  Off         1        daily  disabled', '2027-03-27T23:50:00+00:00  Slow        4        daily  starts 2027-03-28T00:04:46+00:00']);
  });

  test('of an expression has neither definition nor trigger', async () => {
    const { out } = await project()('--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin', '-n', '2', ...FROM);
    expect(out).toBe('DueAt                      Note\n2027-03-27T02:30:00+01:00\n2027-03-28T03:00:00+02:00  moved out of a DST gap\n');
  });

  test('is not there when nothing is due', async () => {
    expect(await project()('Boot')).toEqual({ result: 0, out: '', error: '' });
    expect(await project()('Z*')).toEqual({ result: 0, out: '', error: '' });
  });

  test('that is empty because a named definition is disabled comes with a word about that', async () => {
    expect(await project()('off')).toEqual({ result: 0, out: '', error: 'next: Off is disabled; --all shows it\n' });
    expect(await project()('O*')).toEqual({ result: 0, out: '', error: '' });
  });
});

describe('as data', () => {
  test('one definition that was asked for by name stands above its due times', async () => {
    const { out } = await project()('nightly', '-n', '2', '-o', 'json', ...FROM);
    expect(JSON.parse(out)).toEqual({
      apiVersion: 1,
      definition: 'Nightly',
      dueTimes: [
        { dueAt: '2027-03-27T01:30:00.000Z', triggerId: 1, note: '' },
        { dueAt: '2027-03-28T01:00:00.000Z', triggerId: 1, note: 'moved out of a DST gap' },
      ],
    });
  });

  test('else each due time has its own', async () => {
    const { out } = await project()('Nightly', 'Slow', '-n', '2', '--json', ...FROM);
    expect(JSON.parse(out)).toEqual({
      apiVersion: 1,
      definition: null,
      dueTimes: [
        { definition: 'Nightly', dueAt: '2027-03-27T01:30:00.000Z', triggerId: 1, note: '' },
        { definition: 'Slow', dueAt: '2027-03-27T23:50:00.000Z', triggerId: 4, note: 'starts 2027-03-28T00:04:46+00:00' },
      ],
    });
  });

  test('an expression is a bare list of instants', async () => {
    const run = project();
    const words = ['--cron', '0 3 * * *', '-n', '2', ...FROM];
    expect((await run(...words, '-o', 'json')).out).toBe('["2027-03-27T03:00:00.000Z","2027-03-28T03:00:00.000Z"]\n');
    expect((await run(...words, '-o', 'jsonl')).out).toBe('"2027-03-27T03:00:00.000Z"\n"2027-03-28T03:00:00.000Z"\n');
    expect((await run(...words, '-o', 'yaml')).out).toBe('- "2027-03-27T03:00:00.000Z"\n- "2027-03-28T03:00:00.000Z"\n');
  });

  test('each line of jsonl stands by itself', async () => {
    expect((await project()('Nightly', '-n', '1', '-o', 'jsonl', ...FROM)).out).toBe('{"definition":"Nightly","dueAt":"2027-03-27T01:30:00.000Z","triggerId":1,"note":""}\n');
  });

  test('nothing due is an empty list, with or without an explanation', async () => {
    expect(JSON.parse((await project()('Boot', '--json', '--explain')).out)).toEqual({ apiVersion: 1, definition: 'Boot', dueTimes: [] });
    expect(JSON.parse((await project()('Off', '--json')).out)).toEqual({ apiVersion: 1, definition: 'Off', dueTimes: [] });
    expect((await project()('Z*', '-o', 'yaml')).out).toBe('apiVersion: 1\ndefinition: null\ndueTimes: []\n');
  });
});

describe('an explanation', () => {
  test('puts a trigger into words, and tells of its clock, its start, the distance and UTC', async () => {
    const { out } = await project({ Slow: 'timeZone: Europe/Berlin\ntriggers: [{ daily: { at: "02:30", randomDelay: 15m } }]' })('Slow', '--explain', '-n', '3', ...FROM);
    expect(out.replaceAll(/(in \d+ \S+|\d+ \S+ ago)/g, 'in N days')).toBe([
      'Slow, trigger 1: daily at 02:30, Europe/Berlin, random delay up to 15 min',
      '  Sat 27 Mar 2027 02:30   starts 02:32:39   in N days   01:30 UTC',
      '    clocks go forward on Sun 28 Mar 2027, from 02:00 to 03:00',
      '  Sun 28 Mar 2027 03:00   starts 03:04:05   in N days   01:00 UTC',
      '    moved out of a DST gap',
      '  Mon 29 Mar 2027 02:30   starts 02:37:20   in N days   00:30 UTC',
      '',
    ].join('\n'));
  });

  test('names all triggers of a definition that was asked for, each with its own due times', async () => {
    const { out } = await project({ A: 'triggers: [{ atStartup: {} }, { cron: "0 4 * * *" }, { daily: { at: "03:00" } }]' })('A', '--explain', '-n', '3', ...FROM);
    expect(out.split('\n').map((line) => line.replace(/ {3}.*/, ''))).toEqual([
      'A, trigger 3: daily at 03:00, UTC', '  Sat 27 Mar 2027 03:00', '  Sun 28 Mar 2027 03:00', '',
      'A, trigger 2: at 04:00, every day, UTC (0 4 * * *)', '  Sat 27 Mar 2027 04:00', '',
      'A, trigger 1: at the first start of the scheduler after each boot', '  no due time among these', '',
    ]);
  });

  test('of several definitions names those triggers that are due', async () => {
    const { out } = await project()('Boot', 'Nightly', '--explain', '-n', '1', ...FROM);
    expect(out).toMatch(/^Nightly, trigger 1: daily at 02:30, Europe\/Berlin\n {2}Sat 27 Mar 2027 02:30 {3}.* {3}01:30 UTC\n$/);
  });

  test('stays within 80 columns, and never breaks an expression in two', async () => {
    const { out } = await project({ 'A-definition-with-quite-a-long-name': 'triggers: [{ cron: "*/7 8-12,14-18 L,15W,1-7 feb-nov 1,3#2,5L", randomDelay: 15m }]' })('--explain', '-n', '5', ...FROM);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('(*/7 8-12,14-18 L,15W,1-7 feb-nov 1,3#2,5L)');
  });
});

describe('words that are wrong', () => {
  test.each([
    [['-n', '0'], 'ParameterArgumentValidationError'],
    [['-n', '-5'], 'ParameterArgumentValidationError'],
    [['--count', '10001'], 'ParameterArgumentValidationError'],
    [['--count', 'many'], 'ParameterArgumentTransformationError'],
    [['--count', '1.5'], 'ParameterArgumentTransformationError'],
    [['--trigger-id', 'x'], 'ParameterArgumentTransformationError'],
    [['--trigger-id', '0'], 'ParameterArgumentValidationError'],
    [['--from', 'tomorrow'], 'ParameterArgumentTransformationError'],
    [['--until', '25:00'], 'ParameterArgumentTransformationError'],
    [['--cron', '* * * * *', 'Nightly'], 'AmbiguousParameterSet'],
    [['--cron', '* * * * *', '--all'], 'AmbiguousParameterSet'],
    [['--cron', '* * * * *', '--trigger-id', '1'], 'AmbiguousParameterSet'],
    [['--cron', '* * * * *', '--time-zone', 'Nope/Zone'], 'TimeZoneInvalid'],
    [['-o', 'wide'], 'ParameterArgumentValidationError'],
    [['-o', 'id'], 'ParameterArgumentValidationError'],
    [['*/5 * * * *'], 'ParameterArgumentValidationError'],
    [['@daily'], 'ParameterArgumentValidationError'],
  ])('%j are refused with %s', async (argv, code) => {
    const run = project();
    expect(await complaintOf(() => run(...argv))).toMatchObject({ code });
  });

  test('an expression in the place of a name comes with the command that was meant', async () => {
    expect(await complaintOf(() => project()('*/5 * * * *'))).toMatchObject({ hint: "a cron expression is asked for with --cron: nightshift next --cron '*/5 * * * *'" });
  });

  test.each(['1', '10000'])('--count %s is not refused', async (count) => {
    expect((await project()('Boot', '-n', count)).result).toBe(0);
  });
});

test('what cannot be answered is complained about after what can, and decides the exit status', async () => {
  const run = project();
  const { result, out, error } = await run('-n', '1', ...FROM);
  expect([result, out.split('\n').length]).toEqual([3, 3]);
  expect(error).toMatch(/^next: CronExpressionInvalid: minute 61 is not in 0-59 \(.*Broken\.yaml:2:20\)\n/);
  expect(await run('Nope', 'Nightly', 'Broken', '-n', '1', ...FROM)).toMatchObject({ result: 4, out: expect.stringContaining('Nightly') });
  expect(await run('Nightly', '--trigger-id', '1,8', '-n', '1', ...FROM)).toMatchObject({ result: 4, out: expect.stringContaining('Nightly'), error: expect.stringContaining('ScheduledJobTriggerNotFound') });
});
