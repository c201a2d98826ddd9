import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionRequest } from '../options/definition-selector.ts';
import { printError } from '../print/error.ts';
import type { Verb } from '../verb.ts';

export const unregisterScheduledJob: Verb = {
  table: {
    name: 'unregister-scheduled-job',
    summary: 'removes definitions: the file, the runs with their output, the history',
    examples: ['unregister-scheduled-job Nightly', "unregister-scheduled-job 'Test*' --what-if", 'unregister-scheduled-job Nightly --force'],
    usage: ['NAME | ID | - … [options]   (-: from stdin)'],
    completes: 'definition',
    options: {
      ...DEFINITION_SELECTOR_OPTIONS,
      force: { kind: 'switch', aliases: ['F'], help: 'stop runs in progress first' },
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const request = definitionRequest('unregister-scheduled-job', options, approvalOf(options, 'unregister-scheduled-job'));
    const { problems } = await (await host().scheduledJobs()).unregister({ ...request, force: options.isOn('force') });
    return problems.map((problem) => printError(voice, problem))[0] ?? EXIT.done;
  },
};
