import { existsSync, fstatSync, readFileSync, writeSync } from 'node:fs';
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

/** Whether standard output and standard error end in one pipe or file, as by `2>&1`: then their order is seen. */
export function isOnePlace(): boolean {
  try {
    const [out, error] = [fstatSync(1), fstatSync(2)];
    return !out.isCharacterDevice() && out.dev === error.dev && out.ino === error.ino;
  } catch {
    return false;
  }
}

/** O_ACCMODE and O_RDWR (fcntl(2)). */
const [ACCESS, READ_AND_WRITE] = [3, 2];

/**
 * Whether standard output was closed (`>&-`) before we began: Node opens /dev/null in its place, for reading and writing, as
 * no shell does for `>/dev/null`. A program that starts us with an output to be ignored looks the same.
 */
export function isClosed(): boolean {
  const facts = fstatSync(1);
  const told = '/proc/self/fdinfo/1';
  if (!facts.isCharacterDevice() || facts.rdev !== NULL_DEVICE || !existsSync(told)) return false;
  const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(told, 'utf8'))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS) === READ_AND_WRITE;
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
