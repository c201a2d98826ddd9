import { fstatSync, writeSync } from 'node:fs';
import { isJobError, JobError } from '@nightshift/sdk';

/** The reader of our standard output has gone: `| head -1`. The verb ends quietly. */
class BrokenPipe extends Error {
  override readonly name = 'BrokenPipe';
}

/** True for any copy of the class: the bundle has several. */
export function isBrokenPipe(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'BrokenPipe';
}

/** Linux: major 1, minor 3. */
const NULL_DEVICE = 0x103;

/** Whether a descriptor is a terminal; cheap for pipes and files, which are the hot path. */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const facts = fstatSync(descriptor);
    // Asked of a character device other than /dev/null only: node:tty brings the network with it.
    return facts.isCharacterDevice() && facts.rdev !== NULL_DEVICE && process.getBuiltinModule('node:tty').isatty(descriptor);
  } catch {
    return false;
  }
}

/** Whether somebody reads what we write as it comes. */
export function isPipe(descriptor: 1 | 2): boolean {
  const facts = fstatSync(descriptor);
  return facts.isFIFO() || facts.isSocket();
}

/** An empty terminal, written to from its top. */
export function clearScreen(): void {
  writeOut('\u001b[H\u001b[2J\u001b[3J');
}

/** Columns of the terminal; 80 when it does not say. */
export function terminalWidth(descriptor: 1 | 2 = 1): number {
  return (descriptor === 1 ? process.stdout : process.stderr).columns || 80;
}

/**
 * Writes everything, at once and in order. By descriptor, not by stream: a stream tells of a broken pipe only later, and a
 * cursor must not move past what was never delivered. Throws `BrokenPipe`.
 */
export function writeOut(data: string | Uint8Array): void {
  writeAll(1, typeof data === 'string' ? Buffer.from(data) : data);
}

/** The same to standard error. Nobody there to read it: nothing is lost that anybody would see. */
export function writeError(data: string | Uint8Array): void {
  try {
    writeAll(2, typeof data === 'string' ? Buffer.from(data) : data);
  } catch (cause) {
    if (!isBrokenPipe(cause) && !isJobError(cause)) throw cause;
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      // Somebody made the pipe non-blocking, and it is full.
      if (code === 'EAGAIN') Atomics.wait(PAUSE, 0, 0, 1);
      else if (code === 'EPIPE') throw new BrokenPipe();
      else throw new JobError({ code: code === 'ENOSPC' || code === 'EDQUOT' ? 'StoreFull' : 'InputOutputError', message: `standard output cannot be written: ${(cause as Error).message}` }, { cause });
    }
  }
}
