/** The options of definitions: the verbs get- and set-scheduled-job-option. Source: scheduled-jobs.md section 13. */
import { OPTION_KEYS } from '@nightshift/definitions/keys';
import { isBroken, type JobError } from '@nightshift/sdk';
import { eachDefinition, soundDefinition } from './each-definition.ts';
import { editDefinition, type Current, type Edit, type EditParts } from './edit-definition.ts';
import type { OptionChanges } from './options-flags.ts';
import { optionView, withRequired, type OptionView } from './options-view.ts';
import { selectDefinitions, type DefinitionSelector, type SelectParts } from './select.ts';

export interface OptionRequest {
  readonly selector: DefinitionSelector;
  /** One folder in place of the configured ones. */
  readonly path?: string | undefined;
}

export interface OptionChange extends OptionRequest {
  readonly changes: OptionChanges;
  /** Asked before each change, with the name of the definition. Default: yes. */
  readonly approve?: ((definition: string) => boolean) | undefined;
}

export interface OptionsAnswer {
  /** One per definition, in the order of their names. */
  readonly options: readonly OptionView[];
  readonly problems: readonly JobError[];
}

export async function getOptions(parts: SelectParts, { selector, path }: OptionRequest): Promise<OptionsAnswer> {
  const { definitions, problems } = await selectDefinitions(parts, selector, path, 'get-scheduled-job-option');
  const got = await eachDefinition(definitions, async (definition) => [optionView(soundDefinition(definition).options, definition.name)]);
  return { options: got.done, problems: [...problems, ...got.problems] };
}

/** Only what is given changes. Answers with all options of what was changed. */
export async function setOptions(parts: SelectParts & Omit<EditParts, 'yaml'>, { selector, path, changes, approve }: OptionChange): Promise<OptionsAnswer> {
  const { definitions, problems } = await selectDefinitions(parts, selector, path, 'set-scheduled-job-option');
  const set = await eachDefinition(definitions, async (definition) => {
    if (approve?.(definition.name) === false) return [];
    const { found } = await editDefinition(parts, definition, (current) => optionEdits(current, changes), { io: 'IOFailureOnSetJobDefinition', access: 'NoAccessFailureOnSetJobDefinition' });
    return isBroken(found) ? [] : [optionView(found.options, found.name)];
  });
  return { options: set.done, problems: [...problems, ...set.problems] };
}

/** An option that the file spells as PowerShell does keeps its spelling, with its comment; a second spelling goes. */
export function optionEdits({ values }: Pick<Current, 'values'>, changes: OptionChanges): readonly Edit[] {
  const options = mapOr(values['options']);
  return Object.entries(changes).flatMap(([name, value]) => {
    const [first, ...others] = Object.keys(options).filter((key) => key === name || OPTION_KEYS[key]?.means?.key === name);
    return [...valueEdits(first ?? name, value, mapOr(options[first ?? name])), ...others.map((key) => ({ path: ['options', key], value: undefined }))];
  });
}

function valueEdits(key: string, value: unknown, old: Readonly<Record<string, unknown>>): readonly Edit[] {
  const rule = OPTION_KEYS[key]?.value;
  if (rule?.is !== 'map') return [{ path: ['options', key], value: OPTION_KEYS[key]?.means?.opposite === true ? !(value as boolean) : value }];
  const all = { ...withRequired(rule.keys, old), ...(value as object) };
  return Object.keys(old).length === 0 ? [{ path: ['options', key], value: all }] : Object.entries(all).map(([inner, one]) => ({ path: ['options', key, inner], value: one }));
}

function mapOr(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
