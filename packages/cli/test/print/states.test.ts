import { JOB_STATES } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { cellsOf } from '../../src/print/cells.ts';
import { STATE_LOOKS } from '../../src/print/states.ts';

test('every state has a symbol of its own, one cell wide, and a colour', () => {
  const symbols = JOB_STATES.map((state) => STATE_LOOKS[state][0]);
  expect(new Set(symbols).size).toBe(11);
  expect(symbols.map(cellsOf)).toEqual(symbols.map(() => 1));
  for (const state of JOB_STATES) expect(STATE_LOOKS[state][1]).toMatch(/^[a-z]+$/);
});
