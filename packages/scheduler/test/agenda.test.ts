import { expect, test } from 'vitest';
import { createAgenda } from '../src/agenda.ts';

function filled() {
  const agenda = createAgenda<string>();
  for (const [instant, item] of [[30, 'c'], [10, 'a'], [20, 'b'], [10, 'A']] as const) agenda.put(instant, item);
  return agenda;
}

test('what is due comes earliest first, and of one instant in the order in which it was put', () => {
  const agenda = filled();
  expect(agenda.next()).toBe(10);
  expect(agenda.takeDue(9)).toEqual([]);
  expect(agenda.takeDue(20)).toEqual(['a', 'A', 'b']);
  expect(agenda.next()).toBe(30);
  expect(agenda.takeDue(Infinity)).toEqual(['c']);
  expect(agenda.next()).toBe(Infinity);
});

test('everything can be moved at once', () => {
  const agenda = filled();
  agenda.shift(-15);
  expect(agenda.next()).toBe(-5);
  expect(agenda.takeDue(5)).toEqual(['a', 'A', 'b']);
});
