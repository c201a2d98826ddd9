import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openNightshift, type Nightshift } from '../src/index.ts';
import { complaintOf, temporaryFolder, write } from './folder.ts';

const BACKUP = 'job:\n  command: [echo, hi]\ntriggers:\n  - daily: { at: "03:00" } # at night\n';

function open(): Nightshift & { readonly root: string; read(): string; readonly warnings: string[] } {
  const root = temporaryFolder();
  const warnings: string[] = [];
  write(join(root, 'definitions/Backup.yaml'), BACKUP);
  const environment = { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: join(root, 'state'), TZ: 'UTC' };
  return { ...openNightshift({ environment, workingDirectory: root, warn: ({ code }) => void warnings.push(code) }), root, warnings, read: () => readFileSync(join(root, 'definitions/Backup.yaml'), 'utf8') };
}

describe('triggers of definitions, from a program,', () => {
  test('are described, added, changed, disabled and removed', async () => {
    const nightshift = open();
    const trigger = await nightshift.newJobTrigger({ Frequency: 'Weekly', At: '11 PM', DaysOfWeek: ['Monday'] });
    expect(trigger).toMatchObject({ id: 0, kind: 'weekly', at: '23:00', daysOfWeek: ['Monday'], definition: null });
    expect(await nightshift.addJobTrigger('Backup', [trigger, { atStartup: {} }])).toMatchObject([{ id: 2, kind: 'weekly', definition: 'Backup' }, { id: 3, kind: 'atStartup' }]);
    expect(await nightshift.setJobTrigger('Backup', { daysOfWeek: [1, 'friday'], weeksInterval: 2 }, { triggerIds: [2] })).toMatchObject([{ id: 2, daysOfWeek: ['Monday', 'Friday'], weeksInterval: 2, at: '23:00' }]);
    expect(await nightshift.setJobTrigger('Backup', { cron: '0 3 * * *' }, { triggerIds: [3] })).toMatchObject([{ id: 3, kind: 'cron', cron: '0 3 * * *' }]);
    await nightshift.disableJobTrigger('Back*');
    expect(await nightshift.enableJobTrigger(1, { triggerIds: [1] })).toMatchObject([{ id: 1, enabled: true }]);
    expect((await nightshift.getJobTriggers()).map(({ id, enabled }) => [id, enabled])).toEqual([[1, true], [2, false], [3, false]]);
    expect(await nightshift.removeJobTrigger('Backup', { triggerIds: [2, 3] })).toMatchObject([{ id: 2 }, { id: 3 }]);
    expect(nightshift.read()).toBe(`${BACKUP}    enabled: true\n`);
  });

  test('warn through the function that the program gave', async () => {
    const nightshift = open();
    await nightshift.addJobTrigger('Backup', { once: { at: '2020-01-01T00:00' } });
    expect(nightshift.warnings).toEqual(['TriggerInPast']);
  });

  test.each([
    ['a trigger that is none', (nightshift: Nightshift) => nightshift.newJobTrigger({ dayly: {} }), 'TriggerInvalid'],
    ['a text', (nightshift: Nightshift) => nightshift.newJobTrigger('daily' as never), 'ParameterArgumentTransformationError'],
    ['no trigger', (nightshift: Nightshift) => nightshift.addJobTrigger('Backup', []), 'MissingMandatoryParameter'],
    ['no definition', (nightshift: Nightshift) => nightshift.removeJobTrigger(undefined as never), 'MissingMandatoryParameter'],
    ['a definition that nobody knows', (nightshift: Nightshift) => nightshift.disableJobTrigger('Nope'), 'ScheduledJobDefinitionNotFoundByName'],
    ['a trigger that is not there', (nightshift: Nightshift) => nightshift.getJobTriggers('Backup', { triggerIds: [9] }), 'ScheduledJobTriggerNotFound'],
    ['an option that nobody knows', (nightshift: Nightshift) => nightshift.getJobTriggers('Backup', { triggerId: 1 } as never), 'NamedParameterNotFound'],
    ['a broken rule', (nightshift: Nightshift) => nightshift.setJobTrigger('Backup', { user: 'bob' }), 'SetJobTriggerParameterValidationError'],
    ['a kind that nobody knows', (nightshift: Nightshift) => nightshift.setJobTrigger('Backup', { kind: 'hourly' }), 'SetJobTriggerParameterValidationError'],
    ['options that are wrong', (nightshift: Nightshift) => nightshift.setScheduledJobOption('Backup', { idleTimeout: -5 }), 'DurationInvalid'],
    ['an option of nobody', (nightshift: Nightshift) => nightshift.newScheduledJobOption({ wake: true }), 'ParameterArgumentValidationError'],
  ])('are refused with the code of the command line: %s', async (_, act, code) => {
    const nightshift = open();
    expect(await complaintOf(() => act(nightshift))).toMatchObject({ code });
    expect(nightshift.read()).toBe(BACKUP);
  });
});

test('options of definitions are read and changed from a program', async () => {
  const nightshift = open();
  expect(await nightshift.newScheduledJobOption({ RequireNetwork: true })).toMatchObject({ runWithoutNetwork: false, idleDuration: '10m' });
  expect(await nightshift.setScheduledJobOption('Backup', { wakeToRun: true, retry: { limit: 2 } })).toMatchObject([{ definition: 'Backup', wakeToRun: true, retry: { limit: 2, delay: '10s' } }]);
  expect(nightshift.read()).toBe(`${BACKUP}options:\n  wakeToRun: true\n  retry: { limit: 2 }\n`);
  expect(await nightshift.getScheduledJobOptions()).toMatchObject([{ definition: 'Backup', wakeToRun: true }]);
});
