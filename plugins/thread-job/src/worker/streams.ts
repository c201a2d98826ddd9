import { format } from 'node:util';
import { JSON_REFUSED, jsonOf } from './json.ts';

/** The seven streams of one job: one order over all of them. */
export interface Streams {
  readonly api: Readonly<Record<string, { write(record: unknown): Promise<void> }>>;
  /** For `console` and its like. */
  put(stream: string, value: unknown): void;
  /** Refuses more. */
  close(): void;
}

export const NAMES = ['output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress'] as const;

/** `write` takes whole lines and stands still while there is no room: the back-pressure. */
export function createStreams(write: (line: string) => void): Streams {
  let seq = 0;
  let isClosed = false;
  const put = (stream: string, value: unknown): void => {
    if (isClosed) throw closed();
    const text = jsonOf(value);
    if (text === undefined) throw refused(stream);
    seq += 1;
    write(`{"seq":${seq},"at":"${new Date().toISOString()}","stream":"${stream}","value":${text}}\n`);
  };
  return {
    api: Object.fromEntries(NAMES.map((name) => [name, { write: async (record: unknown) => put(name, checked(name, record)) }])),
    put,
    close: () => void (isClosed = true),
  };
}

/** Texts are taken for the records that they stand for: a script has no types that would tell it. */
function checked(stream: string, value: unknown): unknown {
  switch (stream) {
    case 'error':
      return value instanceof Error ? { message: value.message, ...codeOf(value), ...(value.stack === undefined ? {} : { stack: value.stack }) } : typeof value === 'object' && value !== null ? value : { message: String(value) };
    case 'information':
      return typeof value === 'object' && value !== null && 'message' in value ? value : { message: value };
    case 'progress':
      return typeof value === 'object' && value !== null ? value : { activity: String(value) };
    case 'output':
      return value;
    default:
      return typeof value === 'string' ? value : format(value);
  }
}

function codeOf(error: Error): { readonly code?: string } {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? { code } : {};
}

function refused(stream: string): Error {
  return Object.assign(new Error(`a record of the stream "${stream}" cannot be written as JSON: ${JSON_REFUSED}`), { code: 'RecordNotSerializable' });
}

function closed(): Error {
  return Object.assign(new Error('the job has ended: nothing more can be written'), { code: 'StreamClosed' });
}
