/** Breaks this rule: a token has at most 4,096 characters (plugin contract, section 3, reattach; contract, ReattachableRun). */
import { defineCodeJobType, type ReattachToken } from '@nightshift/sdk';
import { detachedRun, newFolder } from './parts/detached.ts';
import { type Planted, workSpec, workSubject } from './parts/work.ts';

/** The last lines, which a later host would like to show at once. */
const EMPTY_PAGE = Array.from({ length: 60 }, () => ' '.repeat(80));

const type = defineCodeJobType({
  name: 'PlantedTokenLong',
  description: 'Runs a program that outlives its host.',
  runs: 'code',
  capabilities: { reattach: true },
  spec: workSpec,
  async prepare(context) {
    const folder = await newFolder();
    return { ...detachedRun(context, folder), token: JSON.stringify({ folder, lines: EMPTY_PAGE }) as ReattachToken };
  },
  async reattach(context, token) {
    const { folder } = JSON.parse(token) as { readonly folder: ReattachToken };
    return { ...detachedRun(context, folder), token };
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a token has at most 4,096 characters', subject: workSubject(type) };
