import { DEFINITION_SELECTOR_OPTIONS, definitionPathOf, definitionSelector } from '../options/definition-selector.ts';
import { outputOption } from '../options/option-table.ts';
import { printError } from '../print/error.ts';
import { OPTION_FORMATS, printOptions } from '../print/option.ts';
import { formatOf, type Verb } from '../verb.ts';

export const getScheduledJobOption: Verb = {
  table: {
    name: 'get-scheduled-job-option',
    summary: 'says how definitions are run: every option, with the defaults',
    examples: ['get-scheduled-job-option Backup', "get-scheduled-job-option 'Sync*' --json"],
    usage: ['[NAME | PATTERN | ID | - …] [options]   (-: names or definitions from stdin)'],
    completes: 'definition',
    options: { ...DEFINITION_SELECTOR_OPTIONS, ...outputOption(OPTION_FORMATS) },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, OPTION_FORMATS);
    const selector = definitionSelector(options);
    const { options: found, problems } = await (await host().scheduledJobs()).getScheduledJobOptions({ selector, path: definitionPathOf(options) });
    printOptions(found, format);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
