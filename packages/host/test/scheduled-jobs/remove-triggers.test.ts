import { describe, expect, test } from 'vitest';
import { editYaml } from '@nightshift/definitions';
import { removals } from '../../src/scheduled-jobs/remove-triggers.ts';

const left = (entries: readonly Record<string, unknown>[], ids: readonly number[]): unknown =>
  (JSON.parse(editYaml(JSON.stringify({ triggers: entries }), removals(entries, ids))) as { triggers: unknown }).triggers;

describe('triggers that stay', () => {
  test.each([
    ['behind a gap get their ids written', [{ a: 1 }, { a: 2 }, { a: 3 }], [2], [{ a: 1 }, { a: 3, id: 3 }]],
    ['before it need none', [{ a: 1 }, { a: 2 }, { a: 3 }], [3], [{ a: 1 }, { a: 2 }]],
    ['keep those that are written', [{ a: 1, id: 9 }, { a: 2 }, { a: 3, id: 1 }], [9], [{ a: 2, id: 2 }, { a: 3, id: 1 }]],
    ['are named by what is written, not by their place', [{ a: 1, id: 2 }, { a: 2, id: 1 }], [1], [{ a: 1, id: 2 }]],
    ['all move up', [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }], [1, 3], [{ a: 2, id: 2 }, { a: 4, id: 4 }]],
  ])('%s', (_, entries, ids, wanted) => {
    expect(left(entries as Record<string, unknown>[], ids)).toEqual(wanted);
  });
});
