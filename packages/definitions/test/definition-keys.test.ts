import { describe, expect, test } from 'vitest';
import { DEFINITION_KEYS, type Keys, OPTION_KEYS, TRIGGER_KEYS, TRIGGER_KINDS, type ValueRule } from '../src/index.ts';
import { brief, errorsOf, valid } from './folder.ts';

const withOptions = (lines: string): string => `job: {}\noptions:\n  ${lines}\n`;
const optionsOf = async (lines: string): Promise<unknown> => (await valid(withOptions(lines))).options;

describe('an option', () => {
  test.each([
    'multipleInstancePolicy: IgnoreNew',
    'multipleInstancePolicy: Parallel',
    'multipleInstancePolicy: Queue',
    'multipleInstancePolicy: StopExisting',
    'maxParallel: 1',
    'queueLimit: 1',
    'catchUp: { policy: skip }',
    'catchUp: { policy: latest, window: 1h }',
    'catchUp: { policy: all, window: 24h, limit: 100 }',
    'timeout: 2h',
    'timeout: PT15M',
    'timeout: 1h30m',
    'timeout: 0',
    'timeout: "0"',
    'gracePeriod: 500ms',
    'retry: {}',
    'retry: { limit: 0 }',
    'retry: { limit: 2, delay: 10s, factor: 1.5, maxDelay: 10m, onInterrupted: true }',
    'doNotAllowDemandStart: true',
    'runWithoutNetwork: false',
    'startIfOnBatteries: true',
    'stopIfGoingOnBatteries: false',
    'startIfNotIdle: false',
    'idleDuration: 10m',
    'idleTimeout: 1h',
    'stopIfGoingOffIdle: true',
    'restartOnIdleResume: true',
    'wakeToRun: true',
    'showInTaskScheduler: false',
    'runElevated: false',
    'onUnknownCondition: run',
    'onUnknownCondition: skip',
    'outputLimit: 200MB',
    'route: linux+gpu',
    'cap: { key: licence, limit: 2 }',
    'outputLimit: 1.5 GiB',
  ])('%s is accepted', async (line) => {
    await expect(optionsOf(line)).resolves.toBeDefined();
  });

  test.each([
    ['multipleInstancePolicy: None', 'DefinitionValueInvalid 3:27'],
    ['multipleInstancePolicy: Foo', 'DefinitionValueInvalid 3:27'],
    ['multipleInstancePolicy: 2', 'DefinitionValueInvalid 3:27'],
    ['maxParallel: 0', 'DefinitionValueInvalid 3:16'],
    ['queueLimit: -1', 'DefinitionValueInvalid 3:15'],
    ['queueLimit: 1.5', 'DefinitionValueInvalid 3:15'],
    ['catchUp: latest', 'DefinitionValueInvalid 3:12'],
    ['catchUp: { window: 1h }', 'DefinitionKeyMissing 3:3'],
    ['catchUp: { policy: newest }', 'DefinitionValueInvalid 3:22'],
    ['catchUp: { policy: all, limit: 0 }', 'DefinitionValueInvalid 3:34'],
    ['catchUp: { policy: all, windw: 1h }', 'DefinitionKeyUnknown 3:27'],
    ['retry: { limit: -1 }', 'DefinitionValueInvalid 3:19'],
    ['retry: { limit: 1e9 }', 'DefinitionValueInvalid 3:19'],
    ['retry: { factor: 0 }', 'DefinitionValueInvalid 3:20'],
    ['retry: { factor: .nan }', 'DefinitionValueInvalid 3:20'],
    ['retry: { delay: 10 }', 'DurationInvalid 3:19'],
    ['retry: { onInterrupted: on }', 'DefinitionValueInvalid 3:27'],
    ['wakeToRun: yes', 'DefinitionValueInvalid 3:14'],
    ['runElevated: true', 'RunElevatedNotSupported 3:16'],
    ['onUnknownCondition: wait', 'DefinitionValueInvalid 3:23'],
    ['route: g pu', 'DefinitionValueInvalid 3:10'],
    ["route: ''", 'DefinitionValueInvalid 3:10'],
    ['cap: { limit: 2 }', 'DefinitionKeyMissing 3:3'],
    ['cap: { key: licence, limit: 0 }', 'DefinitionValueInvalid 3:31'],
    ['outputLimit: 200', 'DefinitionValueInvalid 3:16'],
    ['outputLimit: 0MB', 'DefinitionValueInvalid 3:16'],
    ['idleDuration: -1s', 'DurationInvalid 3:17'],
    ['colour: red', 'DefinitionKeyUnknown 3:3'],
  ])('%s is refused with %s', async (line, expected) => {
    expect((await errorsOf(withOptions(line))).map(brief)).toEqual([expected]);
  });

  test.each(['90', '"1:30"', '-1s', '.inf', '-.inf', '.nan', '1e400', '1e400s', '"90"', '1y', '"5 m"', 'true', '[5m]', '', "''"])('timeout: %s is no duration, and the forms are listed', async (value) => {
    const [error] = await errorsOf(withOptions(`timeout: ${value}`));
    expect(error).toMatchObject({ code: 'DurationInvalid', line: 3 });
    expect(`${error?.message} ${error?.hint}`).toMatch(/90s, 5m/);
  });

  test('a wrong policy lists the four', async () => {
    const [error] = await errorsOf(withOptions('multipleInstancePolicy: Foo'));
    expect(error?.message).toBe('multipleInstancePolicy: expected IgnoreNew, Parallel, Queue or StopExisting, not "Foo"');
  });

  test("PowerShell's policy None has the hint IgnoreNew", async () => {
    expect((await errorsOf(withOptions('multipleInstancePolicy: none')))[0]?.hint).toContain('IgnoreNew');
  });

  test.each([
    ['multipleInstancePolicy: ignorenew', { multipleInstancePolicy: 'IgnoreNew' }],
    ['multipleInstancePolicy: STOPEXISTING', { multipleInstancePolicy: 'StopExisting' }],
    ['catchUp: { policy: Latest }', { catchUp: { policy: 'latest' } }],
    ['onUnknownCondition: Skip', { onUnknownCondition: 'skip' }],
  ])('%s is read without regard to case', async (line, options) => {
    expect(await optionsOf(line)).toEqual(options);
  });

  test.each([
    ['requireNetwork: true', { runWithoutNetwork: false }],
    ['requireNetwork: false', { runWithoutNetwork: true }],
    ['startIfOnBattery: true', { startIfOnBatteries: true }],
    ['continueIfGoingOnBattery: true', { stopIfGoingOnBatteries: false }],
    ['startIfIdle: true', { startIfNotIdle: false }],
    ['hideInTaskScheduler: true', { showInTaskScheduler: false }],
  ])("%s, PowerShell's parameter, becomes the property", async (line, options) => {
    expect(await optionsOf(line)).toEqual(options);
  });

  test.each([
    ['requireNetwork: true\n  runWithoutNetwork: false'],
    ['startIfOnBatteries: true\n  startIfOnBattery: true'],
    ['stopIfGoingOnBatteries: true\n  continueIfGoingOnBattery: false'],
    ['startIfNotIdle: false\n  startIfIdle: true'],
    ['showInTaskScheduler: true\n  hideInTaskScheduler: true'],
  ])('in both spellings is refused: %j', async (lines) => {
    expect((await errorsOf(withOptions(lines))).map(brief)).toEqual(['DefinitionKeysExclusive 4:3']);
  });
});

describe('the table of keys', () => {
  const tables: readonly (readonly [string, Keys])[] = [['definition', DEFINITION_KEYS], ['options', OPTION_KEYS], ['trigger', TRIGGER_KEYS], ['kinds', TRIGGER_KINDS]];

  test('is data, from which a schema can be made', () => {
    expect(JSON.parse(JSON.stringify(tables))).toEqual(tables);
  });

  test('names no key that YAML 1.1 would read as a boolean', () => {
    for (const [, keys] of tables) expect(allNames(keys).filter((name) => /^(?:on|off|yes|no|y|n)$/i.test(name))).toEqual([]);
  });

  test("lets PowerShell's spellings mean keys that exist", () => {
    for (const rule of Object.values(OPTION_KEYS)) if (rule.means !== undefined) expect(OPTION_KEYS).toHaveProperty(rule.means.key);
  });
});

function allNames(keys: Keys): readonly string[] {
  return Object.entries(keys).flatMap(([name, { value }]) => [name, ...below(value)]);
}

function below(rule: ValueRule): readonly string[] {
  if (rule.is === 'map') return allNames(rule.keys);
  return rule.is === 'list' ? below(rule.of) : [];
}
