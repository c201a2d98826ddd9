import { CONFIG_OPTION, outputOption } from '../options/option-table.ts';
import { kindNamed, typedTrigger, TRIGGER_OPTIONS } from '../options/trigger-options.ts';
import { usage } from '../options/usage.ts';
import { printWarning } from '../print/error.ts';
import { printNewTrigger } from '../print/trigger.ts';
import { formatOf, type Verb } from '../verb.ts';

const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml'] as const;

export const newJobTrigger: Verb = {
  table: {
    name: 'new-job-trigger',
    summary: 'describes a trigger; add-job-trigger gives it to a definition',
    examples: ["new-job-trigger --daily --at '3:00 AM'", 'new-job-trigger --weekly --days-of-week Monday,Friday --at 23:00', "new-job-trigger --cron '0 3 * * *' --json | add-job-trigger B --trigger -"],
    usage: ['--once | --daily | --weekly | --at-startup | --at-log-on | --cron E | --every D [options]'],
    options: { ...TRIGGER_OPTIONS, ...outputOption(FORMATS), ...CONFIG_OPTION },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const [word] = [...options.words, ...(options.rest ?? [])];
    if (word !== undefined) throw usage('PositionalParameterNotFound', `"${word}" is one word too many`, kindNamed(word));
    const { trigger, warnings } = (await host().scheduledJobs()).newJobTrigger(typedTrigger(options));
    printNewTrigger(trigger, format);
    for (const warning of warnings) printWarning(voice, warning);
    return 0;
  },
};
