import { JobError } from '@nightshift/sdk';
import { type Fault, quoteLine } from './message.ts';
import { quote } from './quote.ts';

/** Who is spoken of in every error: the plugin and the type, so that a reader knows whose program it was. */
export interface Culprit {
  readonly plugin: string;
  readonly type: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

const named = ({ plugin, type }: Culprit): string => `the program of ${type} ('${plugin}')`;

/** A line that ends the run, with its first 200 characters. */
export function badLine(culprit: Culprit, { code, why }: Fault, line: Buffer): JobError {
  return new JobError({ code, message: `${named(culprit)} ${why}: ${quoteLine(line)}`, ...hintOf(code) });
}

function hintOf(code: Fault['code']): { hint?: string } {
  return code === 'StdioProtocolViolation' ? { hint: 'standard output is for messages, one JSON object a line; text belongs on standard error' } : {};
}

/** The program ended without a word. `lastWords`: its last line on standard error. */
export function crashed(culprit: Culprit, exit: Exit, before: string, lastWords: string | undefined): JobError {
  const said = lastWords === undefined ? '' : `; the last thing it wrote to standard error: ${quote(lastWords)}`;
  return new JobError({ code: 'PluginCrashed', message: `${named(culprit)} ${howEnded(exit)} before it ${before}${said}` });
}

/** The program let a time limit pass. */
export function late(culprit: Culprit, what: string, hint: string): JobError {
  return new JobError({ code: 'PluginTimedOut', message: `${named(culprit)} ${what}. ${hint}` });
}

/** A fault that no line shows. */
export function broke(culprit: Culprit, code: 'StdioProtocolViolation', why: string): JobError {
  return new JobError({ code, message: `${named(culprit)} ${why}` });
}

/** After `dispose`. */
export function untidy(culprit: Culprit, exit: Exit): JobError {
  return new JobError({ code: 'PluginCrashed', message: `${named(culprit)} ${howEnded(exit)} when it was to release everything; exit code 0 was expected` });
}

/** Lines that came after the end: how many, and the first. */
export interface Late {
  lines: number;
  first?: string;
}

/** What cannot count any more; undefined when there was nothing. */
export function lateWords(culprit: Culprit, refused: Late, afterwords: Late): string | undefined {
  const parts = [
    refused.first === undefined ? undefined : `went on after its outcome; that is refused: ${refused.first}${andMore(refused)}`,
    afterwords.first === undefined ? undefined : `wrote to standard error after its end: ${afterwords.first}${andMore(afterwords)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : `${named(culprit)} ${parts.join('; it ')}`;
}

function andMore({ lines }: Late): string {
  return lines === 1 ? '' : ` (and ${lines - 1} more)`;
}

function howEnded({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was ended by ${signal}`;
}
