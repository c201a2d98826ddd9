import { isBroken } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { complete } from './complete.ts';
import { brief, check, errorsOf, marked, valid } from './folder.ts';

describe('a definition', () => {
  test('with every key of the reference is accepted as it is written', async () => {
    expect(await valid(complete)).toMatchObject({
      name: 'Nightly',
      type: 'ScheduledJob',
      description: 'Nightly snapshot of this repository',
      spec: {
        type: 'BackgroundJob',
        filePath: 'scripts/snapshot.mjs',
        argumentList: ['--verify', 7],
        workingDirectory: '..',
        initializationScript: 'process.umask(0o077)',
        environment: { KEEP: 7, DEBUG: false },
        successExitCodes: [0, 3],
      },
      timeZone: 'Europe/Berlin',
      triggers: [
        { daily: { at: '03:00', daysInterval: 1, randomDelay: '15m' } },
        { weekly: { at: '23:00', daysOfWeek: ['Monday', 'Friday'], weeksInterval: 2 } },
        { once: { at: '2026-12-24T18:00', repetitionInterval: '1h', repetitionDuration: '2d' } },
        { atStartup: { randomDelay: '5m' } },
        { atLogOn: { user: '*' } },
        { cron: '*/15 8-18 * * 1-5' },
        { every: '10m', enabled: false },
      ],
      options: {
        multipleInstancePolicy: 'Queue',
        queueLimit: 2,
        catchUp: { policy: 'latest', window: '1h' },
        timeout: '2h',
        gracePeriod: '10s',
        retry: { limit: 2, delay: '10s', factor: 2, maxDelay: '10m', onInterrupted: false },
        runWithoutNetwork: false,
      },
      maxResultCount: 32,
      enabled: true,
    });
    expect(await valid(complete)).not.toHaveProperty('warnings');
  });

  test('needs nothing but a job', async () => {
    const definition = await valid('job: {}\n');
    expect(definition).toMatchObject({ type: 'ScheduledJob', spec: {} });
    for (const key of ['description', 'triggers', 'options', 'enabled', 'timeZone', 'maxResultCount', 'warnings']) expect(definition).not.toHaveProperty(key);
  });

  test('of any type is read the same way', async () => {
    expect(await valid('type: WorkflowJob\njob: { steps: { a: { needs: [] } } }\n')).toMatchObject({ type: 'WorkflowJob', spec: { steps: { a: { needs: [] } } } });
  });

  test('is frozen, without prototypes', async () => {
    const { spec, triggers, options } = await valid('job: { a: { b: [1] } }\ntriggers: [{ every: 5m }]\noptions: { retry: { limit: 1 } }\n');
    const inside = spec as { a: { b: number[] } };
    for (const value of [spec, inside.a, inside.a.b, triggers, triggers?.[0], options, options?.['retry']]) expect(Object.isFrozen(value)).toBe(true);
    expect('toString' in (spec as object)).toBe(false);
    expect(Object.getPrototypeOf(inside.a)).toBe(null);
  });
});

describe('a wrong definition', () => {
  test('without job names the key', async () => {
    expect((await errorsOf('type: ScheduledJob\n'))[0]).toMatchObject({ code: 'DefinitionKeyMissing', message: 'the key "job" is missing', line: 1, column: 1 });
  });

  test.each([
    ['job: [true]\n', 'DefinitionValueInvalid 1:6', 'a map, not a list'],
    ['job:\n', 'DefinitionValueInvalid 1:5', 'a map, not nothing'],
    ['job: {}\ntype: 42\n', 'DefinitionValueInvalid 2:7', 'text, not 42'],
    ["job: {}\ntype: ''\n", 'DefinitionValueInvalid 2:7', 'empty'],
    ['job: {}\ndescription: [a]\n', 'DefinitionValueInvalid 2:14', 'text, not a list'],
    ['job: {}\nenabled: yes\n', 'DefinitionValueInvalid 2:10', 'true or false, not "yes"'],
    ['job: {}\nmaxResultCount: 0\n', 'InvalidMaxResultCount 2:17', '1 or more'],
    ['job: {}\nmaxResultCount: 1.5\n', 'InvalidMaxResultCount 2:17', 'whole number'],
    ['job: {}\nmaxResultCount: "12"\n', 'InvalidMaxResultCount 2:17', 'whole number'],
    ['job: {}\noptions: []\n', 'DefinitionValueInvalid 2:10', 'a map, not a list'],
    ['job: {}\ntriggers: { daily: {} }\n', 'TriggerInvalid 2:11', 'a list, not a map'],
    ['job: {}\ntriggers:\n', 'TriggerInvalid 2:10', 'a list, not nothing'],
  ])('%j is refused with the code of the key', async (text, expected, words) => {
    const errors = await errorsOf(text);
    expect(errors.map(brief)).toEqual([expected]);
    expect(errors[0]?.message).toContain(words);
  });

  test.each([
    ['yes', 'write true'],
    ['On', 'write true'],
    ['"true"', 'write true'],
    ['no', 'write false'],
    ['off', 'write false'],
    ['0', 'write false'],
  ])('with "enabled: %s" has the hint to %s', async (value, hint) => {
    expect((await errorsOf(`job: {}\nenabled: ${value}\n`))[0]?.hint).toBe(hint);
  });

  test.each(['Nope/Zone', 'UTC+5', '+05:00', "''", 'EST', 'CET', '2', 'Europe', '"Europe/Berlin "'])('with the time zone %s is refused, with examples', async (zone) => {
    expect((await errorsOf(`job: {}\ntimeZone: ${zone}\n`))[0]).toMatchObject({ code: 'TimeZoneInvalid', line: 2, column: 11, hint: expect.stringContaining('Europe/Berlin') });
  });

  test.each(['UTC', 'Europe/Berlin', 'europe/berlin', 'Etc/GMT+5', 'Japan', 'America/Argentina/Buenos_Aires'])('is not one with the time zone %s', async (timeZone) => {
    expect(await valid(`job: {}\ntimeZone: ${timeZone}\n`)).toMatchObject({ timeZone });
  });

  test('reports everything, in the order of the places', async () => {
    const text = `enabled: yes
timezone: UTC
job: { environment: { MODE: 0755 } }
triggers:
  - daily: {}
  - weekly: { at: "3:00", daysOfWeek: Monday, weeksInterval: 0 }
options:
  timeout: 90
  timeout: 91
  colour: red
`;
    expect((await errorsOf(text)).map(brief)).toEqual([
      'DefinitionValueInvalid 1:10',
      'DefinitionKeyUnknown 2:1',
      'DefinitionValueInvalid 3:29',
      'TriggerInvalid 5:5',
      'TriggerInvalid 6:62',
      'DurationInvalid 8:12',
      'DefinitionSyntaxError 9:3',
      'DefinitionKeyUnknown 10:3',
    ]);
  });

  test.each([
    ['ScheduledJob', 'jobb: {}\n'],
    ['WorkflowJob', 'type: WorkflowJob\njobb: {}\n'],
    [undefined, 'type: 42\njob: {}\n'],
    [undefined, 'job: "\n'],
  ])('says its type where that could be read: %s', async (type, text) => {
    expect((await check(text)).type).toBe(type);
  });
});

describe('an unknown key', () => {
  test.each([
    ['timezone: UTC', 'did you mean "timeZone"?'],
    ['Triggers: []', 'did you mean "triggers"?'],
    ['descripton: x', 'did you mean "description"?'],
    ['command: [true]', 'write it under "job", indented deeper'],
    ['timeout: 5m', 'write it under "options", indented deeper'],
    ['cron: "0 0 * * *"', 'write it under "triggers", behind "- "'],
    ['toString: x', undefined],
    ['apiVersion: 1', undefined],
  ])('%s is refused, with the hint: %s', async (line, hint) => {
    const [error, ...more] = await errorsOf(`job: {}\n${line}\n`);
    expect(error).toMatchObject({ code: 'DefinitionKeyUnknown', line: 2, column: 1 });
    expect(error?.hint).toBe(hint);
    expect(marked(error ?? { code: '', message: '' })).toBe(line.split(':')[0]);
    expect(more).toEqual([]);
  });
});

describe('a hint', () => {
  test.each([
    ['a map that one key fills', 'options: { retry: 3 }', 'write { limit: 3 }'],
    ['a map that a text fills', 'options: { catchUp: latest }', 'write { policy: latest }'],
    ['a trigger of which only the time is given', 'triggers: [{ daily: "03:00" }]', 'write { at: "03:00" }'],
    ['a trigger that has nothing to say', 'triggers: [{ atStartup: yes }]', 'write {}'],
    ['an empty map', 'triggers:\n  - daily:', 'write its keys below it, indented deeper'],
    ['an expression without its kind', 'triggers:\n  - "0 3 * * *"', 'write cron: "0 3 * * *"'],
    ['a name of an expression without its kind', 'triggers:\n  - "@daily"', 'write cron: "@daily"'],
    ['a duration without its kind', 'triggers:\n  - 10m', 'write every: 10m'],
    ['a list without dashes', 'triggers:\n  every: 10m', 'begin each entry with "- ", in a line of its own'],
    ['a colon without a blank', 'options:\n  timeout:5m', 'write a blank after ":"'],
    ['a misspelt zone', 'timeZone: Europe/Berlim', 'did you mean Europe/Berlin? Else write an IANA name such as Europe/Berlin, America/New_York or UTC'],
    ['a missing word', 'options: { catchUp: { window: 1h } }', 'add policy: skip, latest or all'],
    ['a missing text', 'triggers: [{ daily: {} }]', 'add at: local time of day, or date and time'],
  ])('says how to write %s', async (_, line, hint) => {
    expect(await errorsOf(`job: {}\n${line}\n`)).toMatchObject([{ hint }]);
  });

  test.each(['options: { retry: |\n    3\n  }', `options: { catchUp: ${'x'.repeat(61)} }`, 'triggers: [{ weekly: Monday }]', 'triggers: [often]', 'options: { multipleInstancePolicy: constructor }', 'options: { wakeToRun: toString }'])('is better none than a wild one: %s', async (line) => {
    expect((await errorsOf(`job: {}\n${line}\n`))[0]).not.toHaveProperty('hint');
  });

  test('names the character that only looks like a blank', async () => {
    expect(await errorsOf('job: {}\n\u00a0enabled: true\n')).toMatchObject([{ code: 'DefinitionKeyUnknown', hint: 'it holds U+00A0, which only looks like a blank: type it anew' }]);
  });

  test('says that a bare number has no unit', async () => {
    expect(await errorsOf('job: {}\noptions: { timeout: 30 }\n')).toMatchObject([{ code: 'DurationInvalid', message: 'timeout: "30" is not a duration: the unit is missing' }]);
  });
});

describe('one mistake is one complaint:', () => {
  test.each([
    ['a misspelt mandatory key', 'jobs: {}\n', ['DefinitionKeyUnknown 1:1']],
    ['a misspelt mandatory key of a trigger', 'job: {}\ntriggers:\n  - daily: { att: "03:00" }\n', ['DefinitionKeyUnknown 3:14']],
    ['a misspelt policy', 'job: {}\noptions: { catchUp: { polcy: skip } }\n', ['DefinitionKeyUnknown 2:23']],
  ])('%s', async (_, text, expected) => {
    expect((await errorsOf(text)).map(brief)).toEqual(expected);
  });
});

describe('the place of a value', () => {
  const text = 'type: ScheduledJob\njob:\n  comand: [true, "a b"]\n  environment: { A: 1 }\ntriggers:\n  - every: 5m\n';

  test.each([
    [['job', 'comand'], 'key', '3:3 comand'],
    [['job', 'comand'], 'value', '3:11 [true, "a b"]'],
    [['job', 'comand', 1], 'value', '3:18 "a b"'],
    [['job', 'environment', 'A'], 'value', '4:21 1'],
    [['job', 'environment', 'B'], 'value', '4:3 environment'],
    [['job', 'nothing', 'like', 'this'], 'value', '2:1 job'],
    [['job'], 'key', '2:1 job'],
    [['triggers', 0, 'every'], 'value', '6:12 5m'],
    [['triggers', 7], 'value', '5:1 triggers'],
    [['nothing'], 'value', '1:1 type'],
    [[], 'value', '1:1 type: ScheduledJob'],
  ] as const)('%j by its %s is %s', async (path, at, expected) => {
    const place = (await valid(text)).place?.(path, at) ?? {};
    expect(`${place.line}:${place.column} ${marked({ code: '', message: '', ...place })}`).toBe(expected);
  });

  test('is the value unless the key is asked for', async () => {
    expect((await valid(text)).place?.(['job', 'comand'])).toMatchObject({ line: 3, column: 11 });
  });

  test('behind an alias is where the alias stands', async () => {
    const definition = await valid('job:\n  a: &a x\n  b: *a\n');
    expect(definition.place?.(['job', 'b'])).toMatchObject({ line: 3, column: 6 });
  });
});

describe('a doubtful definition', () => {
  test.each([
    ['description: Ticket #42\njob: {}\n', 'DefinitionValueInvalid 1:21'],
    ['job:\n  scriptBlock: echo #1\n', 'DefinitionValueInvalid 2:21'],
    ['job: {}\ntriggers:\n  - cron: 0 0 * * 1 #2\n', 'DefinitionValueInvalid 3:21'],
    ['job:\n  environment: { API_TOKEN: abc123 }\n', 'DefinitionValueInvalid 2:18'],
    ['job:\n  environment:\n    DB_PASSWORD: abc123\n', 'DefinitionValueInvalid 3:5'],
    ['job:\n  environment:\n    DATABASE_URL: postgres://me:abc123@db/x\n', 'DefinitionValueInvalid 3:5'],
    ['job:\n  environment: { AUTHORIZATION: Bearer abc123 }\n', 'DefinitionValueInvalid 2:18'],
    ['job:\n  command: node backup.mjs\n', 'DefinitionValueInvalid 2:12'],
    ['job:\n  command: "/opt/my tool"\n', 'DefinitionValueInvalid 2:12'],
    ['type: ScheduledJob\njob: { command: echo hi }\n', 'DefinitionValueInvalid 2:17'],
    ['description: “Nightly”\njob: {}\n', 'DefinitionValueInvalid 1:14'],
    ['job: { command: [echo, ‘hi’] }\n', 'DefinitionValueInvalid 1:24'],
  ])('%j is valid with a warning', async (text, expected) => {
    expect((await valid(text)).warnings?.map(brief)).toEqual([expected]);
  });

  test.each([
    'job: {}\nenabled: true # a note\n',
    'job: {}\nenabled: true #note\n',
    'description: "Ticket #42" #note\njob: {}\n',
    'description: C#\njob: {}\n',
    'description: text # a note\njob: {}\n',
    'job: { environment: { API_TOKEN: env:API_TOKEN, PASSWORD_FILE: /run/x, MAX_TOKENS: 5, SECRET: "" } }\n',
    'job: { secrets: { TOKEN: env:TOKEN } }\n',
    'job: { command: backup.sh }\n',
    'type: CrontabJob\njob: { command: echo hi }\n',
    'type: ScheduledJob\njob: { type: CrontabJob, command: echo hi }\n',
    'job: { environment: { URL: "https://db:5432/x", MAIL: "me@host", PWD: /x } }\n',
    'job: { command: [echo, a b] }\n',
    'description: "“Nightly”"\njob: {}\n',
  ])('is not %j', async (text) => {
    expect((await valid(text)).warnings).toBeUndefined();
  });

  test('keeps its warnings when it is wrong too', async () => {
    const found = await check('description: Ticket #42\njobb: {}\n');
    expect(isBroken(found) && found.warnings?.map(brief)).toEqual(['DefinitionValueInvalid 1:21']);
  });
});
