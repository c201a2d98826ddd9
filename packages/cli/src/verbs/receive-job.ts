import type { Host, JobSelector, ReceiveRequest } from '@nightshift/host';
import { STREAM_NAMES, type StreamName } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { jobSelector, SELECTOR_OPTIONS } from '../options/job-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { printError } from '../print/error.ts';
import { createRecordPrinter, type RecordStyle } from '../print/records.ts';
import { isBrokenPipe } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';

/** Flags of a verb that shows records. */
export const RECORD_OPTIONS = {
  'debug-stream': { kind: 'switch', help: 'show the Debug stream as well; --verbose shows the Verbose stream' },
} as const;

export const receiveJob: Verb = {
  table: {
    name: 'receive-job',
    summary: 'prints what jobs have written since it was last received; nothing is destroyed by reading',
    examples: ['receive-job 7', 'receive-job Build --follow', 'receive-job 7 --from start --tail 20'],
    usage: ['ID | INSTANCE-ID | NAME | - … [options]      - reads ids from standard input'],
    options: {
      ...SELECTOR_OPTIONS,
      keep: { kind: 'switch', help: 'leave everything to be received again' },
      wait: { kind: 'switch', help: 'stay until the jobs have ended' },
      follow: { kind: 'switch', short: 'f', help: 'stay until they are finished; may be combined with --keep' },
      from: { kind: 'text', value: 'WHERE', help: 'start, cursor (default) or an ISO 8601 time' },
      tail: { kind: 'text', value: 'N', help: 'only the last N records of each job' },
      stream: { kind: 'list', value: 'NAME,…', help: 'only these streams', oneOf: STREAM_NAMES },
      ...RECORD_OPTIONS,
    },
  },
  async run(options, surroundings) {
    if (options.isOn('keep') && options.isOn('wait')) throw usage('InvalidParameterCombination', '--keep and --wait exclude each other', '--follow --keep stays and keeps');
    const style = recordStyle(options);
    const request = receiveRequest(options, surroundings);
    return showRecords(surroundings.host(), jobSelector(options, false), request, style, surroundings);
  },
};

export function recordStyle(options: Parsed): RecordStyle {
  const format = formatOf(options, ['table', 'wide', 'json', 'jsonl', 'yaml']) as RecordStyle['format'];
  return { format, showVerbose: options.isOn('verbose'), showDebug: options.isOn('debug-stream') };
}

/** Receives and prints; what was printed is consumed. Quiet when the reader of our output goes: then nothing is. */
export async function showRecords(host: Host, selector: JobSelector, request: ReceiveRequest, style: RecordStyle, { voice, interrupt }: Surroundings): Promise<number> {
  const { batches, commit, problems } = await host.receiveJobs(selector, request);
  const printer = createRecordPrinter(style);
  try {
    for await (const received of batches) printer.print(received);
    printer.end();
  } catch (cause) {
    if (isBrokenPipe(cause)) return EXIT.done;
    throw cause;
  }
  await commit();
  const status = problems.map((problem) => printError(voice, problem))[0] ?? 0;
  return interrupt().aborted ? EXIT.interrupted : status;
}

function receiveRequest(options: Parsed, { interrupt }: Surroundings): ReceiveRequest {
  const tail = readTail(options.text('tail'));
  return {
    streams: (options.list('stream') as readonly StreamName[] | undefined) ?? STREAM_NAMES,
    from: readFrom(options.text('from') ?? 'cursor'),
    keep: options.isOn('keep'),
    signal: interrupt(),
    ...(tail === undefined ? {} : { tail }),
    ...(options.isOn('follow') ? { until: 'finished' } : options.isOn('wait') ? { until: 'persistent' } : {}),
  };
}

function readFrom(text: string): ReceiveRequest['from'] {
  if (text === 'start' || text === 'cursor') return text;
  // A day alone would be read as one of UTC; whatever has no offset is in the host's zone.
  if (!isDay(text)) throw usage('ParameterArgumentTransformationError', `--from takes start, cursor or an ISO 8601 time, not "${text}"`);
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw usage('ParameterArgumentTransformationError', `--from takes start, cursor or an ISO 8601 time, not "${text}"`);
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(text) ?? [];
  return day !== undefined && new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function readTail(text: string | undefined): number | undefined {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text);
  throw usage('ParameterArgumentValidationError', `--tail takes a whole number from 0 up, not "${text}"`);
}
