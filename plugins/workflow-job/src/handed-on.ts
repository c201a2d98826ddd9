/** What a step hands on: the lines that it has appended to the file named by NIGHTSHIFT_CHECKPOINT. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Values } from './plan.ts';

/** The variable that names the file. */
export const CHECKPOINT_VARIABLE = 'NIGHTSHIFT_CHECKPOINT';

/** Bytes that one step may hand on, and all steps of a job together: what fits into the environment of a program on every system. */
export const MOST_OF_A_STEP = 65_536;
export const MOST_OF_ALL = 262_144;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** They load code into every program that runs, or are ours to set. */
const REFUSED = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*|NIGHTSHIFT_.*|__proto__)$/i;

/** The values, or a sentence about what is wrong with them. No file: the step hands nothing on. */
export function readHandedOn(file: string): Values | string {
  const bytes = contentOf(file);
  if (typeof bytes === 'string') return bytes;
  try {
    return parseHandedOn(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof TypeError) return `what it handed on in ${CHECKPOINT_VARIABLE} is not UTF-8`;
    throw cause;
  }
}

/** What a step has put there need be no file at all: a pipe would be waited for without end. */
function contentOf(file: string): Buffer | string {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    return `what it handed on in ${CHECKPOINT_VARIABLE} cannot be read: ${(cause as Error).message}`;
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) return `what it handed on in ${CHECKPOINT_VARIABLE} is no file`;
    return facts.size > MOST_OF_A_STEP ? `it handed on ${facts.size} bytes in ${CHECKPOINT_VARIABLE}; ${MOST_OF_A_STEP} are allowed` : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Each line is NAME=value; the value goes to the end of its line, blanks included, and the last line with a name counts. Empty lines are passed over. Pure. */
export function parseHandedOn(text: string): Values | string {
  const values: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const [name, value] = split(line);
    const fault = faultOf(name, value);
    if (fault !== undefined) return `line ${index + 1} of what it handed on in ${CHECKPOINT_VARIABLE} ${fault}`;
    values[name] = value as string;
  }
  return values;
}

function split(line: string): readonly [string, string?] {
  const at = line.indexOf('=');
  return at < 0 ? [line] : [line.slice(0, at), line.slice(at + 1)];
}

function faultOf(name: string, value: string | undefined): string | undefined {
  const shown = JSON.stringify(name.slice(0, 40));
  if (value === undefined) return `is no NAME=value: ${shown}`;
  if (!NAME.test(name)) return `has no name for a variable: ${shown}`;
  if (REFUSED.test(name)) return `sets ${name}, which no step may set for others`;
  return value.includes('\0') ? `holds a NUL byte in ${name}` : undefined;
}

/** How many bytes these take in an environment. */
export function sizeOf(values: Values): number {
  return Object.entries(values).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 2, 0);
}
