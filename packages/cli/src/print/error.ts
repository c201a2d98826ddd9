import { isJobError, type JobErrorFacts } from '@nightshift/sdk';
import { exitCodeOf } from '../exit-codes.ts';
import { sanitise, sanitiseLine } from './sanitise.ts';
import { writeError } from './terminal.ts';

/** How complaints are printed: by whom, and whether as JSON. */
export interface Voice {
  readonly verb: string;
  readonly json: boolean;
  readonly debug: boolean;
}

/** Everything that an error holds, as facts; a bug of ours becomes `InternalError`. */
export function complaintsOf(cause: unknown): readonly JobErrorFacts[] {
  if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.flatMap(complaintsOf);
  if (isJobError(cause)) return [cause];
  const message = cause instanceof Error ? cause.message : String(cause);
  return [{ code: 'InternalError', message: `this is a mistake of Nightshift: ${message}`, hint: 'run it again with --debug and report what it prints' }];
}

/** Prints an error and says with which status to end. */
export function printError(voice: Voice, cause: unknown): number {
  const complaints = complaintsOf(cause);
  for (const complaint of complaints) printComplaint(voice, complaint, '');
  if (voice.debug && cause instanceof Error) writeError(`${sanitise(stackOf(cause))}\n`);
  return exitCodeOf(complaints[0] as JobErrorFacts);
}

export function printWarning(voice: Voice, warning: JobErrorFacts): void {
  printComplaint(voice, warning, 'warning: ');
}

function printComplaint({ verb, json }: Voice, facts: JobErrorFacts, mark: string): void {
  if (json) {
    const { code, message, file = null, line = null, column = null, hint = null } = facts;
    writeError(`${JSON.stringify({ [mark === '' ? 'error' : 'warning']: { code, message, file, line, column, hint } })}\n`);
    return;
  }
  const place = facts.file === undefined ? '' : ` (${[facts.file, facts.line, facts.column].filter((part) => part !== undefined).join(':')})`;
  writeError(`${sanitiseLine(`${verb}: ${mark}${facts.code}: ${facts.message}${place}`)}\n${excerptOf(facts)}${facts.hint === undefined ? '' : `  hint: ${sanitiseLine(facts.hint)}\n`}`);
}

/** How much of a long line is shown around the fault. */
const SHOWN = 100;

/** The source line and a caret line under the fault. */
function excerptOf({ excerpt, line, column }: JobErrorFacts): string {
  if (excerpt === undefined || line === undefined || column === undefined) return '';
  const letters = [...excerpt.text];
  const from = Math.max(0, column - 1 - SHOWN / 2);
  const shown = letters.slice(from, from + SHOWN).map((letter) => (letter === '\t' ? ' ' : sanitiseLine(letter)));
  const before = shown.slice(0, column - 1 - from).join('').length;
  const length = Math.max(1, shown.slice(column - 1 - from, column - 1 - from + excerpt.length).join('').length);
  const gutter = `  ${line} | `;
  return `${gutter}${shown.join('')}\n${' '.repeat(gutter.length - 2)}| ${' '.repeat(before)}${'^'.repeat(length)}\n`;
}

function stackOf(cause: Error): string {
  const below = cause.cause instanceof Error ? `\ncaused by ${stackOf(cause.cause)}` : '';
  return `${cause.stack ?? cause.message}${below}`;
}
