import { editYaml } from '@nightshift/definitions';
import { describe, expect, test } from 'vitest';
import { editsOf, everySo, newDefinition, type DefinitionValues } from '../../src/scheduled-jobs/changes.ts';

const FOLDER = '/project/definitions';

/** What is left of a `job:` after a change. */
function changed(job: Readonly<Record<string, unknown>>, values: DefinitionValues): unknown {
  const text = editYaml(JSON.stringify({ job }), editsOf(values, FOLDER, { job }));
  return (JSON.parse(text) as { job: unknown }).job;
}

describe('a change of a definition', () => {
  test.each<[string, Record<string, unknown>, DefinitionValues, Record<string, unknown>]>([
    ['another text keeps its shell and loses the arguments', { scriptBlock: 'a', shell: 'bash', argumentList: ['x'] }, { body: { scriptBlock: 'b' } }, { scriptBlock: 'b', shell: 'bash' }],
    ['arguments that come with it stay', { scriptBlock: 'a', argumentList: ['x'] }, { body: { scriptBlock: 'b' }, argumentList: ['y'] }, { scriptBlock: 'b', argumentList: ['y'] }],
    ['a file takes the place of a text and of its shell', { scriptBlock: 'a', shell: 'bash' }, { body: { filePath: '/project/b.py' } }, { filePath: '../b.py' }],
    ['a program takes the place of a file and of its runtime', { filePath: 'a.mjs', runtime: 'node@22', argumentList: [1] }, { body: { command: ['make', 'all'] } }, { command: ['make', 'all'] }],
    ['a shell that an initialization script needs stays', { scriptBlock: 'a', shell: 'bash', initializationScript: 'i' }, { body: { command: ['x'] } }, { command: ['x'], shell: 'bash', initializationScript: 'i' }],
    ['a cleared initialization script is gone', { scriptBlock: 'a', initializationScript: 'i' }, { initializationScript: '' }, { scriptBlock: 'a' }],
    ['one variable more leaves the others', { scriptBlock: 'a', environment: { A: 1 } }, { environment: { B: '2' } }, { scriptBlock: 'a', environment: { A: 1, B: '2' } }],
    ['another folder', { scriptBlock: 'a' }, { workingDirectory: '/project' }, { scriptBlock: 'a', workingDirectory: '..' }],
    ['the folder of the file itself', { scriptBlock: 'a' }, { workingDirectory: FOLDER }, { scriptBlock: 'a', workingDirectory: '.' }],
    ['nothing at all', { scriptBlock: 'a', shell: 'bash' }, {}, { scriptBlock: 'a', shell: 'bash' }],
  ])('%s', (_what, job, values, wanted) => {
    expect(changed(job, values)).toEqual(wanted);
  });

  test('empty triggers, options and descriptions are no longer there', () => {
    const old = { job: { scriptBlock: 'a' }, description: 'x', triggers: [{ every: '1h' }], options: { timeout: '1h' } };
    expect(JSON.parse(editYaml(JSON.stringify(old), editsOf({ description: '', triggers: [], options: {} }, FOLDER, old)))).toEqual({ job: { scriptBlock: 'a' } });
  });
});

test('a new definition says what was given, in the order of our examples, and nothing else', () => {
  const made = newDefinition({ maxResultCount: 3, triggers: [{ every: '1h' }], body: { scriptBlock: 'a' }, description: 'x', timeZone: 'UTC' }, FOLDER);
  expect(JSON.stringify(made)).toBe('{"type":"ScheduledJob","description":"x","timeZone":"UTC","job":{"scriptBlock":"a"},"triggers":[{"every":"1h"}],"maxResultCount":3}');
});

test('an interval begins now, in the zone of the definition', () => {
  expect(everySo('1h', new Date('2027-01-01T00:00:00Z'), 'Europe/Berlin')).toEqual({ once: { at: '2027-01-01T01:00:00+01:00', repetitionInterval: '1h', repeatIndefinitely: true } });
});
