/** What enable- and disable-scheduled-job have in common. */
import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionRequest, PASS_THRU_OPTION } from '../options/definition-selector.ts';
import type { VerbTable } from '../options/option-table.ts';
import { printDefinitions } from '../print/definition.ts';
import { printError } from '../print/error.ts';
import { FORMATS } from '../print/job.ts';
import { formatOf, type Verb } from '../verb.ts';

export function turnScheduledJob(act: 'enable' | 'disable', facts: Pick<VerbTable, 'summary' | 'examples'>): Verb {
  const name = `${act}-scheduled-job`;
  return {
    table: {
      name,
      ...facts,
      usage: ['NAME | PATTERN | ID | - … [options]   (-: names from stdin)'],
      completes: 'definition',
      options: { ...DEFINITION_SELECTOR_OPTIONS, ...PASS_THRU_OPTION, ...APPROVAL_OPTIONS },
    },
    async run(options, { host, voice }) {
      const format = formatOf(options, FORMATS);
      const request = definitionRequest(name, options, approvalOf(options, name));
      const { definitions, problems } = await (await host().scheduledJobs())[act](request);
      if (options.isOn('pass-thru')) printDefinitions(definitions, format);
      return problems.map((problem) => printError(voice, problem))[0] ?? EXIT.done;
    },
  };
}
