import { APPROVAL_OPTIONS, approvalPart } from '../options/approval.ts';
import { jobSelector, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { formatOf, type Verb } from '../verb.ts';

export const resumeJob: Verb = {
  table: {
    name: 'resume-job',
    summary: 'lets suspended jobs go on',
    examples: ['resume-job 7', 'resume-job --state Suspended', "resume-job 'Import*'"],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    options: {
      ...SELECTOR_OPTIONS,
      wait: { kind: 'switch', help: 'until they are Running, which a command is at once' },
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const { jobs, problems, warnings } = await host().resumeJobs(jobSelector(options, false), approvalPart(options, 'resume-job'));
    printJobs(jobs, format);
    for (const warning of warnings) printWarning(voice, warning);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
