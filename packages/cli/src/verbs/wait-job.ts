import type { JobView } from '@nightshift/host';
import { isFinished, type JobError } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { jobsFor, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError } from '../print/terminal.ts';
import { durationOf, formatOf, type Verb } from '../verb.ts';

export const waitJob: Verb = {
  table: {
    name: 'wait-job',
    summary: 'waits until jobs have ended and prints them; the jobs go on whatever happens to the wait',
    examples: ['wait-job 7', 'wait-job --state Running --timeout 30s', 'wait-job Build --exit-status && deploy'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    completes: 'unfinished job',
    options: {
      ...SELECTOR_OPTIONS,
      any: { kind: 'switch', help: 'the first of them will do' },
      timeout: { kind: 'text', value: 'DURATION', aliases: ['TimeoutSec'], help: 'give up after it (exit 124); 0 looks once, -1 waits for ever' },
      force: { kind: 'switch', help: 'wait for a finished state, not only for Suspended or Disconnected' },
      'exit-status': { kind: 'switch', help: 'exit with the code of the first job that failed' },
    },
  },
  async run(options, { host, voice, interrupt }) {
    const format = formatOf(options, FORMATS);
    const timeout = readTimeout(options);
    const request = { any: options.isOn('any'), force: options.isOn('force'), signal: interrupt(), warn: (warning: JobError) => printWarning(voice, warning), ...(timeout === undefined ? {} : { timeout }) };
    const waited = await host().waitJobs(jobsFor('wait-job', options), request);
    const status = waited.problems.map((problem) => printError(voice, problem))[0];
    if (!waited.done) return status ?? giveUp(waited.jobs, interrupt().aborted);
    printJobs(waited.jobs, format);
    for (const { name, state } of waited.jobs.filter((job) => job.state === 'Suspended' || job.state === 'Disconnected')) {
      printWarning(voice, { code: 'InvalidJobState', message: `${name} is ${state}, not finished; --force waits on` });
    }
    return status ?? (options.isOn('exit-status') ? firstFailure(waited.jobs) : EXIT.done);
  },
};

/** A script reads the exit status; a person is told what it means. */
function giveUp(jobs: readonly JobView[], isInterrupted: boolean): number {
  const unfinished = jobs.filter(({ state }) => !isFinished(state)).map(({ id, name, state }) => `${name} (${id}) is ${state}`);
  if (!isInterrupted && isTerminal(2)) writeError(`wait-job: the time is up; ${sanitiseLine(unfinished.join(', '))}\n`);
  return isInterrupted ? EXIT.interrupted : EXIT.timedOut;
}

/** In PowerShell's spelling a bare number means seconds; -1 waits for ever. */
function readTimeout(options: Parsed): number | undefined {
  const text = options.text('timeout');
  if (text === undefined || text === '-1') return undefined;
  if (!options.powerShell.has('timeout') || !/^-?\d+$/.test(text)) return durationOf(options, 'timeout');
  if (Number(text) < -1) throw usage('ParameterArgumentValidationError', `-Timeout takes seconds from -1 up, not ${text}`);
  return Number(text) * 1_000;
}

function firstFailure(jobs: readonly JobView[]): number {
  const failed = jobs.find(({ state }) => state !== 'Completed');
  return failed === undefined ? EXIT.done : failed.exitCode || EXIT.jobFailed;
}
