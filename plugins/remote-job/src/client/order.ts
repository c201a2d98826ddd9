/** What the coordinator hands to a client: the first line of its standard input, which is kept in the child's private run folder. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that are sent: of a private file beside the job, or, where there is no folder for one, as they are. */
export type Sent = { readonly path: string } | { readonly base64: string };

/** A command for one computer. */
export interface RemoteOrder {
  readonly computer: string;
  readonly user?: string;
  readonly port?: number;
  /** Program and arguments; in the place of `OWN_FILE` stands the path of the file over there. */
  readonly words: readonly [string, ...string[]];
  /** Script text or file that is sent along. */
  readonly file?: { readonly name: string; readonly bytes: Sent };
  readonly input?: Sent;
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds; absent: as long as it wants. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly gracePeriod: number;
  /** Whether a connection may be left open for the next one to this computer: it is one more process of ssh. */
  readonly shares: boolean;
  /** The command is begun and left alone. */
  readonly leaves: boolean;
}

/** Stands for the path of the sent file among the words; no word of a user's can hold it. */
export const OWN_FILE = '\0file';

const MOST = 268_435_456;
const CHUNK = 65_536;
const LINE_END = 10;

/** The order that the first attempt was given: every later one goes by it as well. Throws when it is not whole. */
export function readOrder(runFolder: string): RemoteOrder {
  const kept = join(runFolder, '1', 'stdin');
  // A host that keeps no run folder hands it over in a pipe.
  if (!existsSync(kept)) return JSON.parse(firstLine(0)) as RemoteOrder;
  const file = openSync(kept, 'r');
  try {
    return JSON.parse(firstLine(file)) as RemoteOrder;
  } finally {
    closeSync(file);
  }
}

function firstLine(file: number): string {
  const chunks: Buffer[] = [];
  for (let size = 0; size < MOST; size += CHUNK) {
    const chunk = Buffer.alloc(CHUNK);
    const length = readSync(file, chunk);
    const end = chunk.subarray(0, length).indexOf(LINE_END);
    chunks.push(chunk.subarray(0, end < 0 ? length : end));
    if (end >= 0 || length === 0) break;
  }
  return Buffer.concat(chunks).toString();
}
