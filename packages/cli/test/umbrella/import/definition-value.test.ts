import { expect, test } from 'vitest';
import { definitionParts } from '../../../src/umbrella/import/definition-value.ts';
import type { Draft } from '../../../src/umbrella/import/draft.ts';

const draft = (remarks: Draft['remarks']): Draft => ({ names: ['x'], place: 'f:1', job: { command: ['true'], environment: { A: '1' } }, triggers: [], options: {}, remarks });
const commentsOf = (...remarks: Draft['remarks']) => definitionParts(draft(remarks)).comments;

test('a remark stands before the key that it is about', () => {
  expect(commentsOf({ severity: 'note', place: 'f:2', text: 'n', at: 'job.environment' }).before).toEqual({ 'job.environment': ['n'] });
});

test.each([
  ['job.secrets', 'job'],
  ['job.environment.B', 'job.environment'],
])('one about %s, which is not there, stands before %s', (at, key) => {
  expect(Object.keys(commentsOf({ severity: 'note', place: 'f:2', text: 'n', at }).before)).toEqual([key]);
});

test('one about nothing that is there stands at the top', () => {
  expect(commentsOf({ severity: 'note', place: 'f:2', text: 'n', at: 'maxResultCount' }, { severity: 'note', place: 'f:2', text: 'm' }).header).toEqual(['Imported from f:1.', 'n', 'm']);
});

test('what is lost says so, and why the definition is off', () => {
  expect(commentsOf({ severity: 'lost', place: 'f:2', text: 'gone', at: 'job' }).before).toEqual({ job: ['Lost: gone'], enabled: ['Off because of what is lost. Look at that, then write true.'] });
});

test('a lost trigger has a place even when no other is left', () => {
  const { value, comments } = definitionParts(draft([{ severity: 'trigger-lost', place: 'f:2', text: 'gone', at: 'triggers' }]));
  expect([value['triggers'], comments.before['triggers']]).toEqual([[], ['Lost: gone']]);
});

test('the same is said once', () => {
  const remark = { severity: 'note', place: 'f:2', text: 'twice', at: 'job' } as const;
  expect(commentsOf(remark, { ...remark, place: 'f:9' }).before).toEqual({ job: ['twice'] });
});

test('long remarks are wrapped', () => {
  expect(commentsOf({ severity: 'note', place: 'f:2', text: 'word '.repeat(40).trim() }).header.every((line) => line.length <= 100)).toBe(true);
});
