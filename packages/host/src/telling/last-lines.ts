import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from '@nightshift/store';

const LINES = 20;
/** Of each file: more than anybody is told, so that secrets are found whole before the rest is cut. */
const BYTES = 32_768;

/**
 * The last lines that a run's last attempt has written, 20 at most: output, then errors, for nobody knows how they were mixed.
 * Where both are long each has half. Only the ends of the files are read.
 */
export async function lastLines({ runFolder, attempt }: Instance): Promise<string> {
  if (runFolder === undefined) return '';
  const folder = attemptFolder(runFolder, attempt);
  const [output, errors] = await Promise.all([endOf(join(folder, RUN_FILES.stdout)), endOf(join(folder, RUN_FILES.stderr))]);
  const ofErrors = errors.slice(-Math.max(LINES / 2, LINES - output.length));
  const ofOutput = output.slice(Math.max(0, output.length - LINES + ofErrors.length));
  return [...ofOutput, ...ofErrors].map((line) => `${line}\n`).join('');
}

/** The lines at the end of a file; one that is not there, or goes meanwhile, has none. */
async function endOf(path: string): Promise<readonly string[]> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, BYTES)), 0, Math.min(size, BYTES), Math.max(0, size - BYTES));
    const lines = withoutHalves(buffer.subarray(0, bytesRead).toString('utf8')).split('\n').map((line) => line.replace(/\r$/, ''));
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-LINES);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
    return [];
  }
}

/** The end of a text that is so many bytes long. */
export function cut(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  if (whole.length <= bytes) return text;
  return withoutHalves(whole.subarray(whole.length - bytes).toString('utf8'));
}

/** A character that was cut in the middle goes. */
function withoutHalves(text: string): string {
  return text.replace(/^\ufffd+/, '');
}
