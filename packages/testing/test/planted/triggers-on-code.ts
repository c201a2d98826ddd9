/** Breaks this rule: the capability triggers belongs to delegate types (plugin contract, section 3, capabilities). */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedTriggersOnCode',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: { persist: true, triggers: true },
  spec: workSpec,
  async prepare(context) {
    return workRun(context);
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'the capability triggers belongs to delegate types', subject: workSubject(type) };
