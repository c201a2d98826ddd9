/**
 * Breaks this rule: a type says its capabilities, be it that it has none
 * (plugin contract, section 3, Every job type; contract, CodeJobType).
 */
import type { AnyJobType, JobContext } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, type WorkSpec, workSubject } from './parts/work.ts';

const type = {
  name: 'PlantedCapabilitiesMissing',
  description: 'Writes its items.',
  runs: 'code',
  spec: workSpec,
  prepare: async (context: JobContext<WorkSpec>) => workRun(context),
} as unknown as AnyJobType;

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type says its capabilities, be it that it has none', subject: workSubject(type) };
