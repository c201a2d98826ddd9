import { pathToFileURL } from 'node:url';
import type { AnyCodeJobType, SourcedPlugin, TypeReference } from '@nightshift/core';
import { asciiLower, JobError, type AnyJobType, type JobTypePlugin } from '@nightshift/sdk';
import { BUILT_IN } from '../../built-in.ts';

/** The type that a run was started with, and the plugin that brings it. */
export interface LoadedType {
  readonly type: AnyCodeJobType;
  readonly plugin: SourcedPlugin;
}

/** From Nightshift itself, or from the module of its plugin. Throws `PluginLoadFailed` and `PluginInvalid`. */
export async function loadJobType(reference: TypeReference): Promise<LoadedType> {
  const plugin = reference.module === undefined ? builtIn(reference) : { ...(await imported(reference, reference.module)), module: reference.module };
  const type = (plugin.jobTypes ?? []).find((one: AnyJobType) => asciiLower(one.name) === asciiLower(reference.type)) as AnyJobType | undefined;
  if (type === undefined) throw invalid(reference, `brings no job type ${reference.type} (any more)`);
  if (type.runs !== 'code' || typeof type.prepare !== 'function') throw invalid(reference, `brings ${reference.type}, which runs no code`);
  return { type, plugin };
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
