/** RemoteJob: a command on other computers, through ssh. Words only: what runs one is loaded by who runs one. */
import { API_VERSION, defineCodeJobType, definePlugin, type JobTypePlugin } from '@nightshift/sdk';
import { foreseeRemote } from './foresee.ts';
import { remoteSchema } from './spec.ts';

export { interpreterOf } from './sent.ts';
export { COMPUTER_NAME, MOST_CONNECTIONS, THROTTLE_LIMIT, USER_NAME, type RemoteSpec } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/remote-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCodeJobType({
      name: 'RemoteJob',
      description: 'Runs a command on other computers through ssh, and outlives the connection.',
      runs: 'code',
      capabilities: { persist: true, kill: true, reattach: true },
      spec: remoteSchema,
      foresee: foreseeRemote,
      prepare: async (context) => (await import('./remote-run.ts')).prepareRemote(context),
      reattach: async (context, token) => (await import('./remote-run.ts')).reattachRemote(context, token),
    }),
  ],
});

export default plugin;
