import { systemClock, type Host, type JobSelector, type JobView, type ReceiveExtras, type ReceiveRequest } from '@nightshift/host';
import { isFinished, JobError, parseDuration, STREAM_NAMES, type StreamName } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { jobsFor, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import { outputOption, type Parsed } from '../options/option-table.ts';
import { parseTime } from '../options/time-option.ts';
import { usage } from '../options/usage.ts';
import { printError, printWarning } from '../print/error.ts';
import { createRecordPrinter, type RecordStyle } from '../print/records.ts';
import { isBrokenPipe, isClosed, isTerminal, writeError } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';

/** Flags of a verb that shows records. */
export const RECORD_OPTIONS = {
  'debug-stream': { kind: 'switch', help: 'show the Debug stream as well; --verbose shows the Verbose stream' },
} as const;

/** The forms of records. */
const RECORD_FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml'] as const;

export const receiveJob: Verb = {
  table: {
    name: 'receive-job',
    summary: 'prints what jobs have written since it was last received; nothing is destroyed by reading',
    examples: ['receive-job 7', 'receive-job Build --follow', 'receive-job 7 --from start --tail 20'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]   (-: ids from stdin)'],
    completes: 'job',
    first: ['follow', 'wait', 'keep', 'from', 'tail', 'since', 'stream', 'timestamps', 'auto-remove-job', 'raw'],
    options: {
      ...SELECTOR_OPTIONS,
      keep: { kind: 'switch', help: 'leave everything to be received again' },
      wait: { kind: 'switch', help: 'stay until the jobs have ended' },
      force: { kind: 'switch', help: 'with --wait: until they are finished, not only Suspended or Disconnected' },
      'auto-remove-job': { kind: 'switch', help: 'with --wait: remove what is finished' },
      'write-events': { kind: 'switch', help: 'with --wait: tell of each job that comes to rest' },
      'write-job-in-results': { kind: 'switch', help: 'with --wait: begin with the job itself' },
      'no-recurse': { kind: 'switch', help: 'the named jobs only, not their children' },
      location: { kind: 'list', value: 'NAME,…', help: 'only children at these locations' },
      'computer-name': { kind: 'list', value: 'NAME,…', aliases: ['Cn'], completes: 'computer', help: 'the same, for jobs that run on computers' },
      follow: { kind: 'switch', short: 'f', help: 'stay until they are finished; may be combined with --keep' },
      from: { kind: 'text', value: 'WHERE', help: 'start, cursor (default) or an ISO 8601 time' },
      since: { kind: 'text', value: 'TIME', help: 'only what was written since this time, or so long ago' },
      tail: { kind: 'text', value: 'N', help: 'only the last N records of each job' },
      stream: { kind: 'list', value: 'NAME,…', help: 'only these streams', oneOf: STREAM_NAMES },
      timestamps: { kind: 'switch', help: 'begin each line with its time; of a command, when it was seen' },
      raw: { kind: 'switch', help: 'the bytes of standard output as they are; with --stream error those of standard error' },
      ...RECORD_OPTIONS,
      ...outputOption(RECORD_FORMATS),
    },
  },
  async run(options, surroundings) {
    for (const name of ONLY_WAITING) if (options.isOn(name) && !options.isOn('wait')) throw usage('InvalidParameterCombination', `--${name} needs --wait`);
    if (options.isOn('keep') && options.isOn('wait')) throw usage('InvalidParameterCombination', '--keep and --wait exclude each other', '--follow --keep stays and keeps');
    const style = recordStyle(options);
    const asked = receiveRequest(options, surroundings);
    const isFinal = asked.until === undefined;
    const request = { ...asked, plainText: isFinal && isPlainText(style) };
    const { status, jobs } = await showRecords(surroundings.host(), jobsFor('receive-job', options), request, { ...style, isFinal }, surroundings);
    return options.isOn('auto-remove-job') ? removeFinished(jobs, status, surroundings) : status;
  },
};

/** Text into a pipe or file needs no look at its lines. */
function isPlainText({ format, timestamps }: RecordStyle): boolean {
  return (format === 'table' || format === 'wide') && timestamps === undefined && !isTerminal(1);
}

/** Flags that mean something only to a call that stays. */
const ONLY_WAITING = ['force', 'auto-remove-job', 'write-events', 'write-job-in-results'] as const;

/** The jobs that were named, once they are finished; one that is only at rest stays. */
async function removeFinished(jobs: readonly JobView[], status: number, { host, voice }: Surroundings): Promise<number> {
  const found = await host().getJobs({ ids: jobs.map(({ id }) => id) });
  const named = new Set(found.jobs.map(({ id }) => id));
  // A child that is named beside its parent goes with it.
  const goesWithParent = ({ origin }: JobView): boolean => origin.kind === 'parent' && named.has(origin.parentId);
  const ids = found.jobs.filter((job) => isFinished(job.state) && !goesWithParent(job)).map(({ id }) => id);
  if (status === EXIT.interrupted || ids.length === 0) return status;
  const { problems } = await host().removeJobs({ ids }, { force: false });
  const failures = problems.map(({ message }) => printError(voice, new JobError({ code: 'ReceiveJobAutoRemovalError', message })));
  return status === EXIT.done ? (failures[0] ?? EXIT.done) : status;
}

export function recordStyle(options: Parsed): RecordStyle {
  const format = formatOf(options, RECORD_FORMATS) as RecordStyle['format'];
  return { format, showVerbose: options.isOn('verbose'), showDebug: options.isOn('debug-stream'), ...(options.isOn('timestamps') ? { timestamps: options.isOn('follow') || options.isOn('wait') ? 'seen' : 'known' } : {}) };
}

/** What came of showing records. `isCutOff`: nobody wanted the rest of them, or all. */
interface Showing {
  readonly status: number;
  readonly jobs: readonly JobView[];
  readonly isCutOff?: true;
}

/** Receives and prints; what was printed is consumed. Quiet when the reader of our output goes, or was never there: then nothing is. */
export async function showRecords(host: Host, selector: JobSelector, request: ReceiveRequest & ReceiveExtras, style: RecordStyle, { voice, interrupt }: Surroundings): Promise<Showing> {
  const { batches, commit, problems, jobs } = await host.deliverJobs(selector, { ...request, warn: (warning) => printWarning(voice, warning) });
  const printer = createRecordPrinter(style);
  let hasPrinted = false;
  try {
    for await (const received of batches) {
      printer.print(received);
      hasPrinted = true;
    }
    printer.end();
  } catch (cause) {
    if (isBrokenPipe(cause)) return { status: EXIT.done, jobs: [], isCutOff: true };
    throw cause;
  }
  if (!isClosed()) await commit();
  if (!hasPrinted && problems.length === 0 && request.until === undefined && request.from === 'cursor' && isTerminal(2)) writeError(`${voice.verb}: nothing new; --from start shows everything again\n`);
  const status = problems.map((problem) => printError(voice, problem))[0] ?? 0;
  return { status: interrupt().aborted ? EXIT.interrupted : status, jobs };
}

function receiveRequest(options: Parsed, { interrupt }: Surroundings): ReceiveRequest & ReceiveExtras {
  const tail = readTail(options.text('tail'));
  return {
    streams: (options.list('stream') as readonly StreamName[] | undefined) ?? STREAM_NAMES,
    from: beginning(options),
    keep: options.isOn('keep'),
    signal: interrupt(),
    ...(tail === undefined ? {} : { tail }),
    ...(options.isOn('follow') || options.isOn('force') ? { until: 'finished' } : options.isOn('wait') ? { until: 'persistent' } : {}),
    noRecurse: options.isOn('no-recurse'),
    events: options.isOn('write-events'),
    jobInResults: options.isOn('write-job-in-results'),
    ...locationsPart(options),
    ...(options.isOn('raw') ? { raw: channelOf(options) } : {}),
  };
}

/** --since is --from in the words of somebody who looks at a clock. */
function beginning(options: Parsed): ReceiveRequest['from'] {
  const since = options.text('since');
  if (since === undefined) return readFrom(options.text('from') ?? 'cursor');
  if (options.has('from')) throw usage('InvalidParameterCombination', '--since and --from exclude each other');
  const ago = durationIn(since);
  return ago === undefined ? parseTime(since, '--since') : new Date(systemClock.now().getTime() - ago);
}

/** Whatever is no duration is taken for a time, and complained about as such. */
function durationIn(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}

function locationsPart(options: Parsed): Pick<ReceiveRequest, 'locations' | 'computerNames'> {
  const [locations, computerNames] = [options.list('location'), options.list('computer-name')];
  return { ...(locations === undefined ? {} : { locations }), ...(computerNames === undefined ? {} : { computerNames }) };
}

/** Which file of a command is meant. Throws `RawOutputRefused` at a terminal, which would obey what is in it. */
function channelOf(options: Parsed): 'stdout' | 'stderr' {
  const foreign = NOT_RAW.find((name) => options.isOn(name) || (name === 'tail' && options.has(name)));
  if (foreign !== undefined) throw usage('InvalidParameterCombination', `--raw and --${foreign} exclude each other: bytes are no records`);
  if (recordStyle(options).format !== 'table') throw usage('InvalidParameterCombination', '--raw writes bytes as they are, in no other form', 'leave out -o');
  if (isTerminal(1)) throw new JobError({ code: 'RawOutputRefused', message: 'raw bytes are not written to a terminal', hint: 'write them into a pipe or a file' });
  const streams = options.list('stream') ?? ['output'];
  if (streams.length === 1 && (streams[0] === 'output' || streams[0] === 'error')) return streams[0] === 'output' ? 'stdout' : 'stderr';
  throw usage('InvalidParameterCombination', '--raw takes --stream output or --stream error');
}

/** What would stand among the bytes, or counts something else than bytes. */
const NOT_RAW = ['timestamps', 'write-events', 'write-job-in-results', 'tail'] as const;

function readFrom(text: string): ReceiveRequest['from'] {
  return text === 'start' || text === 'cursor' ? text : parseTime(text, '--from');
}

function readTail(text: string | undefined): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  throw usage('ParameterArgumentValidationError', `--tail takes a whole number from 0 up, not "${text}"`);
}
