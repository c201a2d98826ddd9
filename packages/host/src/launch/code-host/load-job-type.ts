import { pathToFileURL } from 'node:url';
import type { AnyCodeJobType, SourcedPlugin, TypeReference } from '@nightshift/core';
import { asciiLower, isJobError, JobError, type AnyJobType, type JobTypePlugin } from '@nightshift/sdk';
import { BUILT_IN } from '../../built-in.ts';
import { importPlugin } from '../../plugins/process/import-plugin.ts';
import { isProgramPlugin } from '../../plugins/is-program-plugin.ts';

/** The type that a run was started with, and the plugin that brings it. */
export interface LoadedType {
  readonly type: AnyCodeJobType;
  readonly plugin: SourcedPlugin;
}

/** From Nightshift itself, or from its plugin. Throws `PluginLoadFailed` and `PluginInvalid`. */
export async function loadJobType(reference: TypeReference): Promise<LoadedType> {
  const plugin = await pluginOf(reference);
  const type = (plugin.jobTypes ?? []).find((one: AnyJobType) => asciiLower(one.name) === asciiLower(reference.type)) as AnyJobType | undefined;
  if (type === undefined) throw invalid(reference, `brings no job type ${reference.type} (any more)`);
  if (type.runs !== 'code' || typeof type.prepare !== 'function') throw invalid(reference, `brings ${reference.type}, which runs no code`);
  return { type, plugin };
}

async function pluginOf(reference: TypeReference): Promise<SourcedPlugin> {
  const { folder: path, module, plugin: named, version } = reference;
  if (module !== undefined) return { ...(await imported(reference, module)), module };
  if (path === undefined) return builtIn(reference);
  // Of the version that was trusted when the job was started, or not at all.
  const place = { named, path, version };
  if (isProgramPlugin(place)) return (await import('../../plugins/program-plugin.ts')).readProgramPlugin(place);
  const { name, jobTypes = [] } = await importPlugin(place).catch((cause: unknown) => Promise.reject(inWordsOf(reference, cause)));
  return { name, version, path, jobTypes };
}

function inWordsOf({ plugin }: TypeReference, cause: unknown): unknown {
  return isJobError(cause) ? new JobError({ code: cause.code, message: `the plugin "${plugin}" cannot be loaded: ${cause.message}`, ...(cause.hint === undefined ? {} : { hint: cause.hint }) }, { cause }) : cause;
}

function builtIn(reference: TypeReference): JobTypePlugin {
  const plugin = BUILT_IN.find(({ name }) => name === reference.plugin);
  if (plugin === undefined) throw invalid(reference, 'is no part of this version of Nightshift');
  return plugin;
}

async function imported(reference: TypeReference, module: string): Promise<JobTypePlugin> {
  let found: { readonly default?: unknown };
  try {
    found = (await import(pathToFileURL(module).href)) as typeof found;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new JobError({ code: 'PluginLoadFailed', message: `the plugin "${reference.plugin}" could not be loaded: ${message}`, file: module }, { cause });
  }
  // A CommonJS module that was an ES module before it was compiled has its default one level deeper.
  const plugin = [found.default, (found.default as { readonly default?: unknown } | undefined)?.default].find((one) => typeof (one as Partial<JobTypePlugin> | undefined)?.name === 'string') as JobTypePlugin | undefined;
  if (plugin === undefined) throw invalid(reference, 'has no plugin as its default export');
  return plugin;
}

function invalid({ plugin }: TypeReference, text: string): JobError {
  return new JobError({ code: 'PluginInvalid', message: `the plugin "${plugin}" ${text}` });
}
