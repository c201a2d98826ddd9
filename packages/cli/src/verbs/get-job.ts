import { jobSelector, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { usage } from '../options/usage.ts';
import { printError } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { writeError } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';

export const getJob: Verb = {
  table: {
    name: 'get-job',
    summary: 'lists jobs: all unfinished ones and the newest 100 finished ones, or those that you name',
    examples: ['get-job', "get-job 'Build*' --state Failed", 'get-job 7 -o json'],
    usage: ['[ID | INSTANCE-ID | NAME | -]… [options]      - reads ids from standard input'],
    options: {
      ...SELECTOR_OPTIONS,
      newest: { kind: 'text', value: 'N', help: 'only the N that ended last' },
      all: { kind: 'switch', help: 'leave nothing out' },
    },
  },
  async run(options, { host, voice }) {
    const format = formatOf(options, FORMATS);
    const selector = jobSelector(options, true);
    const newest = readNewest(options.text('newest'));
    const found = await host().getJobs(selector, { all: options.isOn('all'), ...(newest === undefined ? {} : { newest }) });
    printJobs(found.jobs, format);
    if (found.left > 0) writeError(`get-job: ${found.left} older finished ${found.left === 1 ? 'job is' : 'jobs are'} not shown; --all shows everything, --newest N the last N\n`);
    return found.problems.map((problem) => printError(voice, problem))[0] ?? 0;
  },
};

function readNewest(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text) && Number(text) >= 1) return Number(text);
  throw usage('ParameterArgumentValidationError', `--newest takes a whole number from 1 up, not "${text}"`);
}
