/** ScheduledJob: another job with triggers and options around it. What is due, and when, is decided elsewhere. */
import { API_VERSION, type JobTypePlugin, defineDelegateJobType, definePlugin } from '@nightshift/sdk';
import { delegateToInner } from './delegate.ts';
import { ALIASES, NAME, scheduledSchema } from './spec.ts';

export type { ScheduledSpec } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/scheduled-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineDelegateJobType({
      name: NAME,
      aliases: ALIASES,
      description: 'Adds triggers and options to a job of another type.',
      runs: 'delegate',
      capabilities: { persist: true, triggers: true },
      spec: scheduledSchema,
      delegate: delegateToInner,
    }),
  ],
});

export default plugin;
