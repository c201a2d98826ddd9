import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { SELECTOR_OPTIONS } from '../options/job-selector.ts';
import type { Verb } from '../verb.ts';
import { moveJobs } from './move-jobs.ts';

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
  run: (options, surroundings) => moveJobs('resume-job', options, surroundings),
};
