import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { currentFolder } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';

/** A file that is imported: text without BOM, carriage returns and control characters. */
export interface Source {
  /** As the user wrote its path; `-` is standard input. */
  readonly file: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** file:line, from 1. */
  at(line: number): string;
}

const MOST_BYTES = 1024 * 1024;
const CONTROL = /(?!\t)\p{Cc}/u;

/**
 * Reads a regular file, or standard input for `-`. Throws `FilePathNotFound`, `ParameterArgumentValidationError` for what is
 * no file, `DefinitionTooLarge` above 1 MiB, and `DefinitionSyntaxError` for what is no text.
 */
export function readSource(file: string): Source {
  return sourceOf(file, textOf(file, file === '-' ? readAll(0, file) : readRegular(file)));
}

export function sourceOf(file: string, text: string): Source {
  return { file, text, lines: text.split('\n'), at: (line) => `${file}:${line}` };
}

/** The complaint that a line is not what the format knows. */
export function foreign({ file, lines }: Source, line: number, message: string, hint?: string): JobError {
  const text = lines[line - 1] ?? '';
  return new JobError({ code: 'DefinitionSyntaxError', message, file, line, column: 1, excerpt: { text, length: Math.min(text.length, 60) }, ...(hint === undefined ? {} : { hint }) });
}

function readRegular(file: string): Uint8Array {
  const descriptor = openRegular(file);
  try {
    return readAll(descriptor, file);
  } finally {
    closeSync(descriptor);
  }
}

/** To be closed by the caller. Throws `FilePathNotFound`, `ParameterArgumentValidationError` for what is no file. */
export function openRegular(file: string): number {
  const path = resolve(currentFolder(), file);
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) throw new JobError({ code: 'FilePathNotFound', message: `nothing is at "${file}"` });
  // Before it is opened: to open a pipe would wait for somebody to write.
  if (!facts.isFile()) throw new JobError({ code: 'ParameterArgumentValidationError', message: `"${file}" is no regular file` });
  const descriptor = openToRead(path, file);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new JobError({ code: 'ParameterArgumentValidationError', message: `"${file}" is no regular file` });
}

function openToRead(path: string, file: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new JobError({ code: 'InputOutputError', message: `"${file}" cannot be read: ${(cause as Error).message}` }, { cause });
  }
}

/** Stops as soon as there is too much. */
function readAll(descriptor: number, file: string): Uint8Array {
  const bytes = new Uint8Array(MOST_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) read = readSome(descriptor, bytes, length);
  if (length > MOST_BYTES) throw new JobError({ code: 'DefinitionTooLarge', message: 'there is more than 1 MiB', file });
  return bytes.subarray(0, length);
}

/** Bytes read; 0 at the end. */
export function readSome(descriptor: number, bytes: Uint8Array, at: number): number {
  try {
    return readSync(descriptor, bytes, at, bytes.length - at, null);
  } catch (cause) {
    // Standard input that was closed before.
    if ((cause as NodeJS.ErrnoException).code === 'EOF') return 0;
    throw new JobError({ code: 'InputOutputError', message: `the file cannot be read: ${(cause as Error).message}` }, { cause });
  }
}

function textOf(file: string, bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replaceAll('\r\n', '\n');
  const source = sourceOf(file, text);
  const bad = source.lines.findIndex((line) => CONTROL.test(line));
  const spoiled = isUtf8(bytes) ? -1 : source.lines.findIndex((line) => line.includes('\ufffd'));
  if (spoiled !== -1) throw foreign(source, spoiled + 1, 'this is no text: a byte is not UTF-8');
  if (bad !== -1) throw foreign(source, bad + 1, 'this is no text: it holds a control character');
  return text;
}
