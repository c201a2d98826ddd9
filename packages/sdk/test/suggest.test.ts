import { describe, expect, test } from 'vitest';
import { asciiLower, suggest } from '@nightshift/sdk';

describe('a suggestion for a misspelt word', () => {
  test.each([
    ['comand', ['scriptBlock', 'command'], 'command'],
    ['bsah', ['pwsh', 'bash'], 'bash'],
    ['Nigthly', ['Weekly', 'Nightly'], 'Nightly'],
    ['definiton-name', ['definition-path', 'definition-name'], 'definition-name'],
    ['TIMEZONE', ['timeZone'], 'timeZone'],
    ['catchup', ['catchUp', 'catch'], 'catchUp'],
    ['filepth', ['literalPath', 'filePath'], 'filePath'],
    ['command', ['comand', 'command'], 'command'],
    ['start', ['stop-job', 'start-job'], 'start-job'],
  ])('%s: of %j it is %s', (word, candidates, nearest) => {
    expect(suggest(word, candidates)).toBe(nearest);
  });

  test.each([
    ['nothing', []],
    ['xyz', ['command', 'scriptBlock']],
    ['retention', ['command', 'environment']],
    ['', ['command']],
    ['co', ['command']],
    ['c'.repeat(101), ['c'.repeat(101)]],
  ])('%s: of %j it is none', (word, candidates) => {
    expect(suggest(word, candidates)).toBeUndefined();
  });

  test('takes any iterable of candidates', () => {
    expect(suggest('comand', new Set(['command']))).toBe('command');
  });
});

test('lower case is that of ASCII: a dotted I and the sign for Kelvin stay as they are', () => {
  expect(asciiLower('IK\u0130\u0131\u212Aß')).toBe('ik\u0130\u0131\u212Aß');
});
