/** NpmScriptJob: the scripts of a package.json, started as they stand there. Loaded at every start: what reads files is loaded later. */
import { resolve } from 'node:path';
import { API_VERSION, type JobTypePlugin, type SpecSchema, defineCommandJobType, definePlugin, isMap } from '@nightshift/sdk';
import type { NpmScriptSpec } from './npm-scripts.ts';

export type { NpmScriptSpec } from './npm-scripts.ts';

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const schema: SpecSchema<NpmScriptSpec> = {
  '~standard': {
    version: 1,
    vendor: 'nightshift',
    validate(value) {
      const { script, packageFolder, ...others } = isMap(value) ? value : {};
      if (!isText(script) || !isText(packageFolder)) return { issues: [{ message: '"job" must name a script and its packageFolder' }] };
      const unknown = Object.keys(others).map((key) => ({ message: `"job.${key}" is not a key of an NpmScriptJob`, code: 'DefinitionKeyUnknown', path: [key], at: 'key' as const }));
      return unknown.length > 0 ? { issues: unknown } : { value: { script, packageFolder } };
    },
  },
};

const plugin: JobTypePlugin = definePlugin({
  name: '@nightshift/npm-script-job',
  version: '0.1.0',
  apiVersion: API_VERSION,
  jobTypes: [
    defineCommandJobType({
      name: 'NpmScriptJob',
      description: 'Runs a script of the nearest package.json.',
      runs: 'command',
      capabilities: { persist: true },
      spec: schema,
      definitions: {
        onlyByType: true,
        places: ['package.json'],
        find: async (name, path, files) => (await import('./npm-scripts.ts')).findScripts(name, path, files),
        async *list(path, files) {
          yield* await (await import('./npm-scripts.ts')).listScripts(path, files);
        },
      },
      // Without --silent npm prints a banner into the output, and a script called --version would be an option.
      command: ({ spec: { script, packageFolder }, workingDirectory }) => ({ argv: ['npm', 'run', '--silent', ...(script.startsWith('-') ? ['--'] : []), script], workingDirectory: resolve(workingDirectory, packageFolder) }),
    }),
  ],
});

export default plugin;
