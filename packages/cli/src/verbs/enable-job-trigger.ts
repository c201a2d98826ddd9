import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { TRIGGER_SELECTOR_OPTIONS, TRIGGER_USAGE } from '../options/trigger-selector.ts';
import type { Verb } from '../verb.ts';
import { changeTriggers, PASS_THRU } from './change-triggers.ts';

export const enableJobTrigger: Verb = {
  table: {
    name: 'enable-job-trigger',
    summary: 'lets triggers fire again',
    examples: ['enable-job-trigger Backup', 'enable-job-trigger Backup --trigger-id 2', "get-job-trigger 'Sync*' --json | enable-job-trigger -"],
    usage: [TRIGGER_USAGE],
    completes: 'definition',
    options: { ...TRIGGER_SELECTOR_OPTIONS, ...PASS_THRU, ...APPROVAL_OPTIONS },
  },
  run: (options, surroundings) => changeTriggers('enable-job-trigger', options, surroundings, (verbs, request) => verbs.enableJobTriggers({ ...request, enabled: true })),
};
