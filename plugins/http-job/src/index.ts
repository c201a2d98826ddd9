/** HttpJob: one request, and what its answer must be. */
import { API_VERSION, type JobTypePlugin, defineCodeJobType, definePlugin } from '@nightshift/sdk';
import { shownRequest } from './request.ts';
import { httpSchema } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/http-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCodeJobType({
      name: 'HttpJob',
      description: 'Sends an HTTP request, and fails unless the answer is as expected.',
      runs: 'code',
      capabilities: { persist: true, kill: true },
      spec: httpSchema,
      foresee: ({ spec }) => ({ command: shownRequest(spec), secrets: spec.secrets }),
      prepare: async (context) => (await import('./http-run.ts')).prepareHttp(context),
    }),
  ],
});

export default plugin;
