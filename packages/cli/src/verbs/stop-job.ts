import { APPROVAL_OPTIONS, approvalPart } from '../options/approval.ts';
import { jobsFor, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { printError } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { durationOf, formatOf, type Verb } from '../verb.ts';

export const stopJob: Verb = {
  table: {
    name: 'stop-job',
    summary: 'ends jobs with everything that they started: SIGTERM, after the grace period SIGKILL',
    examples: ['stop-job 7', "stop-job 'Build*' --grace-period 2s", 'stop-job --state Running --force'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    completes: 'unfinished job',
    options: {
      ...SELECTOR_OPTIONS,
      force: { kind: 'switch', help: 'at once, without SIGTERM' },
      'grace-period': { kind: 'text', value: 'DURATION', help: 'between SIGTERM and SIGKILL; default 10s' },
      'pass-thru': { kind: 'switch', help: 'print the jobs' },
      ...APPROVAL_OPTIONS,
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const gracePeriod = durationOf(options, 'grace-period');
    const stopped = await host().stopJobs(jobsFor('stop-job', options), { force: options.isOn('force'), ...approvalPart(options, 'stop-job'), ...(gracePeriod === undefined ? {} : { gracePeriod }) });
    if (options.isOn('pass-thru')) printJobs(stopped.jobs, format);
    return stopped.problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};
