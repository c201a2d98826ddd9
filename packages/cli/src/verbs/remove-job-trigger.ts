import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { TRIGGER_SELECTOR_OPTIONS, TRIGGER_USAGE } from '../options/trigger-selector.ts';
import type { Verb } from '../verb.ts';
import { changeTriggers } from './change-triggers.ts';

export const removeJobTrigger: Verb = {
  table: {
    name: 'remove-job-trigger',
    summary: 'takes triggers away from definitions; the others keep their ids',
    examples: ['remove-job-trigger Backup --trigger-id 2', "remove-job-trigger 'Sync*' --what-if", 'get-job-trigger Backup --trigger-id 1 --json | remove-job-trigger -'],
    usage: [TRIGGER_USAGE],
    completes: 'definition',
    options: { ...TRIGGER_SELECTOR_OPTIONS, ...APPROVAL_OPTIONS },
  },
  run: (options, surroundings) => changeTriggers('remove-job-trigger', options, surroundings, (verbs, request) => verbs.removeJobTriggers(request)),
};
