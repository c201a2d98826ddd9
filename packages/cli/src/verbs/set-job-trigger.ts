import { APPROVAL_OPTIONS } from '../options/approval.ts';
import { typedTrigger, TRIGGER_OPTIONS } from '../options/trigger-options.ts';
import { TRIGGER_SELECTOR_OPTIONS, TRIGGER_USAGE } from '../options/trigger-selector.ts';
import { usage } from '../options/usage.ts';
import type { Verb } from '../verb.ts';
import { changeTriggers, PASS_THRU } from './change-triggers.ts';

const NAME = 'set-job-trigger';

export const setJobTrigger: Verb = {
  table: {
    name: NAME,
    summary: 'changes triggers of definitions; what is not given stays',
    examples: [`${NAME} Backup --at 4:00`, `${NAME} Backup --trigger-id 2 --weekly --days-of-week 1 --at 9pm`, `${NAME} Hourly --repetition-interval 0 --repetition-duration 0`],
    usage: [TRIGGER_USAGE],
    completes: 'definition',
    options: { ...TRIGGER_OPTIONS, ...TRIGGER_SELECTOR_OPTIONS, ...PASS_THRU, ...APPROVAL_OPTIONS },
  },
  async run(options, surroundings) {
    const typed = typedTrigger(options);
    if (typed.kinds.length === 0 && Object.keys(typed.values).length === 0) throw usage('MissingMandatoryParameter', 'say what to change', `such as ${NAME} ${options.words[0] ?? 'NAME'} --at 04:00`);
    return changeTriggers(NAME, options, surroundings, (verbs, request) => verbs.setJobTriggers({ ...request, typed }));
  },
};
