/** CrontabJob: the entries of a crontab, started as cron starts them. Loaded at every start: what reads and describes is loaded later. */
import { API_VERSION, type JobTypePlugin, defineCommandJobType, definePlugin } from '@nightshift/sdk';
import type { CrontabSpec } from './crontab-entries.ts';

export type { CrontabSpec } from './crontab-entries.ts';

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/crontab-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCommandJobType<CrontabSpec>({
      name: 'CrontabJob',
      description: 'Runs an entry of a crontab as cron would, now.',
      runs: 'command',
      capabilities: { persist: true },
      spec: { '~standard': { version: 1, vendor: 'nightshift', validate: async (value) => (await import('./crontab-entries.ts')).checkSpec(value) } },
      definitions: {
        onlyByType: true,
        places: ['crontab'],
        find: async (name, path, files) => (await import('./crontab-entries.ts')).findEntries(name, path, files),
        async *list(path, files) {
          yield* await (await import('./crontab-entries.ts')).listEntries(path, files);
        },
      },
      command: async (request) => (await import('./crontab-entries.ts')).describeEntry(request),
    }),
  ],
});

export default plugin;
