import { join } from 'node:path';
import type { YamlDefinitions } from '@nightshift/definitions';
import { checkName, isBroken, JobError, type BrokenDefinition, type Definition, type JobErrorFacts } from '@nightshift/sdk';

/** Turns what a plugin has said of a definition into one. Throws `PluginMessageInvalid`, `InvalidDefinitionName`. */
export type ReadDefinition = (found: unknown, type: string) => Promise<Definition | BrokenDefinition>;

type Map = Readonly<Record<string, unknown>>;

const KEYS = ['description', 'triggers', 'options', 'enabled', 'timeZone', 'maxResultCount'];
const LONGEST_LOCATION = 1_000;

/**
 * By the rules for a definition file of that content: what a plugin says is not believed more than what a person writes. Its
 * key is ours to make. Paths in it begin nowhere, since nobody could say whose folder that was.
 */
export function definitionReader(yaml: Pick<YamlDefinitions, 'check'>, folder: string): ReadDefinition {
  return async (found, type) => {
    const { name, location, spec, errors, sourceName, ...rest } = mapIn(found);
    if (typeof name !== 'string') throw new JobError({ code: 'PluginMessageInvalid', message: `a definition of type ${type} has no name` });
    checkName(name);
    const shown = typeof location === 'string' && location !== '' ? location.slice(0, LONGEST_LOCATION) : `${type} ${name}`;
    if (errors !== undefined) return { name, type, location: shown, errors: complaintsIn(errors) };
    const said = KEYS.filter((key) => rest[key] !== undefined && rest[key] !== null).map((key) => [key, rest[key]]);
    const checked = await yaml.check(join(folder, `${name}.json`), JSON.stringify({ type, ...Object.fromEntries(said), job: spec ?? {} }));
    const { place: _place, baseFolder: _folder, ...facts } = checked;
    return isBroken(checked) ? { ...facts, location: shown, errors: checked.errors.map((error) => withoutPlace(error, shown)) } as BrokenDefinition : { ...(facts as Definition), location: shown, ...(typeof sourceName === 'string' ? { sourceName } : {}) };
  };
}

/** Lines and columns would be those of a text that nobody has written. */
function withoutPlace({ code, message, hint }: JobErrorFacts, file: string): JobErrorFacts {
  return { code, message, file, ...(hint === undefined ? {} : { hint }) };
}

function complaintsIn(errors: unknown): readonly JobErrorFacts[] {
  const complaints = (Array.isArray(errors) ? errors : []).map((error: unknown): JobErrorFacts => {
    const { code, message } = mapIn(error);
    return { code: typeof code === 'string' && /^[A-Z][A-Za-z0-9]{0,63}$/.test(code) ? code : 'DefinitionValueInvalid', message: typeof message === 'string' ? message.slice(0, LONGEST_LOCATION) : 'it is broken' };
  });
  return complaints.length > 0 ? complaints : [{ code: 'DefinitionValueInvalid', message: 'it is broken' }];
}

function mapIn(value: unknown): Map {
  return typeof value === 'object' && value !== null ? (value as Map) : {};
}
