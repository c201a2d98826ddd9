import { readFileSync } from 'node:fs';
import type { TriggerSelector } from '@nightshift/host';
import { DEFINITION_SELECTOR_OPTIONS, definitionsFor, definitionSelector, namesIn, objectsIn } from './definition-selector.ts';
import type { Option, Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** The flags that say which triggers; the same in every verb that acts on triggers. */
export const TRIGGER_SELECTOR_OPTIONS: Readonly<Record<string, Option>> = {
  'trigger-id': { kind: 'list', value: 'ID,…', help: 'only these triggers; default: all', selects: true },
  ...DEFINITION_SELECTOR_OPTIONS,
};

/** How the triggers of a verb are named, after its name. */
export const TRIGGER_USAGE = 'NAME | PATTERN | ID | - … [options]   (-: triggers or names from stdin)';

/**
 * The triggers that words and flags mean. Triggers as get-job-trigger prints them, piped in, mean those and no others of their
 * definitions. `mayMeanAll`: without a word every definition is meant, else it is an error.
 * Throws what `definitionsFor` throws, `InvalidParameterCombination`, and `ParameterArgumentTransformationError` for numbers in a
 * pipe to a verb that changes something: `get-job-trigger NAME -o id` prints some that mean no definition.
 */
export function triggerSelector(verb: string, options: Parsed, mayMeanAll: boolean): TriggerSelector {
  const given = [...options.words, ...(options.rest ?? [])];
  const piped = given.includes('-') ? readFileSync(0, 'utf8') : undefined;
  const triggerIds = options.list('trigger-id')?.map(readId);
  const triggers = piped === undefined ? undefined : triggersIn(piped);
  if (triggers !== undefined) {
    const beside = given.length > 1 ? 'other words' : ['trigger-id', 'id', 'name'].filter((flag) => options.has(flag)).map((flag) => `--${flag}`)[0];
    if (beside !== undefined) throw usage('InvalidParameterCombination', `the triggers on standard input say which are meant; ${beside} cannot stand beside them`, `pipe definitions in instead: get-scheduled-job NAME -o json | ${verb} -`);
    return { triggers };
  }
  const names = piped === undefined ? [] : namesIn(piped);
  if (!mayMeanAll && names.some((name) => /^\d+$/.test(name))) throw usage('ParameterArgumentTransformationError', 'numbers on standard input may be ids of triggers or of definitions', `pipe the things themselves: get-job-trigger NAME --json | ${verb} -`);
  const words = given.flatMap((word) => (word === '-' ? names : [word]));
  // Nothing came through the pipe: nothing is meant.
  if (given.length > 0 && words.length === 0) return { names: [] };
  const definitions = mayMeanAll ? definitionSelector(options, words) : definitionsFor(verb, options, words);
  return { ...definitions, ...(triggerIds === undefined ? {} : { triggerIds }) };
}

/** Undefined for anything else than triggers. */
function triggersIn(text: string): TriggerSelector['triggers'] {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const objects = objectsIn(text.trim()) as readonly Partial<Record<string, unknown>>[];
  if (objects.length === 0 || !objects.every((one) => typeof one?.['kind'] === 'string' && typeof one['id'] === 'number')) return undefined;
  return objects.map(({ definition, id }) => {
    if (typeof definition === 'string') return { definition, id: id as number };
    throw usage('ParameterArgumentTransformationError', 'a trigger on standard input belongs to no definition', 'what new-job-trigger prints is for add-job-trigger NAME --trigger -');
  });
}

function readId(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw usage('ParameterArgumentTransformationError', `--trigger-id takes whole numbers, not "${text}"`);
  const id = Number(text);
  if (id < 1 || !Number.isSafeInteger(id)) throw usage('ParameterArgumentValidationError', `no trigger can have the id ${text}: ids begin with 1`);
  return id;
}
