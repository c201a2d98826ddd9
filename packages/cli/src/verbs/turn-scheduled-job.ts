/** What enable- and disable-scheduled-job have in common. */
import { APPROVAL_OPTIONS, approvalOf } from '../options/approval.ts';
import { DEFINITION_SELECTOR_OPTIONS, definitionRequest } from '../options/definition-selector.ts';
import type { VerbTable } from '../options/option-table.ts';
import { PASS_THRU_OPTION, passThru } from '../options/pass-thru.ts';
import { FORMATS } from '../print/job.ts';
import { formatOf, type Verb } from '../verb.ts';

export function turnScheduledJob(act: 'enable' | 'disable', facts: Pick<VerbTable, 'summary' | 'examples'>): Verb {
  const name = `${act}-scheduled-job`;
  return {
    table: {
      name,
      ...facts,
      usage: ['NAME | ID | - … [options]   (-: from stdin)'],
      completes: 'definition',
      options: { ...DEFINITION_SELECTOR_OPTIONS, ...PASS_THRU_OPTION, ...APPROVAL_OPTIONS },
    },
    async run(options, { host, voice }) {
      const format = formatOf(options, FORMATS);
      const request = definitionRequest(name, options, approvalOf(options, name));
      return passThru(options, voice, await (await host().scheduledJobs())[act](request), format);
    },
  };
}
