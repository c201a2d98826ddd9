import type { Received } from '@nightshift/host';
import type { ProgressRecord, StoredRecord, StreamName } from '@nightshift/sdk';
import { writeText } from './json.ts';
import { clearProgress, showProgress } from './progress.ts';
import { sanitise } from './sanitise.ts';
import { isTerminal, writeError, writeOut } from './terminal.ts';

/** How records are shown. */
export interface RecordStyle {
  readonly format: 'table' | 'wide' | 'json' | 'jsonl' | 'yaml';
  readonly showVerbose: boolean;
  readonly showDebug: boolean;
}

/** Shows records as they come; `end` closes what was begun. */
export interface RecordPrinter {
  print(received: Received): void;
  end(): void;
}

export function createRecordPrinter(style: RecordStyle): RecordPrinter {
  if (style.format === 'table' || style.format === 'wide') return createTextPrinter(style);
  if (style.format === 'jsonl') return { print: (received) => writeText(linesOf(received).map((line) => `${line}\n`).join('')), end: () => {} };
  // JSON is YAML, and so is a list of it.
  if (style.format === 'yaml') return { print: (received) => writeText(linesOf(received).map((line) => `- ${line}\n`).join('')), end: () => {} };
  let separator = '[';
  return {
    print(received) {
      for (const line of linesOf(received)) {
        writeText(`${separator}${line}`);
        separator = ',';
      }
    },
    end: () => writeOut(separator === '[' ? '[]\n' : ']\n'),
  };
}

/** `{"jobId","seq","time","stream","value"}`, of a command with `channel` besides. */
function linesOf({ jobId, records }: Received): string[] {
  return records.map(({ seq, at, stream, value, channel }) =>
    JSON.stringify({ jobId, seq, time: at, stream, value: plainValue(stream, value), ...(channel === undefined ? {} : { channel }) }),
  );
}

/** What a record says in one word: text where it is text, only progress keeps its parts. */
function plainValue(stream: StreamName, value: unknown): unknown {
  return stream === 'error' || stream === 'information' ? (value as { message: unknown }).message : value;
}

const PREFIX: Readonly<Partial<Record<StreamName, string>>> = { warning: 'WARNING: ', verbose: 'VERBOSE: ', debug: 'DEBUG: ', information: 'INFO: ' };

function createTextPrinter(style: RecordStyle): RecordPrinter {
  const [outIsTerminal, errorIsTerminal] = [isTerminal(1), isTerminal(2)];
  const shown = (stream: StreamName): boolean => (stream !== 'verbose' || style.showVerbose) && (stream !== 'debug' || style.showDebug);
  // The last line of a job may have no end: another job's first must not be glued to it.
  let openLineOf: number | undefined;
  const writeOutput = (jobId: number, bytes: Uint8Array): void => {
    if (openLineOf !== undefined && openLineOf !== jobId) writeOut('\n');
    writeOut(bytes);
    openLineOf = bytes.at(-1) === NEWLINE ? undefined : jobId;
  };
  const print = (jobId: number, record: StoredRecord): void => {
    if (record.stream === 'progress') return errorIsTerminal ? showProgress(record.value as ProgressRecord) : undefined;
    if (!shown(record.stream)) return;
    if (errorIsTerminal) clearProgress();
    const { bytes } = record;
    const isOutput = record.stream === 'output';
    const text = `${PREFIX[record.stream] ?? ''}${textOf(record)}`;
    if (isOutput ? outIsTerminal : errorIsTerminal) return (isOutput ? writeOut : writeError)(`${sanitise(text)}\n`);
    if (isOutput) writeOutput(jobId, bytes ?? Buffer.from(`${text}\n`));
    else writeError(bytes === undefined ? `${text}\n` : terminated(bytes));
  };
  return {
    print({ jobId, records }) {
      // The common case in bulk: plain lines of output into a pipe or file, byte for byte.
      const isPlain = !outIsTerminal && records.every(({ stream, bytes }) => stream === 'output' && bytes !== undefined);
      if (isPlain) writeOutput(jobId, Buffer.concat(records.map(({ bytes }) => bytes as Uint8Array)));
      else for (const record of records) print(jobId, record);
    },
    end: () => (errorIsTerminal ? clearProgress() : undefined),
  };
}

const NEWLINE = 10;

/** Several things write to standard error: none is glued to another. */
function terminated(line: Uint8Array): Uint8Array {
  return line.at(-1) === NEWLINE ? line : Buffer.concat([line, Buffer.of(NEWLINE)]);
}

function textOf({ stream, value }: StoredRecord): string {
  const plain = plainValue(stream, value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
