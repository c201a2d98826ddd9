import { systemClock, type Host, type JobView, type ListOptions } from '@nightshift/host';
import { JOB_STATES, type JobState } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { jobSelector, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { readTime } from '../options/time-option.ts';
import { usage } from '../options/usage.ts';
import { printError } from '../print/error.ts';
import { FORMATS, printJobs, type Format } from '../print/job.ts';
import { printJobTree } from '../print/job-tree.ts';
import { clearScreen, isTerminal, writeError } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';

/** Conditions that --filter cannot stand beside. Source: jobs.md section 9. */
const NOT_WITH_FILTER = ['include-child-job', 'child-job-state', 'has-more-data', 'before', 'after', 'newest'] as const;

export const getJob: Verb = {
  table: {
    name: 'get-job',
    summary: 'lists jobs: all unfinished ones and the newest 100 finished ones, or those that you name',
    examples: ['get-job', "get-job 'Build*' --state Failed", 'get-job 7 -o json'],
    usage: ['[ID | INSTANCE-ID | NAME | -]… [options]   (-: ids from stdin)'],
    completes: 'job',
    first: ['newest', 'all', 'state', 'include-child-job', 'tree', 'watch', 'before', 'after', 'type', 'definition'],
    options: {
      ...SELECTOR_OPTIONS,
      newest: { kind: 'text', value: 'N', help: 'only the N that ended last' },
      all: { kind: 'switch', help: 'leave nothing out' },
      'include-child-job': { kind: 'switch', help: 'each job followed by its children' },
      'child-job-state': { kind: 'text', value: 'STATE', help: 'each job followed by its children in this state', oneOf: JOB_STATES },
      'has-more-data': { kind: 'text', value: 'BOOLEAN', help: 'only jobs that have, or have not, something to receive' },
      before: { kind: 'text', value: 'TIME', help: 'only jobs that ended earlier' },
      after: { kind: 'text', value: 'TIME', help: 'only jobs that ended later' },
      type: { kind: 'text', value: 'TYPE', help: 'only jobs of this type; * ? [ ] are wildcards' },
      definition: { kind: 'text', value: 'NAME', help: 'only jobs of this definition; * ? [ ] are wildcards' },
      'include-attempts': { kind: 'switch', help: 'in JSON and YAML: every attempt of each job' },
      tree: { kind: 'switch', help: 'children below their parents' },
      watch: { kind: 'switch', help: 'show them again and again, until Ctrl-C' },
    },
  },
  async run(options, surroundings) {
    const format = formatOf(options, FORMATS);
    const selector = jobSelector(options, true);
    const foreign = NOT_WITH_FILTER.find((name) => options.has('filter') && options.has(name));
    if (foreign !== undefined) throw usage('InvalidParameterCombination', `--filter and --${foreign} cannot be used together`);
    const list = listOptions(options);
    if (format === 'jsonl' && isEverything(options, selector)) return printEverything(surroundings, list);
    const show = async (): Promise<number> => {
      const found = await surroundings.host().getJobs(selector, list);
      await print(surroundings, found.jobs, format, options);
      if (found.left > 0) writeError(`get-job: ${found.left} older finished ${found.left === 1 ? 'job is' : 'jobs are'} not shown; --all shows everything, --newest N the last N\n`);
      return found.problems.map((problem) => printError(surroundings.voice, problem))[0] ?? EXIT.done;
    };
    return options.isOn('watch') ? watch(show, surroundings) : show();
  },
};

/** Whether nothing is left out: there may be very many. */
function isEverything(options: Parsed, selector: Parameters<Host['getJobs']>[0]): boolean {
  const narrowing = ['newest', 'has-more-data', 'before', 'after', 'type', 'definition', 'watch'];
  return options.isOn('all') && Object.values(selector).every((part) => part === undefined) && narrowing.every((name) => !options.has(name));
}

/** Line by line, as they are read. */
async function printEverything({ host, voice }: Surroundings, list: ListOptions): Promise<number> {
  const { pages, problems } = await host().everyJob(list);
  for await (const jobs of pages) printJobs(jobs, 'jsonl');
  return problems.map((problem) => printError(voice, problem))[0] ?? EXIT.done;
}

function listOptions(options: Parsed): ListOptions {
  const newest = readNewest(options.text('newest'));
  const state = options.text('child-job-state') as JobState | undefined;
  const children = state ?? (options.isOn('include-child-job') || options.isOn('tree') ? 'all' : undefined);
  const [before, after] = [readTime(options, 'before'), readTime(options, 'after')];
  const data = readBoolean(options.text('has-more-data'));
  const [type, definition] = [options.text('type'), options.text('definition')];
  return {
    all: options.isOn('all'),
    ...(options.isOn('include-attempts') ? { attempts: true } : {}),
    ...(newest === undefined ? {} : { newest }),
    ...(children === undefined ? {} : { children }),
    ...(data === undefined ? {} : { hasMoreData: data }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(type === undefined ? {} : { type }),
    ...(definition === undefined ? {} : { definition }),
  };
}

async function print({ host }: Surroundings, jobs: readonly JobView[], format: Format, options: Parsed): Promise<void> {
  if (!options.isOn('tree') || (format !== 'table' && format !== 'wide')) return printJobs(jobs, format);
  printJobTree(jobs, await host().needsOf(jobs.map(({ id }) => id)), format);
}

/** Between two looks, in milliseconds: what changes is seen soon enough, and a list of many costs little. */
const PAUSE = 1_000;

async function watch(show: () => Promise<number>, { interrupt }: Surroundings): Promise<number> {
  if (!isTerminal(1)) throw usage('InvalidParameterCombination', '--watch redraws a terminal, and standard output is none', 'wait-job waits, receive-job --follow follows');
  const signal = interrupt();
  while (!signal.aborted) {
    clearScreen();
    await show();
    await systemClock.sleep(PAUSE, signal).catch(() => {});
  }
  return EXIT.interrupted;
}

function readBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw usage('ParameterArgumentTransformationError', `--has-more-data takes true or false, not "${text}"`);
}

function readNewest(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // More than there can ever be is all.
  if (/^\d+$/.test(text) && Number(text) >= 1) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  throw usage('ParameterArgumentValidationError', `--newest takes a whole number from 1 up, not "${text}"`);
}
