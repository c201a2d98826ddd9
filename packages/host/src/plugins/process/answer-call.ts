import { sourceFiles } from '@nightshift/definitions/source-files';
import { JobError, type AnyJobType, type DefinitionSource, type DescribeRequest, type JobTypePlugin, type SourceFiles, type SpecResult } from '@nightshift/sdk';
import type { Call, PluginDescription, TypeDescription } from '../messages.ts';
import { isFaithful } from './faithful.ts';

/** What definitions of a plugin are read with, where it reads them so. */
export const FILES: SourceFiles = sourceFiles();

/** Everything that can be asked of a plugin, but for loading and what keeps coming. Answers with data. */
export async function answerCall(plugin: JobTypePlugin, ask: Exclude<Call, { readonly call: 'load' | 'list' | 'watch' }>): Promise<unknown> {
  const type = typeOf(plugin, ask.type);
  switch (ask.call) {
    case 'validate':
      return validated(type, ask.value);
    case 'command':
      return type.runs === 'command' ? type.command(await requestOf(type, ask)) : wrongForm(type, ask.call);
    case 'delegate':
      return type.runs === 'delegate' ? type.delegate(await requestOf(type, ask)) : wrongForm(type, ask.call);
    case 'foresee':
      return type.runs === 'code' ? (type.foresee?.(await requestOf(type, ask)) ?? {}) : wrongForm(type, ask.call);
    case 'find':
      return found(await sourceOf(type).find(ask.name, ask.path, FILES));
  }
}

export function typeOf({ jobTypes = [] }: JobTypePlugin, name: string): AnyJobType {
  const type = (jobTypes as readonly AnyJobType[]).find((one) => one.name === name);
  if (type === undefined) throw new JobError({ code: 'PluginInvalid', message: `offers no job type ${name} any more` });
  return type;
}

export function sourceOf({ name, definitions }: AnyJobType): DefinitionSource {
  if (definitions === undefined) throw new JobError({ code: 'PluginInvalid', message: `the job type ${name} has no definitions of its own any more` });
  return definitions;
}

/** What JSON cannot hold stays here: a schema makes it anew out of what was written. */
async function validated(type: AnyJobType, value: unknown): Promise<SpecResult<unknown>> {
  const result = await type.spec['~standard'].validate(value);
  if (result.issues !== undefined) return { issues: result.issues };
  return { value: isFaithful(result.value) ? result.value : null };
}

/** Times are texts on the way. */
async function requestOf(type: AnyJobType, { request, raw }: Extract<Call, { readonly raw: boolean }>): Promise<DescribeRequest<unknown>> {
  const { origin } = request;
  const checked = raw ? await type.spec['~standard'].validate(request.spec) : { value: request.spec };
  if (checked.issues !== undefined) throw new JobError({ code: 'PluginInvalid', message: `the schema of ${type.name} took a spec that it refuses now` });
  return { ...request, spec: checked.value, ...(origin.kind === 'trigger' ? { origin: { ...origin, dueAt: new Date(origin.dueAt) } } : {}) };
}

/** Anything can come. */
function found(answer: unknown): unknown {
  return Array.isArray(answer) ? answer.map(plain) : answer;
}

/** Without what is no data, as the places in a text. */
export function plain(found: unknown): unknown {
  return typeof found !== 'object' || found === null ? found : Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value !== 'function'));
}

function wrongForm({ name, runs }: AnyJobType, call: string): never {
  throw new JobError({ code: 'PluginInvalid', message: `the job type ${name} runs ${runs} and has no ${call}` });
}

export function describePlugin({ name, jobTypes = [] }: JobTypePlugin): PluginDescription {
  return { name, jobTypes: (jobTypes as readonly AnyJobType[]).map(describeType) };
}

function describeType(type: AnyJobType): TypeDescription {
  const { name, aliases = [], description, runs, capabilities, definitions } = type;
  const claimed = Object.fromEntries(Object.entries(capabilities).filter(([, can]) => can === true));
  const source = definitions === undefined ? {} : { definitions: { places: definitions.places ?? [], onlyByType: definitions.onlyByType === true, canWatch: typeof definitions.watch === 'function' } };
  return { name, aliases, description, runs, capabilities: claimed, ...(type.runs === 'code' && typeof type.foresee === 'function' ? { foresees: true } : {}), ...source };
}
