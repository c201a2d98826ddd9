import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { TRIGGER_SELECTOR_OPTIONS, TRIGGER_USAGE } from '../options/trigger-selector.ts';
import type { Verb } from '../verb.ts';
import { changeTriggers, PASS_THRU } from './change-triggers.ts';

export const disableJobTrigger: Verb = {
  table: {
    name: 'disable-job-trigger',
    summary: 'keeps triggers from firing; they stay in the file',
    examples: ['disable-job-trigger Backup', 'disable-job-trigger Backup --trigger-id 2', "get-job-trigger 'Sync*' --json | disable-job-trigger -"],
    usage: [TRIGGER_USAGE],
    completes: 'definition',
    options: { ...TRIGGER_SELECTOR_OPTIONS, ...PASS_THRU, ...APPROVAL_OPTIONS },
  },
  run: (options, surroundings) => changeTriggers('disable-job-trigger', options, surroundings, (verbs, request) => verbs.enableJobTriggers({ ...request, enabled: false })),
};
