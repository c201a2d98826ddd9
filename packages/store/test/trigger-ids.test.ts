import { expect, test } from 'vitest';
import { clock, decision, KEY } from './firing-plans.ts';
import { openBook, temporaryFolder } from './folder.ts';

test('an id that was given once is not given again, whatever became of its trigger', async () => {
  const root = temporaryFolder();
  {
    const { firings } = openBook(root);
    expect(await firings.nextTriggerIds(KEY, [], 2)).toEqual([1, 2]);
    expect(await firings.nextTriggerIds(KEY, [1], 1)).toEqual([3]);
  }
  const { firings } = openBook(root);
  expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([4]);
  expect(await firings.nextTriggerIds('p/other', [], 1)).toEqual([1]);
});

test('ids that a person wrote by hand count, and with none to give they are remembered', async () => {
  const { firings } = openBook();
  expect(await firings.nextTriggerIds(KEY, [7, 3], 0)).toEqual([]);
  expect(await firings.nextTriggerIds(KEY, [3], 2)).toEqual([8, 9]);
});

test('triggers that the scheduler has known count until the first id is given', async () => {
  const { firings } = openBook();
  await firings.fire([decision([], [{ to: clock({ triggerId: 5 }) }])]);
  expect(await firings.nextTriggerIds(KEY, [], 1)).toEqual([6]);
});

test('after all triggers were removed numbering begins at 1, though their clocks may still stand', async () => {
  const { firings } = openBook();
  await firings.fire([decision([], [{ to: clock({ triggerId: 5 }) }])]);
  await firings.nextTriggerIds(KEY, [], 1);
  await firings.forgetTriggerIds(KEY);
  expect(await firings.nextTriggerIds(KEY, [], 2)).toEqual([1, 2]);
});
