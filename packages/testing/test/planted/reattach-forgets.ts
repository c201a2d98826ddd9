/**
 * Breaks this rule: reattach takes up the instance that outlived its host and begins nothing anew
 * (plugin contract, section 3, reattach; contract, ReattachableRun).
 */
import { defineCodeJobType } from '@nightshift/sdk';
import { detachedRun, newFolder } from './parts/detached.ts';
import { type Planted, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedReattachForgets',
  description: 'Runs a program that outlives its host.',
  runs: 'code',
  capabilities: { reattach: true },
  spec: workSpec,
  prepare: async (context) => detachedRun(context, await newFolder()),
  reattach: async (context) => detachedRun(context, await newFolder()),
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'reattach takes up the instance that outlived its host and begins nothing anew', subject: workSubject(type) };
