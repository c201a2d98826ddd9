import { systemClock, type OnComputer, type Receivable, type ReceivedBytes, type StateEvent } from '@nightshift/host';
import type { ProgressRecord, StoredRecord, StreamName } from '@nightshift/sdk';
import { before, beforeSentence } from './computer.ts';
import { jsonText } from './json.ts';
import { printJob } from './job.ts';
import { lookOf, paint, type Colour, type Look } from './look.ts';
import { clearProgress, drawProgress, endProgress, noteProgress } from './progress.ts';
import { sanitise, sanitiseLine } from './sanitise.ts';
import { isOnePlace, isPipe, isTerminal, writeError, writeOut } from './terminal.ts';
import { yaml } from './yaml.ts';

/** How records are shown. */
export interface RecordStyle {
  readonly format: 'table' | 'wide' | 'json' | 'jsonl' | 'yaml';
  readonly showVerbose: boolean;
  readonly showDebug: boolean;
  /** All is there already and nothing follows: the last line may wait until the reader had time to leave. Default false. */
  readonly isFinal?: boolean;
  /** Begin each line with its time: `seen` takes now for a record whose time nobody wrote down, `known` says `-`. */
  readonly timestamps?: 'seen' | 'known';
}

/** Shows records as they come; `end` closes what was begun. */
export interface RecordPrinter {
  print(received: Receivable): void;
  end(): void;
}

export function createRecordPrinter(style: RecordStyle): RecordPrinter {
  if (style.format === 'table' || style.format === 'wide') return createTextPrinter(style);
  const lines = createLineWriter(holdsBack(style));
  const { before, first, after, end, none, write } = LISTS[style.format];
  let isEmpty = true;
  return {
    print(received) {
      const texts = valuesOf(received).map((value, index) => `${isEmpty && index === 0 ? first : before}${write(value)}${after}`);
      isEmpty &&= texts.length === 0;
      lines.write(Buffer.from(jsonText(texts.join(''))));
    },
    end() {
      lines.write(Buffer.from(isEmpty ? none : end));
      lines.end();
    },
  };
}

/** How a record of a list is written, what stands before and after each, before the first one, behind the last one, and for no record at all. */
const LISTS = {
  jsonl: { write: JSON.stringify, before: '', first: '', after: '\n', end: '', none: '' },
  yaml: { write: (value: object) => yaml([value]), before: '', first: '', after: '', end: '', none: '[]\n' },
  json: { write: JSON.stringify, before: ',', first: '[', after: '', end: ']\n', none: '[]\n' },
} as const;

/** `{"jobId","seq","time","stream","value"}`, of a command with `channel` besides, on a computer with `computerName`; an event or a job is one value of its own. */
function valuesOf(received: Receivable): object[] {
  if ('job' in received) return [{ job: received.job }];
  if ('event' in received) {
    const { jobId, at, state, previousState } = received.event;
    return [{ jobId, time: at, event: { state, previousState } }];
  }
  if ('bytes' in received) return [];
  const { jobId, records, computer } = received;
  const place = computer === undefined ? {} : { computerName: computer.name };
  return records.map(({ seq, at, stream, value, channel }) => ({ jobId, seq, time: at, stream, value: plainValue(stream, value), ...(channel === undefined ? {} : { channel }), ...place }));
}

/** What a record says in one word: text where it is text, only progress keeps its parts. */
function plainValue(stream: StreamName, value: unknown): unknown {
  return stream === 'error' || stream === 'information' ? (value as { message: unknown }).message : value;
}

const PREFIX: Readonly<Partial<Record<StreamName, readonly [word: string, colour: Colour]>>> = {
  warning: ['WARNING: ', 'yellow'],
  verbose: ['VERBOSE: ', 'grey'],
  debug: ['DEBUG: ', 'grey'],
  information: ['INFO: ', 'cyan'],
};

function createTextPrinter(style: RecordStyle): RecordPrinter {
  const [outIsTerminal, errorIsTerminal] = [isTerminal(1), isTerminal(2)];
  const look = lookOf(2);
  const shown = (stream: StreamName): boolean => (stream !== 'verbose' || style.showVerbose) && (stream !== 'debug' || style.showDebug);
  // The last line of a job may have no end: another job's first must not be glued to it.
  let openLineOf: number | undefined;
  const lines = createLineWriter(holdsBack(style));
  const endInOnePlace = !outIsTerminal && isOnePlace();
  const writeOutput = (jobId: number, bytes: Uint8Array): void => {
    if (openLineOf !== undefined && openLineOf !== jobId) lines.write(Buffer.of(NEWLINE));
    lines.write(bytes);
    openLineOf = bytes.at(-1) === NEWLINE ? undefined : jobId;
  };
  // Where the order of both is seen, it is the order of the records.
  const tell = (text: string | Uint8Array): void => {
    if (!endInOnePlace) return writeError(text);
    if (openLineOf !== undefined) lines.write(Buffer.of(NEWLINE));
    openLineOf = undefined;
    lines.write(Buffer.from(text as string));
  };
  const print = (jobId: number, record: StoredRecord, computer: OnComputer | undefined): void => {
    if (record.stream === 'progress') return noteProgress(jobId, record.value as ProgressRecord);
    if (!shown(record.stream)) return;
    clearProgress();
    const { bytes, stream } = record;
    const time = timeOf(record, style);
    const asWritten = time === '' ? bytes : undefined;
    const head = headOf(record, computer, stream === 'output' ? outIsTerminal : errorIsTerminal);
    if (stream !== 'output') return tell(errorIsTerminal || asWritten === undefined ? `${time}${head}${toldText(record, errorIsTerminal, look)}\n` : terminated(asWritten));
    if (outIsTerminal) return writeOut(`${time}${head}${sanitise(textOf(record))}\n`);
    writeOutput(jobId, asWritten ?? Buffer.from(`${time}${textOf(record)}\n`));
  };
  const writeBytes = ({ jobId, channel, bytes, computer }: ReceivedBytes): void => {
    if (channel === undefined) return lines.write(bytes);
    clearProgress();
    if (channel === 'stdout') writeOutput(jobId, bytes);
    else tell(errorIsTerminal ? linesOf(bytes).map((line) => `${computer?.isOneOfSeveral === true ? before(computer.name) : ''}${paint(look, 'red', sanitise(line))}\n`).join('') : terminated(bytes));
  };
  return {
    print(received) {
      if ('bytes' in received) return writeBytes(received);
      if ('job' in received) return printJob(received.job, 'table');
      if ('event' in received) return writeOut(`${sanitiseLine(eventText(received.event))}\n`);
      const { jobId, records, computer } = received;
      // The common case in bulk: plain lines of output into a pipe or file, byte for byte.
      const isPlain = !outIsTerminal && style.timestamps === undefined && records.every(({ stream, bytes }) => stream === 'output' && bytes !== undefined);
      if (isPlain) writeOutput(jobId, Buffer.concat(records.map(({ bytes }) => bytes as Uint8Array)));
      else for (const record of records) print(jobId, record, computer);
      if (errorIsTerminal) drawProgress();
    },
    end() {
      lines.end();
      endProgress();
    },
  };
}

/** Only what is there already can wait, and only a pipe has a reader who leaves. */
function holdsBack({ isFinal }: RecordStyle): boolean {
  return isFinal === true && isPipe(1);
}

/** The computer of a line, before it: where a person reads those of several. Why a run has failed are words of ours, and its computer is named everywhere. */
function headOf(record: StoredRecord, computer: OnComputer | undefined, onTerminal: boolean): string {
  if (computer?.isOneOfSeveral !== true) return '';
  if (record.stream === 'error' && record.bytes === undefined) return beforeSentence(computer.name, textOf(record));
  return onTerminal ? before(computer.name) : '';
}

function linesOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(terminated(bytes)).toString().split('\n').slice(0, -1);
}

/** A record that is no output, with the word for its stream; errors have none, and are red where there is colour. */
function toldText(record: StoredRecord, onTerminal: boolean, look: Look): string {
  const text = onTerminal ? sanitise(textOf(record)) : textOf(record);
  const prefix = PREFIX[record.stream];
  if (prefix !== undefined) return `${paint(look, prefix[1], prefix[0])}${text}`;
  return onTerminal ? paint(look, 'red', text) : text;
}

function timeOf({ at }: StoredRecord, { timestamps }: RecordStyle): string {
  if (timestamps === undefined) return '';
  return `${(at ?? (timestamps === 'seen' ? systemClock.now() : undefined))?.toISOString() ?? '-'} `;
}

function eventText({ jobId, name, previousState, state }: StateEvent): string {
  return `Job ${jobId} (${name}): ${previousState} -> ${state}`;
}

/**
 * Writes output. A reader that wants only the beginning (`| head -1`) leaves when it has it, and what it left must not count
 * as received: so the last line is held back for the moment that leaving takes, and then tells us whether anybody is there.
 */
function createLineWriter(holdsBack: boolean): { write(bytes: Uint8Array): void; end(): void } {
  let held: Uint8Array | undefined;
  let hasWritten = false;
  const pass = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    writeOut(bytes);
    hasWritten = true;
  };
  return {
    write(bytes) {
      if (held !== undefined) pass(held);
      const end = holdsBack ? bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1 : bytes.length;
      pass(bytes.subarray(0, end));
      held = holdsBack ? bytes.subarray(end) : undefined;
    },
    end() {
      if (held === undefined) return;
      if (hasWritten) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MOMENT);
      pass(held);
    },
  };
}

/** Milliseconds in which a reader that has enough is gone. */
const MOMENT = 5;

const NEWLINE = 10;

/** Several things write to standard error: none is glued to another. */
function terminated(line: Uint8Array): Uint8Array {
  return line.at(-1) === NEWLINE ? line : Buffer.concat([line, Buffer.of(NEWLINE)]);
}

function textOf({ stream, value }: StoredRecord): string {
  const plain = plainValue(stream, value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
