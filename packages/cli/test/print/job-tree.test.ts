import { expect, test } from 'vitest';
import type { JobView } from '@nightshift/host';
import { printJobTree } from '../../src/print/job-tree.ts';
import { printed } from '../printed.ts';

const job = (id: number, name: string, parentId?: number): JobView => ({
  id, name, instanceId: '', type: 'T', state: 'Completed', reason: null, statusMessage: '', hasMoreData: false, location: 'here', command: '', beginTime: null, endTime: null, exitCode: null, signal: null,
  childJobs: [], definition: null, origin: parentId === undefined ? { kind: 'demand', runNow: false } : { kind: 'parent', parentId }, attempt: 1,
});

async function shown(jobs: readonly JobView[], needs: ReadonlyMap<number, readonly number[]> = new Map()): Promise<string[]> {
  const { out } = await printed(() => printJobTree(jobs, needs, 'table'));
  return out.split('\n').slice(1, -1).map((line) => line.slice(4, line.indexOf('  T  ')).trimEnd());
}

test('children stand below their parents, however deep, with lines between siblings', async () => {
  expect(await shown([job(1, 'Release'), job(2, 'build', 1), job(3, 'compile', 2), job(4, 'pack', 2), job(5, 'check', 1), job(6, 'look', 5), job(7, 'Other')])).toEqual([
    'Release', '├ build', '│ ├ compile', '│ └ pack', '└ check', '  └ look', 'Other',
  ]);
});

test('a child names the siblings that it has waited for', async () => {
  expect(await shown([job(1, 'Release'), job(2, 'a', 1), job(3, 'b', 1), job(4, 'c', 1)], new Map([[3, [2]], [4, [2, 3, 99]]]))).toEqual(['Release', '├ a', '├ b ← a', '└ c ← a, b, 99']);
});

test('a child whose parent is not listed stands by itself', async () => {
  expect(await shown([job(2, 'a', 1)])).toEqual(['a']);
});
