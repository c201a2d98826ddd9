import { resolve, dirname, basename } from 'node:path';
import { projectRoot, readCheckedMap, shownPath, type CheckedMap } from '@nightshift/definitions';
import { checkName, isJobError, JobError } from '@nightshift/sdk';
import { CONFIG_KEYS } from './config-keys.ts';
import { findConfig, type FoundConfig } from './find-config.ts';

/** What a configuration says, with defaults. */
export interface Config {
  /** Absolute folders of definitions, searched in order. */
  readonly folders: readonly string[];
  readonly namespace?: string;
  readonly timeZone?: string;
}

export interface ConfigRequest {
  readonly workingDirectory: string;
  readonly configFile?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

/** Keys that count only where the user has said so: in the user's own file, in a named one, or in a trusted project's. */
const NEED_TRUST = ['engine', 'retention', 'hooks', 'safeOwners'];
/** Keys that this version checks and does not honour yet. */
const NOT_YET = ['plugins', ...NEED_TRUST];

/**
 * Finds and reads the configuration. Throws an AggregateError of everything that is wrong with it, `ConfigUnsafe` for a file
 * that somebody else could have written or that asks for what needs trust.
 */
export async function readConfig(request: ConfigRequest): Promise<Config> {
  const { workingDirectory, environment } = request;
  const root = await projectRoot(workingDirectory).catch(() => undefined);
  const named = request.configFile ?? nonEmpty(environment['NIGHTSHIFT_CONFIG']);
  const found = await findConfig({ from: workingDirectory, root, named, environment, warn: request.warn });
  if (found === undefined) return { folders: [resolve(workingDirectory, 'definitions')] };
  const checked = await readFile(found);
  const trusted = found.of !== 'project' || environment['NIGHTSHIFT_TRUST'] === '1';
  const errors = [...checked.errors.map((facts) => new JobError(facts)), ...refused(checked, trusted, request.warn)];
  if (errors.length > 0) throw new AggregateError(errors);
  return configOf(checked.values, found, workingDirectory);
}

async function readFile({ path }: FoundConfig): Promise<CheckedMap> {
  try {
    const isPackage = basename(path) === 'package.json';
    const checked = await readCheckedMap(path, CONFIG_KEYS, { alsoSingle: ['definitionPath'], ...(isPackage ? { within: 'nightshift' } : {}) });
    return { ...checked, errors: checked.errors.map((facts) => ({ ...facts, file: shownPath(path) })) };
  } catch (cause) {
    if (!isJobError(cause) || cause.code !== 'DefinitionUnsafe') throw cause;
    throw new JobError({ code: 'ConfigUnsafe', message: cause.message, file: shownPath(path), ...(cause.hint === undefined ? {} : { hint: cause.hint }) }, { cause });
  }
}

function refused({ values, at }: CheckedMap, trusted: boolean, warn: (warning: JobError) => void): JobError[] {
  const errors: JobError[] = [];
  for (const key of NOT_YET.filter((name) => isSaid(values[name]))) {
    if (!trusted && key === 'plugins') warn(new JobError(at(key, { code: 'ProjectPluginsIgnored', message: "the plugins of an untrusted project are not loaded", hint: 'NIGHTSHIFT_TRUST=1 trusts it for one call' })));
    else if (!trusted) errors.push(new JobError(at(key, { code: 'ConfigUnsafe', message: `"${key}" counts in a trusted project only`, hint: 'NIGHTSHIFT_TRUST=1 trusts it for one call' })));
    else errors.push(new JobError(at(key, { code: 'DefinitionValueInvalid', message: `"${key}" is not supported by this version` })));
  }
  try {
    if (typeof values['namespace'] === 'string') checkName(values['namespace']);
  } catch (cause) {
    const { code, message, hint } = cause as JobError;
    errors.push(new JobError(at('namespace', { code, message, ...(hint === undefined ? {} : { hint }) })));
  }
  return errors;
}

function isSaid(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function configOf(values: Readonly<Record<string, unknown>>, { path, of }: FoundConfig, workingDirectory: string): Config {
  // The user's own file says nothing about this project: what it leaves out begins here.
  const { definitionPath = [of === 'user' ? resolve(workingDirectory, 'definitions') : 'definitions'], namespace, timeZone } = values as { definitionPath?: readonly string[]; namespace?: string; timeZone?: string };
  return {
    folders: definitionPath.map((folder) => resolve(dirname(path), folder)),
    ...(namespace === undefined ? {} : { namespace }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
