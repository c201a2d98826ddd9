/** ContainerJob: a command in a container of docker or podman. */
import { API_VERSION, type JobTypePlugin, defineCommandJobType, definePlugin } from '@nightshift/sdk';
import { describeContainer } from './describe.ts';
import { containerSchema } from './spec.ts';

export type { ContainerSpec } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/container-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCommandJobType({
      name: 'ContainerJob',
      description: 'Runs a command in a container of docker or podman.',
      runs: 'command',
      capabilities: { persist: true },
      spec: containerSchema,
      command: describeContainer,
    }),
  ],
});

export default plugin;
