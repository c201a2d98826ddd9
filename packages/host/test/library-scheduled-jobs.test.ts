import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openNightshift } from '../src/library.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

function project(definitions: Readonly<Record<string, string>> = {}) {
  const root = temporaryFolder();
  mkdirSync(join(root, '.git'));
  write(join(root, 'scripts/a.sh'), 'echo "$@"\n');
  for (const [name, text] of Object.entries(definitions)) write(join(root, 'definitions', `${name}.yaml`), text);
  const nightshift = openNightshift({ environment: { NIGHTSHIFT_STATE_DIR: join(root, 'state'), HOME: root, PATH: process.env['PATH'] }, workingDirectory: root, umask: 0o022 });
  onTestFinished(() => nightshift[Symbol.asyncDispose]());
  return { root, nightshift, textOf: (name: string) => readFileSync(join(root, 'definitions', `${name}.yaml`), 'utf8') };
}

describe('a program', () => {
  test('registers what it would start, with triggers and options as a file says them', async () => {
    const { nightshift, textOf } = project();
    const made = await nightshift.registerScheduledJob('Report', { filePath: 'scripts/a.sh' }, {
      argumentList: ['x', 7, true], environment: { KEEP: 7 }, workingDirectory: '.', triggers: [{ daily: { at: '03:00' } }, { every: '10m' }], scheduledJobOption: { timeout: '5m' }, runEvery: 3_600_000, maxResultCount: 3,
    });
    expect(made).toMatchObject({ id: 1, name: 'Report', enabled: true, maxResultCount: 3, triggers: [{ id: 1, kind: 'daily' }, { id: 2, every: '10m' }, { id: 3, repetitionInterval: '1h' }], options: { timeout: '5m' } });
    expect(textOf('Report')).toContain('job:\n  filePath: ../scripts/a.sh\n  argumentList: [x, 7, true]\n  workingDirectory: ..\n  environment: { KEEP: "7" }\ntriggers:\n  - daily: { at: "03:00" }\n');
  });

  test('changes only what it names, and takes back what it said of options by what it gets', async () => {
    const { nightshift, textOf } = project({ A: '# mine\njob: { scriptBlock: echo a, shell: bash }\noptions: { timeout: 5m }\n' });
    const [changed] = await nightshift.setScheduledJob('A', { what: ['make', 'all'], newName: 'B' });
    expect(changed).toMatchObject({ name: 'B', command: 'make all', options: { timeout: '5m' } });
    const options = await nightshift.newScheduledJobOption({ multipleInstancePolicy: 'Queue' });
    await nightshift.setScheduledJob('B', { scheduledJobOption: options });
    expect(textOf('B')).toMatch(/^# mine\njob: \{ .*command: \[make, all\].* \}\noptions:.*multipleInstancePolicy: Queue/s);
    expect(textOf('B')).not.toContain('timeout');
  });

  test('enables, disables and unregisters, and gets the definitions as they are then', async () => {
    const { root, nightshift } = project({ A: 'job: { command: [x] }\n', B: 'job: { command: [x] }\n' });
    expect((await nightshift.disableScheduledJob('*')).map(({ enabled }) => enabled)).toEqual([false, false]);
    expect(await nightshift.enableScheduledJob(2)).toMatchObject([{ name: 'B', enabled: true }]);
    await nightshift.unregisterScheduledJob(['A']);
    expect((await nightshift.getScheduledJobs()).map(({ name }) => name)).toEqual(['B']);
    expect(readdirSync(join(root, 'definitions'))).toEqual(['B.yaml']);
  });

  test('runs a definition now, and learns why it is not run', async () => {
    const { nightshift } = project({ Off: 'job: { command: [x] }\nenabled: false\n', On: 'job: { command: [echo, hi] }\noptions: { startIfOnBatteries: true }\n' });
    await nightshift.setScheduledJob('On', { runNow: true });
    expect(await nightshift.waitJob('On')).toMatchObject([{ state: 'Completed', type: 'ScheduledJob', origin: { kind: 'demand', runNow: true } }]);
    expect(await complaintOf(() => nightshift.setScheduledJob('Off', { runNow: true }))).toMatchObject({ code: 'RunNowNotAllowed' });
  });
});

describe('what a program says wrongly', () => {
  const wrong: readonly (readonly [string, string, (nightshift: ReturnType<typeof project>['nightshift']) => Promise<unknown>])[] = [
    ['an argument that is no text', 'CannotSerializeDataWhenRegisteringScheduledJobDefinition', (n) => n.registerScheduledJob('N', { scriptBlock: 'x' }, { argumentList: [{} as string] })],
    ['a script that is not there', 'InvalidFilePathParameterForRegisterScheduledJobDefinition', (n) => n.registerScheduledJob('N', { filePath: 'gone.sh' })],
    ['no result at all', 'InvalidMaxResultCountParameterForRegisterScheduledJobDefinition', (n) => n.registerScheduledJob('N', ['x'], { maxResultCount: 0 })],
    ['another definition', 'AmbiguousParameterSet', (n) => n.registerScheduledJob('N', { definitionName: 'M' } as never)],
    ['a misspelt option', 'NamedParameterNotFound', (n) => n.registerScheduledJob('N', ['x'], { trigger: {} } as never)],
    ['a trigger without a time', 'TriggerInvalid', (n) => n.registerScheduledJob('N', ['x'], { triggers: { daily: {} } })],
    ['a name with a slash', 'InvalidDefinitionName', (n) => n.registerScheduledJob('a/b', ['x'])],
    ['an interval below a minute', 'ParameterArgumentValidationError', (n) => n.registerScheduledJob('N', ['x'], { runEvery: 30_000 })],
    ['nobody', 'MissingMandatoryParameter', (n) => n.unregisterScheduledJob(undefined as never)],
    ['a name that is not there', 'ScheduledJobDefinitionNotFoundByName', (n) => n.setScheduledJob('Gone', { description: 'x' })],
    ['history and something else', 'AmbiguousParameterSet', (n) => n.setScheduledJob('Other', { clearExecutionHistory: true, description: 'x' })],
  ];

  test.each(wrong)('%s is %s, and nothing is made', async (_what, code, act) => {
    const { root, nightshift } = project({ Other: 'job: { command: [x] }\n' });
    expect(await complaintOf(() => act(nightshift))).toMatchObject({ code });
    expect(readdirSync(join(root, 'definitions'))).toEqual(['Other.yaml']);
    expect(existsSync(join(root, 'state/jobs.db'))).toBe(false);
  });
});
