import { EXIT } from '../exit-codes.ts';
import { APPROVAL_OPTIONS, approvalPart } from '../options/approval.ts';
import { jobsFor, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { outputOption } from '../options/option-table.ts';
import { writeJson } from '../print/json.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';

const FORMATS = ['table', 'json'] as const;

export const debugJob: Verb = {
  table: {
    name: 'debug-job',
    summary: 'opens the debugger of a job that is a Node process, on this machine only, and prints its address',
    examples: ['debug-job 7', 'debug-job Server --break-all', 'debug-job --name Server'],
    usage: ['ID | INSTANCE-ID | NAME [options]'],
    options: {
      id: SELECTOR_OPTIONS['id'] as never,
      'instance-id': SELECTOR_OPTIONS['instance-id'] as never,
      name: SELECTOR_OPTIONS['name'] as never,
      'break-all': { kind: 'switch', help: 'pause it at its next statement, until it is resumed or Ctrl-C' },
      ...APPROVAL_OPTIONS,
      ...outputOption(FORMATS),
    },
  },
  async run(options, { host, interrupt }) {
    const format = formatOf(options, FORMATS);
    const job = await host().debugJob(jobsFor('debug-job', options), approvalPart(options, 'debug-job'));
    if (job === undefined) return EXIT.done;
    if (format === 'json') writeJson({ apiVersion: 1, address: job.address });
    else writeOut(`${job.address}\n`);
    if (!options.isOn('break-all')) return EXIT.done;
    writeError('debug-job: it pauses at its next statement; Ctrl-C lets it go on\n');
    await job.pause(interrupt());
    return EXIT.done;
  },
};
