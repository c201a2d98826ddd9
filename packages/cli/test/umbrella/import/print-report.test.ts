import { expect, test } from 'vitest';
import { printReport } from '../../../src/umbrella/import/print-report.ts';
import { printed } from '../../printed.ts';

test('what is said of several definitions in the same words is one line, at the first place', async () => {
  const line = (definition: string | null, place: string) => ({ definition, place, severity: 'lost', text: 't' }) as const;
  const { out, error } = await printed(() => printReport([line('a', 'f:1'), line('b', 'f:2'), line('a', 'f:3'), line('c', 'f:4'), line('d', 'f:5'), line('e', 'f:6')]));
  expect([out, error]).toEqual(['', 'f:1: lost: a, b, c and 2 more: t\n']);
});

test('what is said of none is a line without names, and nothing in it moves the cursor', async () => {
  const { error } = await printed(() => printReport([{ definition: null, place: 'f\u001b[2J:1', severity: 'note', text: 'a\nb' }]));
  expect(error).toBe('f\\x1b[2J:1: note: a\\nb\n');
});
