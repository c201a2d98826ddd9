/** BackgroundJob: a program, a script file or a script text. Loaded at every start, hence nothing happens here but words. */
import { API_VERSION, type JobTypePlugin, defineCommandJobType, definePlugin } from '@nightshift/sdk';
import { describeCommand } from './describe.ts';
import { backgroundSchema } from './spec.ts';

export type { BackgroundSpec } from './spec.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/background-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCommandJobType({
      name: 'BackgroundJob',
      description: 'Runs a program, a script file or a script text in the background.',
      runs: 'command',
      capabilities: { persist: true },
      spec: backgroundSchema,
      command: describeCommand,
    }),
  ],
});

export default plugin;
