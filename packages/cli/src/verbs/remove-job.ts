import { APPROVAL_OPTIONS, approvalPart } from '../options/approval.ts';
import { jobsFor, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { printError } from '../print/error.ts';
import type { Verb } from '../verb.ts';

export const removeJob: Verb = {
  table: {
    name: 'remove-job',
    summary: 'removes finished jobs with their output; definitions stay',
    examples: ['remove-job 7', 'remove-job --state Completed', 'remove-job Build --force'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    completes: 'job',
    options: {
      ...SELECTOR_OPTIONS,
      force: { kind: 'switch', aliases: ['F'], help: 'stop unfinished jobs first' },
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const { problems } = await host().removeJobs(jobsFor('remove-job', options), { force: options.isOn('force'), ...approvalPart(options, 'remove-job') });
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
