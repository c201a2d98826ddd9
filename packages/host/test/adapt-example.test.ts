import { editYaml } from '@nightshift/definitions';
import { describe, expect, test } from 'vitest';
import { adaptExample, type NewPlace } from '../src/adapt-example.ts';

const TEXT = `# yaml-language-server: $schema=../node_modules/nightshift/scheduled-job.schema.json
# Nightly: an archive.
# When: Nightly is what you want; NightlyBuild is something else.
type: ScheduledJob
description: Nightly snapshot
job:
  filePath: scripts/Nightly.mjs
  workingDirectory: ..
  # see "nightshift next Nightly"
triggers: [] # of Nightly
`;

const adapted = (place: Partial<NewPlace>) => adaptExample(TEXT, 'Nightly', { name: 'Mine', schema: undefined, projectRoot: '..', ...place }, editYaml).split('\n');

describe('an example in its new place', () => {
  test('has its new name in every comment, and in comments alone', () => {
    expect(adapted({})).toEqual([
      '# Mine: an archive.',
      '# When: Mine is what you want; NightlyBuild is something else.',
      'type: ScheduledJob',
      'description: Nightly snapshot',
      'job:',
      '  filePath: scripts/Nightly.mjs',
      '  workingDirectory: ..',
      '  # see "nightshift next Mine"',
      'triggers: [] # of Mine',
      '',
    ]);
  });

  test('names the schema as it is reached from there', () => {
    expect(adapted({ schema: '../../node_modules/nightshift/scheduled-job.schema.json' })[0]).toBe('# yaml-language-server: $schema=../../node_modules/nightshift/scheduled-job.schema.json');
    expect(adapted({})[0]).toBe('# Mine: an archive.');
  });

  test.each(['.', '../..'])('works in the root of its project, which is %s', (projectRoot) => {
    const lines = adapted({ projectRoot });
    expect(lines[6]).toMatch(new RegExp(`^  workingDirectory: "?${projectRoot.replaceAll('.', String.raw`\.`)}"?$`));
    expect(lines[8]).toBe('triggers: [] # of Mine');
  });

  test('is not harmed by a name that means something in a replacement', () => {
    expect(adapted({ name: 'A-1.2_b' })[0]).toBe('# A-1.2_b: an archive.');
  });
});
