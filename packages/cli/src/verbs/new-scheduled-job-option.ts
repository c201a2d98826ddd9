import { outputOption } from '../options/option-table.ts';
import { SCHEDULED_OPTION_OPTIONS, typedOptions } from '../options/scheduled-option-options.ts';
import { OPTION_FORMATS, printNewOption } from '../print/option.ts';
import { formatOf, type Verb } from '../verb.ts';

export const newScheduledJobOption: Verb = {
  table: {
    name: 'new-scheduled-job-option',
    summary: 'describes how a definition is run: every option, with the defaults',
    examples: ['new-scheduled-job-option', 'new-scheduled-job-option --require-network --start-if-on-battery --json', "new-scheduled-job-option --timeout 2h --retry '{limit: 2}' --json"],
    usage: ['[options]'],
    words: 0,
    options: { ...SCHEDULED_OPTION_OPTIONS, ...outputOption(OPTION_FORMATS) },
  },
  async run(options, { host }) {
    const format = formatOf(options, OPTION_FORMATS);
    printNewOption((await host().scheduledJobs()).newScheduledJobOption(typedOptions(options)), format);
    return 0;
  },
};
