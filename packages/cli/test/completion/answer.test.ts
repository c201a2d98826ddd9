import { describe, expect, test } from 'vitest';
import { askedBy } from '../../src/completion/answer.ts';

describe('bash is answered what replaces the part that it tells', () => {
  test.each([
    ['get-job ', '', 'My build', String.raw`My\ build`],
    ['get-job My', 'My', 'My build', String.raw`My\ build`],
    ['get-job "My', 'My', 'My build', 'My build'],
    ["get-job 'My", 'My', 'My build', 'My build'],
    [String.raw`get-job My\ b`, String.raw`My\ b`, 'My build', String.raw`My\ build`],
    ['get-job --state=Ru', 'Ru', '--state=Running', 'Running'],
    ['get-job --name="My', 'My', '--name=My build', 'My build'],
    ['get-job --name=a:b', 'b', '--name=a:b c', String.raw`b\ c`],
    ['get-job "a$', 'a$', 'a$(x)', String.raw`a\$(x)`],
    ["get-job it", 'it', "it's", String.raw`it\'s`],
  ])('%j, of it %j: %j is written %j', (line, replaced, value, written) => {
    expect(askedBy('bash', [line, replaced]).write({ value, note: 'never said' })).toBe(written);
  });

  test('and is understood without its quotes', () => {
    expect(askedBy('bash', ['start-job --name "a b" --sta', '--sta']).words).toEqual(['start-job', '--name', 'a b', '--sta']);
  });
});

test.each(['zsh', 'fish'] as const)('%s is answered the plain text and a note: it quotes for itself', (shell) => {
  const { words, write } = askedBy(shell, ['get-job', 'My']);
  expect(words).toEqual(['get-job', 'My']);
  expect(write({ value: 'My build', note: 'job 7, Running' })).toBe('My build\tjob 7, Running');
});

test.each([
  ['Build', 'Build'], ['--state', '--state'], ['--state=Running', '--state=Running'], ['My build', "'My build'"], ["it's", "'it''s'"], ['$(x)', "'$(x)'"], ['`x', "'`x'"], ['a;b', "'a;b'"], ['a,b', "'a,b'"],
  ['\u2019; x', "'\u2019\u2019; x'"], ['日本', '日本'],
])('PowerShell is answered %j as %s', (value, written) => {
  expect(askedBy('powershell', []).write({ value, note: 'n' })).toBe(`${written}\tn`);
});
