import { EXIT } from '../exit-codes.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionFolder, definitionSelector } from '../options/definition-selector.ts';
import { printDefinitions } from '../print/definition.ts';
import { printError } from '../print/error.ts';
import { FORMATS } from '../print/job.ts';
import { formatOf, type Verb } from '../verb.ts';

export const getScheduledJob: Verb = {
  table: {
    name: 'get-scheduled-job',
    summary: 'lists definitions; get-job lists their runs',
    examples: ['get-scheduled-job', "get-scheduled-job 'Back*' -o wide", 'get-scheduled-job Nightly -o json'],
    usage: ['[NAME | ID | -]… [options]   (-: names from stdin)'],
    completes: 'definition',
    options: DEFINITION_SELECTOR_OPTIONS,
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const request = { selector: definitionSelector(options), definitionPath: definitionFolder(options) };
    const { definitions, problems } = await (await host().scheduledJobs()).get(request);
    printDefinitions(definitions, format);
    return problems.map((problem) => printError(voice, problem))[0] ?? EXIT.done;
  },
};
