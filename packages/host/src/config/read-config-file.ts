import { lstatSync } from 'node:fs';
import { basename } from 'node:path';
import { holdsPassword, isReference, isSensitive, readCheckedMap, type CheckedMap } from '@nightshift/definitions';
import { checkName, isJobError, JobError, type JobErrorFacts } from '@nightshift/sdk';
import { isPluginName } from '../trust/plugin-name.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { retentionFault, type RetentionValues } from './retention.ts';
import { hookDoubts, hookFaults } from './hook-faults.ts';
import type { HookKind } from './hook-keys.ts';

/** What one configuration file says. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  /** Of keys whose values are of the right kind. */
  readonly values: ConfigValues;
  /** What is wrong with it by itself, wherever it lies and whoever trusts it. */
  readonly errors: readonly JobError[];
  /** What is accepted although it is hardly meant. */
  readonly warnings: readonly JobError[];
  /** A complaint with the place of a key: of one at the top, or of the one that a path of keys and indexes leads to. */
  complain(path: string | readonly PropertyKey[], facts: JobErrorFacts): JobError;
  /** Whether a word stands in its text, whatever else is wrong with it. */
  mentions(word: string): boolean;
}

export interface ConfigValues {
  readonly definitionPath?: readonly string[];
  readonly namespace?: string;
  readonly plugins?: readonly string[];
  readonly timeZone?: string;
  readonly engine?: EngineValues;
  readonly retention?: RetentionValues;
  readonly hooks?: HooksSpec;
  readonly safeOwners?: readonly number[];
  readonly trustedProjects?: readonly TrustedProject[];
}

/** What chooses an engine; all besides its name are options of its own. */
export interface EngineValues {
  readonly name: string;
}

/** One entry of `hooks`, checked: exactly one of `webhook` and `definition`. Durations are texts, but for a bare 0. */
export interface HookSpec {
  readonly webhook?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly allowPrivate?: boolean;
  readonly definition?: string;
  readonly definitions?: readonly string[];
  readonly retry?: { readonly limit?: number; readonly delay?: string; readonly factor?: number; readonly maxDelay?: string };
  /** Of onMissed only. */
  readonly within?: string;
}

export type HooksSpec = { readonly [kind in HookKind]?: readonly HookSpec[] };

/** What a person trusted: a folder and its plugins as they were then. */
export interface TrustedProject {
  /** Real path. */
  readonly folder: string;
  readonly plugins: readonly { readonly name: string; readonly path: string; readonly version: string }[];
}

/**
 * Reads a YAML or JSON file, or what package.json says under `nightshift`. Throws `ConfigUnsafe` for a file that somebody else
 * could have written or that is no regular file, `DefinitionPathUnreadable`. `safeOwners`: user ids whose files are read.
 */
export async function readConfigFile(path: string, safeOwners: readonly number[]): Promise<ConfigFile> {
  const checked = await readChecked(path, safeOwners);
  const complain: Complain = (place, facts) => new JobError({ ...checked.at(place, facts), file: path });
  const faults = checked.errors.map((facts) => new JobError({ ...facts, file: path }));
  return { path, values: soundOnly(checked.values), errors: [...faults, ...faultsOf(checked.values, complain)], warnings: hookDoubts(checked.values['hooks'], complain), complain, mentions: checked.mentions };
}

async function readChecked(path: string, safeOwners: readonly number[]): Promise<CheckedMap> {
  const options = { alsoSingle: ['definitionPath'], safeOwners, ...(basename(path) === 'package.json' ? { within: 'nightshift' } : {}) };
  try {
    return await readCheckedMap(path, CONFIG_KEYS, options);
  } catch (cause) {
    if (!isJobError(cause) || cause.code !== 'DefinitionUnsafe') throw cause;
    const message = isLink(path) ? 'the configuration is a symbolic link' : cause.message;
    throw new JobError({ code: 'ConfigUnsafe', message, file: path, ...(cause.hint === undefined ? {} : { hint: cause.hint }) }, { cause });
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (isOne: (value: never) => boolean) => (value: unknown): boolean => Array.isArray(value) && (value as never[]).every(isOne);

/** A file with mistakes is looked at as well, by doctor for one: nobody must stumble over a value of another kind. */
const KINDS: Readonly<Record<keyof ConfigValues, (value: unknown) => boolean>> = {
  definitionPath: isListOf(isText),
  namespace: isText,
  plugins: isListOf((name: unknown) => typeof name === 'string' && isPluginName(name)),
  timeZone: isText,
  engine: isMap,
  retention: isMap,
  hooks: isMap,
  safeOwners: isListOf(Number.isInteger),
  trustedProjects: isListOf((record: TrustedProject) => isMap(record) && isText(record.folder) && isListOf(isMap)(record.plugins)),
};

function soundOnly(values: Readonly<Record<string, unknown>>): ConfigValues {
  return Object.fromEntries(Object.entries(KINDS).flatMap(([key, isSound]) => (isSound(values[key]) ? [[key, values[key]]] : [])));
}

type Complain = ConfigFile['complain'];

/** What no table of keys can say. A value of another kind than its key's was complained about already. */
function faultsOf({ namespace, definitionPath, plugins, engine, retention, hooks }: Readonly<Record<string, unknown>>, complain: Complain): readonly JobError[] {
  const faults: JobError[] = [...hookFaults(hooks, complain), ...engineFaults(engine, complain)];
  if (typeof namespace === 'string' && namespace !== '') faults.push(...nameFault(namespace, complain));
  if (Array.isArray(definitionPath) && definitionPath.length === 0) faults.push(complain('definitionPath', { code: 'DefinitionValueInvalid', message: '"definitionPath" names no folder', hint: 'leave the key out for the folder "definitions"' }));
  const fault = isMap(retention) ? retentionFault(retention as RetentionValues) : undefined;
  if (fault !== undefined) faults.push(complain('retention', fault));
  const strange = Array.isArray(plugins) ? plugins.filter((name) => typeof name === 'string' && name !== '' && !isPluginName(name)) : [];
  for (const name of strange) faults.push(complain('plugins', { code: 'DefinitionValueInvalid', message: `${JSON.stringify(name)} is neither the name of a package nor a folder`, hint: 'a folder begins with "./"' }));
  return faults;
}

/** What its name does not say is checked by the engine itself, when it is opened; but that no secret stands here is seen at once. */
function engineFaults(engine: unknown, complain: Complain): readonly JobError[] {
  if (!isMap(engine)) return [];
  const { name } = engine as Partial<EngineValues>;
  const faults = literalSecrets(engine, ['engine']).map((path) => complain(path, { code: 'DefinitionValueInvalid', message: `"${path.join('.')}" holds a secret; here it can only be named`, hint: 'write env:NAME or file:/path' }));
  if (name === undefined) return [complain('engine', { code: 'DefinitionKeyMissing', message: '"engine.name" is missing', hint: 'write name: pgboss' }), ...faults];
  return isText(name) && (name as string) !== '' ? faults : [complain(['engine', 'name'], { code: 'DefinitionValueInvalid', message: '"engine.name" must be a text' }), ...faults];
}

/** Where a literal stands that is a secret by its key, or an address with a password. */
function literalSecrets(value: unknown, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value === 'string') return !isReference(value) && value !== '' && (holdsPassword(value) || isSensitive(path.at(-1) as string)) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => literalSecrets(member, [...path, key]));
}

function nameFault(namespace: string, complain: Complain): readonly JobError[] {
  try {
    checkName(namespace);
    return [];
  } catch (cause) {
    const { code, message, hint } = cause as JobError;
    return [complain('namespace', { code, message, ...(hint === undefined ? {} : { hint }) })];
  }
}
