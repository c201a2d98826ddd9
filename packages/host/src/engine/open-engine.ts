/**
 * Finds the engine that a configuration names, and opens it: the configuration is read by the rules of all others, the engine's
 * plugin is found and trusted as all others and then imported into this process, its options are checked by its own schema and
 * its secrets resolved. An engine connects to nothing before it is asked something.
 */
import { dirname } from 'node:path';
import { isReference } from '@nightshift/definitions';
import { isJobError, type JobError, type AnyEngineType, type Engine, type SpecIssue } from '@nightshift/sdk';
import { systemClock } from '#system-clock';
import { gatherOwnFiles, safeOwnersOf, type ConfigFiles, type ConfigRequest } from '../config/gather-files.ts';
import { examineConfig } from '../config/read-config.ts';
import type { ConfigFile, EngineValues } from '../config/read-config-file.ts';
import { createReferences } from '../secrets/references.ts';
import { isSaid } from '../trust/project-trust.ts';
import { engineTypeOf } from './engine-type.ts';
import { storeOf, type RemoteStore } from './store-of.ts';

/** An engine in use. */
export interface OpenedEngine {
  /** As the configuration calls it. */
  readonly name: string;
  readonly engine: Engine;
  readonly store: RemoteStore;
  readonly namespace: string;
  /** Whether jobs go there that nobody wants kept, too. */
  readonly takesAll: boolean;
}

/** Whose configuration counts: the user's own and a named one (S2), or also that of a trusted project. */
export interface EngineRequest extends ConfigRequest {
  readonly scope: 'own' | 'project';
}

/** Undefined: none is named. Throws everything that is wrong with a configuration that names one. */
export async function openEngine(request: EngineRequest): Promise<OpenedEngine | undefined> {
  const files = await filesOf(request);
  const file = namingFile(files);
  if (file === undefined) return undefined;
  const { name, ...options } = file.values.engine as EngineValues;
  const namespace = files.found?.file.values.namespace ?? (files.found === undefined || files.found.of === 'user' ? file.values.namespace : undefined);
  if (namespace === undefined) throw withoutNamespace(files.found?.file ?? file, name);
  const type = await engineTypeOf(name, file);
  const resolved = await resolvedOptions(request, file, type, options, files);
  const engine = type.open(resolved, { clock: systemClock, namespace });
  return { name, engine, store: storeOf(engine), namespace, takesAll: (resolved as { readonly demand?: unknown }).demand === 'durable' };
}

/** Throws what is wrong with files that speak of an engine, and of a project that asks for trust in vain. */
async function filesOf(request: EngineRequest): Promise<Pick<ConfigFiles, 'own' | 'found'>> {
  const { own, found, errors } = request.scope === 'own' ? withErrors(await gatherOwnFiles(request)) : await examineConfig(request);
  const isConcerned = [own, found?.file].some((file) => isSaid(file?.values.engine) || file?.mentions('engine') === true);
  if (isConcerned && errors.length > 0) throw new AggregateError(errors);
  return { own, found };
}

function withErrors(files: ConfigFiles): ConfigFiles & { readonly errors: readonly JobError[] } {
  const all = new Set([files.own, files.found?.file]);
  return { ...files, errors: [...all].flatMap((file) => file?.errors ?? []) };
}

/** The configuration in force says which; where it says nothing, the user's own does. */
function namingFile({ own, found }: Pick<ConfigFiles, 'own' | 'found'>): ConfigFile | undefined {
  return [found?.file, own].find((file) => isSaid(file?.values.engine));
}

function withoutNamespace(file: ConfigFile, name: string): JobError {
  return file.complain(isSaid(file.values.engine) ? 'engine' : [], { code: 'DefinitionKeyMissing', message: `"namespace" is missing: with the engine ${name} the definitions of a project have one key on every machine`, hint: 'write namespace: NAME, the same on every machine' });
}

/** Checked as they are written, so that no complaint can hold a secret; then resolved. */
async function resolvedOptions({ environment }: EngineRequest, file: ConfigFile, type: AnyEngineType, options: object, { own }: Pick<ConfigFiles, 'own'>): Promise<unknown> {
  const checked = await type.options['~standard'].validate(options);
  if (checked.issues !== undefined) throw new AggregateError(checked.issues.map((issue: SpecIssue) => atItsPlace(file, issue)));
  const references = createReferences(environment, dirname(file.path), [...safeOwnersOf(own), ...safeOwnersOf(file)]);
  return resolved(checked.value, ['engine'], async (text, path) => {
    try {
      return await references.valueOf(text);
    } catch (cause) {
      throw isJobError(cause) ? file.complain(path, { code: cause.code, message: cause.message, ...(cause.hint === undefined ? {} : { hint: cause.hint }) }) : cause;
    }
  });
}

function atItsPlace(file: ConfigFile, { message, code = 'DefinitionValueInvalid', hint, path = [] }: SpecIssue): JobError {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
  return file.complain(['engine', ...keys], { code, message, ...(hint === undefined ? {} : { hint }) });
}

/** The same value with every reference in it resolved. */
async function resolved(value: unknown, path: readonly PropertyKey[], valueOf: (text: string, path: readonly PropertyKey[]) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return isReference(value) ? valueOf(value, path) : value;
  if (Array.isArray(value)) return Promise.all(value.map((member: unknown, index) => resolved(member, [...path, index], valueOf)));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = await Promise.all(Object.entries(value).map(async ([key, member]) => [key, await resolved(member, [...path, key], valueOf)] as const));
  return Object.fromEntries(members);
}
