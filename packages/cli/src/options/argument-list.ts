import type { Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** The arguments of a text or a file: `--argument-list`, or the words after `--`. Throws `InvalidParameterCombination` for both. */
export function argumentsOf(options: Parsed): readonly string[] {
  if (options.has('argument-list') && options.rest !== undefined) {
    throw usage('InvalidParameterCombination', '--argument-list and words after -- exclude each other');
  }
  return options.list('argument-list') ?? options.rest ?? [];
}
