/** ThreadJob: JavaScript in a warm worker. Words only: workers are loaded by who runs one. */
import { API_VERSION, defineCodeJobType, definePlugin, type JobTypePlugin } from '@nightshift/sdk';
import { threadSchema } from './spec.ts';

export type { ThreadSpec } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/thread-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCodeJobType({
      name: 'ThreadJob',
      description: 'Runs JavaScript in a warm worker thread.',
      runs: 'code',
      capabilities: { kill: true, persist: true },
      spec: threadSchema,
      foresee: ({ spec: { scriptBlock, filePath, secrets } }) => ({ command: scriptBlock ?? (filePath as string), ...(secrets === undefined ? {} : { secrets }) }),
      prepare: async (context) => (await import('./thread-run.ts')).prepareThread(context),
    }),
  ],
});

export default plugin;
