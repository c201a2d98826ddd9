import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { SELECTOR_OPTIONS } from '../options/job-selector.ts';
import type { Verb } from '../verb.ts';
import { moveJobs } from './move-jobs.ts';

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
  run: (options, surroundings) => moveJobs('suspend-job', options, surroundings),
};
