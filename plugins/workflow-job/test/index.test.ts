import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import plugin from '@nightshift/workflow-job';
import { specOf, type } from './workflow-job.ts';

const request = { name: 'Release', origin: { kind: 'demand', runNow: false }, workingDirectory: '/', argumentList: [] } as const;

test('the plugin offers the code type WorkflowJob, by PowerShell\'s name too', () => {
  expect(plugin.jobTypes).toMatchObject([{ name: 'WorkflowJob', aliases: ['PSWorkflowJob'], runs: 'code', capabilities: { suspend: true, kill: true, persist: true } }]);
});

test('the plugin says the name and the version of its package', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(plugin).toMatchObject({ name, version });
});

test('a workflow is shown by the names of its steps, whose jobs are judged with it', () => {
  const spec = specOf({ steps: [{ name: 'build', command: ['make'] }, { suspend: true }, { type: 'ThreadJob', scriptBlock: 'return 1' }] });
  expect(type.foresee?.({ ...request, spec })).toEqual({
    command: 'build, step2, step3',
    children: [
      { request: { type: 'BackgroundJob', name: 'build', spec: { command: ['make'] } }, path: ['steps', 0] },
      { request: { type: 'ThreadJob', name: 'step3', spec: { scriptBlock: 'return 1' } }, path: ['steps', 2] },
    ],
  });
});

test('without checkpoints it says why it cannot be suspended', () => {
  expect(type.foresee?.({ ...request, spec: specOf({ checkpoint: false, steps: [{ command: ['make'] }] }) })).toMatchObject({ cannotSuspend: expect.stringContaining('"checkpoint: false"') });
});
