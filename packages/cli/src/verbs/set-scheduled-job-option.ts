import { flagOf } from '@nightshift/host/keys';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionPathOf, definitionsFor } from '../options/definition-selector.ts';
import { outputOption } from '../options/option-table.ts';
import { SCHEDULED_OPTION_OPTIONS, typedOptions } from '../options/scheduled-option-options.ts';
import { usage } from '../options/usage.ts';
import { printError } from '../print/error.ts';
import { OPTION_FORMATS, printOptions } from '../print/option.ts';
import { formatOf, type Verb } from '../verb.ts';
import { PASS_THRU } from './change-triggers.ts';

const NAME = 'set-scheduled-job-option';

export const setScheduledJobOption: Verb = {
  table: {
    name: NAME,
    summary: 'changes how definitions are run; what is not given stays',
    examples: [`${NAME} Backup --wake-to-run`, `${NAME} Backup --wake-to-run=false --idle-timeout 2h`, `${NAME} 'Sync*' --catch-up all --retry '{limit: 2}'`],
    usage: ['NAME | PATTERN | ID | - … [options]   (-: names or options from stdin)'],
    completes: 'definition',
    options: { ...SCHEDULED_OPTION_OPTIONS, ...DEFINITION_SELECTOR_OPTIONS, ...PASS_THRU, ...APPROVAL_OPTIONS, ...outputOption(OPTION_FORMATS) },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, OPTION_FORMATS);
    const typed = typedOptions(options);
    if (Object.keys(typed).length === 0) throw usage('MissingMandatoryParameter', 'say what to change', `such as ${NAME} ${options.words[0] ?? 'NAME'} --wake-to-run; ${NAME} --help lists the options`);
    const selector = definitionsFor(NAME, options);
    const ask = approvalOf(options, NAME);
    const what = Object.entries(typed).map(([key, value]) => `--${flagOf(key)}${value === true ? '' : `=${value}`}`).join(' ');
    const approve = ask && { approve: (definition: string) => ask(`${definition}: ${what}`) };
    const { options: changed, problems } = await (await host().scheduledJobs()).setScheduledJobOptions({ selector, typed, path: definitionPathOf(options), ...approve });
    if (options.isOn('pass-thru')) printOptions(changed, format);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
