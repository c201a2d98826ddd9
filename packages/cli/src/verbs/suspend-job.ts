import { APPROVAL_OPTIONS, approvalPart } from '../options/approval.ts';
import { jobSelector, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { formatOf, type Verb } from '../verb.ts';

export const suspendJob: Verb = {
  table: {
    name: 'suspend-job',
    summary: 'holds jobs still: their processes stop where they are, their time limits go on',
    examples: ['suspend-job 7', "suspend-job 'Import*'", 'suspend-job --state Running'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    options: {
      ...SELECTOR_OPTIONS,
      wait: { kind: 'switch', help: 'until they are Suspended, which a command is at once' },
      force: { kind: 'switch', aliases: ['F'], help: 'now, whatever is lost; no difference for a command' },
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const { jobs, problems, warnings } = await host().suspendJobs(jobSelector(options, false), approvalPart(options, 'suspend-job'));
    printJobs(jobs, format);
    for (const warning of warnings) printWarning(voice, warning);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
