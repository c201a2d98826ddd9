/**
 * Breaks this rule: a run has its token when prepare resolves: the host may be gone a moment later
 * (plugin contract, section 3, reattach; contract, ReattachableRun).
 */
import { defineCodeJobType, type ReattachToken } from '@nightshift/sdk';
import { detachedRun, newFolder } from './parts/detached.ts';
import { type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedTokenLater',
  description: 'Runs a program that outlives its host.',
  runs: 'code',
  capabilities: { reattach: true },
  spec: workSpec,
  async prepare(context) {
    const inner = detachedRun(context, await newFolder());
    let started = false;
    return {
      start() {
        started = true;
        return inner.start();
      },
      get token() {
        return (started ? inner.token : '') as ReattachToken;
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    };
  },
  reattach: async (context, token) => detachedRun(context, token),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a run has its token when prepare resolves: the host may be gone a moment later', subject: workSubject(type) };
