import { API_VERSION, defineCodeJobType, defineCommandJobType, defineDelegateJobType, type AnyJobType, type SpecSchema } from '@nightshift/sdk';
import { describe, test } from 'vitest';
import { exerciseJobType } from '../src/index.ts';
import { noteSchema, noteSubject } from './note-job.ts';

const runner = { describe, test, skip: (title: string) => test.skip(title) };

exerciseJobType(runner, noteSubject);

/** The least that a code type can be. */
exerciseJobType(runner, {
  type: defineCodeJobType({
    name: 'PlainJob', description: 'Does one thing.', runs: 'code', capabilities: {}, spec: noteSchema,
    prepare: async ({ spec, streams, signal, clock }) => ({
      async start() {
        for (const line of spec.lines) await streams.output.write(line);
        if (spec.ends === 'failed') throw new Error('it went wrong');
        if (spec.ends === 'never') await clock.sleep(2 ** 40, signal);
        return { state: 'Completed' };
      },
      async [Symbol.asyncDispose]() {},
    }),
  }),
  completes: { lines: ['a'] }, fails: { lines: [], ends: 'failed' }, runsUntilStopped: { lines: [], ends: 'never' }, invalid: [null],
});

interface ShellSpec { readonly script: string }
const shellSchema: SpecSchema<ShellSpec> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => (typeof (value as Partial<ShellSpec> | null)?.script === 'string' ? { value: { script: (value as ShellSpec).script } } : { issues: [{ message: '"script" must be a text' }] }) },
};
const shellJob: AnyJobType = defineCommandJobType<ShellSpec>({
  name: 'ShellJob', description: 'Runs a line of shell.', runs: 'command', capabilities: { persist: true }, spec: shellSchema,
  command: ({ spec, workingDirectory }) => ({ argv: ['sh', '-c', spec.script], workingDirectory, secrets: { TOKEN: 'env:TOKEN' }, successExitCodes: [0, 3] }),
});
const shellSpecs = { completes: { script: 'exit 3' }, fails: { script: 'exit 1' }, runsUntilStopped: { script: 'exec sleep 60' } };

exerciseJobType(runner, { type: shellJob, ...shellSpecs, invalid: [{}, { script: 7 }] });

exerciseJobType(runner, {
  type: defineDelegateJobType<ShellSpec>({ name: 'TimedJob', aliases: ['Timed'], description: `Runs a line of shell when it is due.`, runs: 'delegate', capabilities: { persist: true, triggers: true }, spec: shellSchema, delegate: ({ spec }) => ({ type: 'ShellJob', spec: { script: spec.script } }) }),
  ...shellSpecs, invalid: [{}], plugins: [{ name: 'nightshift-plugin-shell', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [shellJob] }],
});

