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
    ['strat-job', ['start-thread-job', 'stop-job', 'start-job'], 'start-job'],
    ['get-jobs', ['get-job-type', 'get-job'], 'get-job'],
    ['definitionName', ['definition-path', 'definition-name'], 'definition-name'],
    ['definition_name', ['definition-path', 'definition-name'], 'definition-name'],
    ['ids', ['id', 'instance-id'], 'id'],
    ['AND', ['and', 'end'], 'and'],
    ['OR', ['or'], 'or'],
    ['get-job-list', ['stop-job', 'get-job'], 'get-job'],
    ['nightlybackup', ['Night', 'Nightly'], 'Nightly'],
  ])('%s: of %j it is %s', (word, candidates, nearest) => {
    expect(suggest(word, candidates)).toBe(nearest);
  });

  test.each([
    ['nothing', []],
    ['xyz', ['command', 'scriptBlock']],
    ['retention', ['command', 'environment']],
    ['', ['command']],
    ['co', ['command']],
    ['ab', ['ac', 'a', 'abc']],
    ['x', ['a', 'b']],
    ['idea', ['id']],
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
