import type { HandledDefinitions } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import { printDefinitions } from '../print/definition.ts';
import { printError, printWarning, type Voice } from '../print/error.ts';
import type { Format } from '../print/job.ts';
import type { Option, Parsed } from './option-table.ts';

/** Of verbs that change definitions and print nothing by themselves. */
export const PASS_THRU_OPTION: Readonly<Record<string, Option>> = { 'pass-thru': { kind: 'switch', help: 'print the definitions as they are now' } };

/** Prints what such a verb has done, where it was asked for, and what went wrong; answers with the exit status. What was wrong before is an error only to whoever wants to see the definition. */
export function passThru(options: Parsed, voice: Voice, { definitions, problems, leftOver = [] }: Omit<HandledDefinitions, 'runs'>, format: Format): number {
  const isShown = options.isOn('pass-thru');
  if (isShown) printDefinitions(definitions, format);
  else for (const mistake of leftOver) printWarning(voice, mistake);
  return [...problems, ...(isShown ? leftOver : [])].map((problem) => printError(voice, problem))[0] ?? EXIT.done;
}
