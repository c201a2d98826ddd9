import { definitionPathOf } from '../options/definition-selector.ts';
import { TRIGGER_SELECTOR_OPTIONS, TRIGGER_USAGE, triggerSelector } from '../options/trigger-selector.ts';
import { printError } from '../print/error.ts';
import { FORMATS } from '../print/job.ts';
import { printTriggers } from '../print/trigger.ts';
import { formatOf, type Verb } from '../verb.ts';

export const getJobTrigger: Verb = {
  table: {
    name: 'get-job-trigger',
    summary: 'lists the triggers of definitions',
    examples: ['get-job-trigger', 'get-job-trigger Backup --trigger-id 1,2', "get-job-trigger '*Backup*' --json"],
    usage: [`[${TRIGGER_USAGE.replace(' [options]', '] [options]')}`],
    completes: 'definition',
    options: TRIGGER_SELECTOR_OPTIONS,
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const selector = triggerSelector('get-job-trigger', options, true);
    const { triggers, problems } = await (await host().scheduledJobs()).getJobTriggers({ selector, path: definitionPathOf(options) });
    printTriggers(triggers, format);
    return problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
