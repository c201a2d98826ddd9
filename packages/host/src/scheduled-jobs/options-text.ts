/** Options that somebody wrote as text in an option, or that came through a pipe. */
import { readTypedMaps, type TypedMap } from '@nightshift/definitions';
import { OPTION_KEYS, type Keys } from '@nightshift/definitions/keys';
import { asciiLower, isJobError, JobError, suggest, type JobErrorFacts } from '@nightshift/sdk';
import { optionView, withoutDefaults } from './options-view.ts';
import { raise } from './trigger-flags.ts';

/** What printed options say of where they were; a copy of them does not say it again. */
const OF_THE_PLACE = ['apiversion', 'id', 'definition', 'jobdefinition'];

/**
 * The options that a text of JSON or YAML holds, as `options:` of a file says them: as they stand there, or as our verbs print
 * them, of which only what differs from the defaults is kept. Keys without case. Throws everything that is wrong, with the place
 * in the text: `ParameterArgumentValidationError`, and what a value has of its own. Source: scheduled-jobs.md sections 11 and 12.
 */
export function readOptionText(text: string): Readonly<Record<string, unknown>> {
  const { map, value } = readText(text);
  return isPrinted(map) ? withoutDefaults(value) : value;
}

/** The same for a change: what is said counts, the default or not. */
export function readOptionChanges(text: string): Readonly<Record<string, unknown>> {
  return readText(text).value;
}

function readText(text: string): { readonly map: TypedMap; readonly value: Readonly<Record<string, unknown>> } {
  const [map, second] = mapsOf(text);
  if (map === undefined || second !== undefined) throw invalid({ message: map === undefined ? 'there are no options in the text' : 'there are several option objects in the text', hint: 'a definition has one' });
  const { issues, value } = readOne(map);
  raise(issues.map(asArgument));
  return { map, value };
}

function mapsOf(text: string): readonly TypedMap[] {
  if (text.trim() === '' || /^(?:@\{|System\.Collections\.Hashtable)/.test(text.trim())) {
    throw invalid({ message: 'the options are no text of JSON or YAML', hint: "write '{wakeToRun: true, idleDuration: 20m}', or pass on what new-scheduled-job-option --json prints" });
  }
  try {
    return readTypedMaps(text, 'options');
  } catch (error) {
    throw isJobError(error) ? new JobError({ ...asArgument(error), message: error.message }, { cause: error }) : error;
  }
}

function readOne(map: TypedMap): { readonly value: Readonly<Record<string, unknown>>; readonly issues: readonly JobErrorFacts[] } {
  const given = Object.keys(map.value).filter((key) => map.value[key] !== null && !OF_THE_PLACE.includes(asciiLower(key)));
  const unknown = given.filter((key) => nameOf(key) === undefined);
  const keys: Keys = Object.fromEntries(given.filter((key) => !unknown.includes(key)).map((key) => [key, ruleFor(key)]));
  const { value, issues } = map.check(keys);
  return { value: JSON.parse(JSON.stringify(value)) as typeof value, issues: [...unknown.map((key) => unknownKey(map, key)), ...issues] };
}

/** The rule of an option under the name that it has in the text; its value is handed on under the property name. */
function ruleFor(key: string): Keys[string] {
  const name = nameOf(key) as string;
  const rule = OPTION_KEYS[name] as Keys[string];
  return name === key || rule.means !== undefined ? rule : { ...rule, means: { key: name, opposite: false } };
}

/** The option of this name in any case, as PowerShell's hash tables have it. */
function nameOf(key: string): string | undefined {
  return Object.keys(OPTION_KEYS).find((name) => asciiLower(name) === asciiLower(key));
}

function unknownKey(map: TypedMap, key: string): JobErrorFacts {
  const near = suggest(key, Object.keys(OPTION_KEYS));
  return map.at([key], { code: 'DefinitionKeyUnknown', message: `no option is named "${key}"`, ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) }, 'key');
}

/** Our verbs print every option. */
function isPrinted({ value }: TypedMap): boolean {
  return Object.keys(optionView(undefined)).every((name) => Object.hasOwn(value, name));
}

function asArgument(issue: JobErrorFacts): JobErrorFacts {
  return { ...issue, code: issue.code.startsWith('Definition') ? 'ParameterArgumentValidationError' : issue.code, message: issue.message };
}

function invalid(facts: Pick<JobErrorFacts, 'message' | 'hint'>): JobError {
  return new JobError({ code: 'ParameterArgumentValidationError', ...facts });
}
