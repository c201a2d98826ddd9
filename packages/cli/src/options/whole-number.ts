import type { Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** A whole number from `least` to `most`; undefined when the flag was not given. Throws `ParameterArgumentValidationError`. */
export function wholeNumberOf(options: Parsed, flag: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
  const text = options.text(flag);
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} up` : `from ${least} to ${most}`;
  throw usage('ParameterArgumentValidationError', `--${flag} takes a whole number ${range}, not "${text}"`);
}
