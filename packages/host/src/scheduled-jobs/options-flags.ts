/** What the options of new-scheduled-job-option and set-scheduled-job-option say. */
import { checkTyped } from '@nightshift/definitions';
import { OPTION_KEYS, type KeyRule } from '@nightshift/definitions/keys';
import { isJobError, type JobErrorFacts } from '@nightshift/sdk';
import { flagOf, inFlags } from './flag-words.ts';
import { raise } from './trigger-flags.ts';

/** By the key of `options:`, in either spelling; a switch is a boolean. */
export type TypedOptions = Readonly<Record<string, string | boolean>>;

/** The values that are given, under their property names. */
export type OptionChanges = Readonly<Record<string, unknown>>;

/**
 * Throws everything that is wrong: `ParameterArgumentValidationError`, and what a value has of its own (`DurationInvalid`,
 * `RunElevatedNotSupported`); `InvalidParameterCombination` for two spellings of one option.
 */
export function readTypedOptions(typed: TypedOptions): OptionChanges {
  const issues: JobErrorFacts[] = [];
  const changes = new Map<string, unknown>();
  const flags = new Map<string, string>();
  for (const [name, text] of Object.entries(typed)) {
    const rule = OPTION_KEYS[name] as KeyRule;
    const { key, opposite } = rule.means ?? { key: name, opposite: false };
    const read = readOne(name, rule, text);
    issues.push(...read.issues.map(asOption));
    const other = flags.get(key);
    if (other !== undefined) issues.push({ code: 'InvalidParameterCombination', message: `--${flagOf(other)} and --${flagOf(name)} are one option in two spellings`, hint: 'keep one of them' });
    flags.set(key, name);
    changes.set(key, opposite ? !(read.value as boolean) : read.value);
  }
  raise(issues);
  return Object.fromEntries(changes);
}

function readOne(name: string, rule: KeyRule, typed: string | boolean): { readonly value: unknown; readonly issues: readonly JobErrorFacts[] } {
  try {
    return checkTyped(`--${flagOf(name)}`, rule, String(typed));
  } catch (error) {
    if (!isJobError(error)) throw error;
    return { value: undefined, issues: [{ ...error, code: error.code, message: `--${flagOf(name)}: ${error.message}` }] };
  }
}

const NAMES = Object.keys(OPTION_KEYS);

/** A mistake in a value keeps its code; one in the shape of a file is none of a command line's business. */
export function asOption(issue: JobErrorFacts): JobErrorFacts {
  const { code, message, hint } = issue;
  return { ...issue, code: code.startsWith('Definition') ? 'ParameterArgumentValidationError' : code, message: inFlags(message, NAMES), ...(hint === undefined ? {} : { hint: inFlags(hint, NAMES) }) };
}
