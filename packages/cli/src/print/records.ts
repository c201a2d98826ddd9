import type { Received } from '@nightshift/host';
import type { ProgressRecord, StoredRecord, StreamName } from '@nightshift/sdk';
import { clearProgress, showProgress } from './progress.ts';
import { sanitise } from './sanitise.ts';
import { isTerminal, writeError, writeOut } from './terminal.ts';

/** How records are shown. */
export interface RecordStyle {
  readonly format: 'table' | 'json' | 'jsonl';
  readonly showVerbose: boolean;
  readonly showDebug: boolean;
}

/** Shows records as they come; `end` closes what was begun. */
export interface RecordPrinter {
  print(received: Received): void;
  end(): void;
}

export function createRecordPrinter(style: RecordStyle): RecordPrinter {
  if (style.format === 'table') return createTextPrinter(style);
  if (style.format === 'jsonl') return { print: (received) => writeOut(linesOf(received).map((line) => `${line}\n`).join('')), end: () => {} };
  let separator = '[';
  return {
    print(received) {
      for (const line of linesOf(received)) {
        writeOut(`${separator}${line}`);
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
  const print = (record: StoredRecord): void => {
    if (record.stream === 'progress') return errorIsTerminal ? showProgress(record.value as ProgressRecord) : undefined;
    if (!shown(record.stream)) return;
    if (errorIsTerminal) clearProgress();
    const text = textOf(record);
    if (record.stream === 'output') writeOut(`${outIsTerminal ? sanitise(text) : text}\n`);
    else writeError(`${PREFIX[record.stream] ?? ''}${errorIsTerminal ? sanitise(text) : text}\n`);
  };
  return {
    print({ records }) {
      // The common case in bulk: plain lines of output into a pipe or file, byte for byte.
      const isPlain = !outIsTerminal && records.every(({ stream, bytes }) => stream === 'output' && bytes !== undefined);
      if (isPlain) writeOut(Buffer.concat(records.flatMap(({ bytes }) => [bytes as Uint8Array, NEWLINE])));
      else for (const record of records) print(record);
    },
    end: () => (errorIsTerminal ? clearProgress() : undefined),
  };
}

const NEWLINE = Buffer.from('\n');

function textOf({ stream, value }: StoredRecord): string {
  const plain = plainValue(stream, value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}
