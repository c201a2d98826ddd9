/** Breaks this rule: a type is stateless: each prepare gives a run of its own (plugin contract, section 3; contract, JobTypeFacts). */
import { defineCodeJobType, type JobRun } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

let run: JobRun | undefined;

const type = defineCodeJobType({
  name: 'PlantedStateOneRun',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    run ??= workRun(context);
    return run;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a type is stateless: each prepare gives a run of its own', subject: workSubject(type) };
