/**
 * Breaks this rule: a capability that is implemented is declared: claiming less fails as well
 * (plugin contract, section 3, capabilities).
 */
import type { CodeJobType } from '@nightshift/sdk';
import { detachedRun, newFolder } from './parts/detached.ts';
import { type Planted, workSpec, type WorkSpec, workSubject } from './parts/work.ts';

const type: CodeJobType<WorkSpec> = {
  name: 'PlantedUndeclaredReattach',
  description: 'Runs a program that outlives its host.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  prepare: async (context) => detachedRun(context, await newFolder()),
  reattach: async (context, token) => detachedRun(context, token),
};

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a capability that is implemented is declared: claiming less fails as well', subject: workSubject(type) };
