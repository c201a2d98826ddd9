/** WorkflowJob: steps that need each other, each a child job, with a checkpoint after every one. */
import { API_VERSION, type JobTypePlugin, defineCodeJobType, definePlugin } from '@nightshift/sdk';
import { foreseeWorkflow } from './foresee.ts';
import { workflowSchema } from './spec.ts';

export type { WorkflowSpec } from './spec.ts';
export type { Step, StepJob } from './step.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/workflow-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCodeJobType({
      name: 'WorkflowJob',
      aliases: ['PSWorkflowJob'],
      description: 'Runs steps that need each other, and goes on behind the last one that was done.',
      runs: 'code',
      capabilities: { suspend: true, kill: true, persist: true },
      spec: workflowSchema,
      foresee: foreseeWorkflow,
      // Loaded by the process that runs one, and by nobody who only knows the type.
      prepare: async (context) => (await import('./workflow-run.ts')).prepareWorkflow(context),
    }),
  ],
});

export default plugin;
