/**
 * Breaks this rule: a capability that is implemented is declared: claiming less fails as well
 * (plugin contract, section 3, capabilities).
 */
import { defineCodeJobType } from '@nightshift/sdk';
import { type Planted, workRun, workSpec, workSubject } from './parts/work.ts';

const type = defineCodeJobType({
  name: 'PlantedUndeclaredUnblock',
  description: 'Writes its items.',
  runs: 'code',
  capabilities: {},
  spec: workSpec,
  async prepare(context) {
    const answers: unknown[] = [];
    const run = {
      ...workRun(context),
      async unblock(input: unknown) {
        answers.push(input);
      },
    };
    return run;
  },
});

/** The fault and how to exercise it. */
export const fault: Planted = { rule: 'a capability that is implemented is declared: claiming less fails as well', subject: workSubject(type) };
