/** The options of new- and set-scheduled-job-option, made from the table of what `options:` of a definition file may say. */
import { flagOf, OPTION_KEYS, type KeyRule } from '@nightshift/host/keys';
import type { TypedOptions } from '@nightshift/host';
import { optionOf } from './key-options.ts';
import type { Option, Parsed } from './option-table.ts';

/** Property names and PowerShell's parameter names. */
export const SCHEDULED_OPTION_OPTIONS: Readonly<Record<string, Option>> = Object.fromEntries(Object.entries(OPTION_KEYS).map(([key, rule]) => [flagOf(key), optionOf(key, rule)]));

/** What was typed, by key. */
export function typedOptions(options: Parsed): TypedOptions {
  const given = Object.entries(OPTION_KEYS).filter(([key]) => options.has(flagOf(key)));
  return Object.fromEntries(given.map(([key, rule]) => [key, valueOf(options, flagOf(key), rule)]));
}

function valueOf(options: Parsed, flag: string, { value }: KeyRule): string | boolean {
  return value.is === 'boolean' ? options.isOn(flag) : (options.text(flag) as string);
}
