import { isJobError, type JobErrorFacts } from '@nightshift/sdk';
import { exitCodeOf } from '../exit-codes.ts';
import { excerptOf } from './excerpt.ts';
import { lookOf, paint, type Look } from './look.ts';
import { clearProgress } from './progress.ts';
import { sanitise, sanitiseJson, sanitiseLine } from './sanitise.ts';
import { shorten } from './shorten.ts';
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

function printComplaint({ verb, json }: Voice, facts: JobErrorFacts, mark: '' | 'warning: '): void {
  // A complaint never stands behind a bar on the same line.
  clearProgress();
  const short = shorten(facts);
  writeError(json ? jsonOf(short, mark === '' ? 'error' : 'warning') : textOf(verb, short, mark, lookOf(2)));
}

/** A complaint as people read it: its line, the place in the text with a caret, and the hint. */
export function complaintText(verb: string, facts: JobErrorFacts, mark: '' | 'warning: ' = ''): string {
  return textOf(verb, shorten(facts), mark, lookOf(2));
}

/** A complaint as programs read it; what it does not say is null. */
export function plainComplaint({ code, message, file = null as never, line = null as never, column = null as never, hint = null as never }: JobErrorFacts): object {
  return { code, message, file, line, column, hint };
}

function jsonOf(facts: JobErrorFacts, kind: string): string {
  return `${sanitiseJson(JSON.stringify({ [kind]: plainComplaint(facts) }))}\n`;
}

function textOf(verb: string, facts: JobErrorFacts, mark: '' | 'warning: ', look: Look): string {
  const { code, message, file, line, column, hint } = facts;
  const colour = mark === '' ? 'red' : 'yellow';
  const place = file === undefined ? '' : ` (${[file, line, column].filter((part) => part !== undefined).join(':')})`;
  const head = `${sanitiseLine(verb)}: ${paint(look, colour, mark + sanitiseLine(code))}: ${sanitiseLine(message)}${paint(look, 'grey', sanitiseLine(place))}\n`;
  return `${head}${excerptOf(facts, look)}${hint === undefined ? '' : `${paint(look, 'grey', '  hint: ')}${sanitiseLine(hint)}\n`}`;
}

function stackOf(cause: Error): string {
  const below = cause.cause instanceof Error ? `\ncaused by ${stackOf(cause.cause)}` : '';
  return `${cause.stack ?? cause.message}${below}`;
}
