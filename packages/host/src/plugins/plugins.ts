/**
 * The plugins that a configuration names. Programs are known from their manifests; what is JavaScript runs in a process of its
 * own, and only where a verb cannot do without. Source: jobs.md section 18, S12 to S14.
 */
import type { SourcedPlugin, OpenRegistry } from '@nightshift/core';
import { isJobError, JobError } from '@nightshift/sdk';
import { isLost, type FoundPlugin, type LostPlugin } from '../trust/find-plugin.ts';
import { descriptionIn } from './answer-shapes.ts';
import { notLoaded, wrongAnswer } from './losses.ts';
import { openPluginProcess, type PluginProcess, type PluginProcessParts } from './plugin-process.ts';
import type { PluginPlace } from './messages.ts';
import { isProgramPlugin } from './is-program-plugin.ts';
import { proxyType } from './proxy-type.ts';
import type { ReadDefinition } from './read-definition.ts';
import { createRemembered, type Remembered } from './remembered.ts';

/** A plugin that cannot be used, or some of whose job types cannot. */
export interface Loss {
  /** As the configuration names it; absent: of several plugins that are in conflict. */
  readonly named?: string;
  readonly error: JobError;
}

export interface Plugins {
  /** Takes in what is known without running anything: the job types of programs. What goes wrong with it is told by `load`. */
  declare(): Promise<void>;
  /** Takes every plugin in, once. Resolves with what cannot be used, and why; everything else can. */
  load(): Promise<readonly Loss[]>;
  /** What `load` has told; before it, what is known without loading: those that are not there. */
  losses(): readonly Loss[];
  close(): void;
}

export interface PluginsParts extends PluginProcessParts {
  /** As the configuration names them, and those that may not be used left out. */
  readonly found: readonly FoundPlugin[];
  readonly types: OpenRegistry;
  readonly readDefinition: ReadDefinition;
}

export function createPlugins(parts: PluginsParts): Plugins {
  const places = distinct(parts.found.flatMap((one) => (isLost(one) ? [] : [{ named: one.name, path: one.path, version: one.version }])));
  const processes: PluginProcess[] = [];
  const open = (place: PluginPlace): PluginProcess => {
    const process = openPluginProcess(place, parts);
    processes.push(process);
    return process;
  };
  let loading: Promise<readonly Loss[]> | undefined;
  const remembered = createRemembered(parts.environment);
  const missing = parts.found.filter(isLost).map(notThere);
  let losses: readonly Loss[] = missing;

  const loadAll = async (): Promise<readonly Loss[]> => {
    const results = await Promise.all(places.map((place) => attempt(place, () => (isProgramPlugin(place) ? readProgram(place) : loadPackage(open(place), parts.readDefinition, remembered)))));
    const conflicts = parts.types.admit(results.flatMap((result) => ('plugin' in result ? [result.plugin] : [])));
    return (losses = [...missing, ...results.flatMap((result) => ('loss' in result ? [result.loss] : [])), ...conflicts.map((error) => ({ error }))]);
  };
  return {
    async declare() {
      const results = await Promise.all(places.filter(isProgramPlugin).map((place) => attempt(place, () => readProgram(place))));
      parts.types.admit(results.flatMap((result) => ('plugin' in result ? [result.plugin] : [])), places.filter((place) => !isProgramPlugin(place)).map((place) => ({ named: place.named, offered: remembered.namesOf(place) })));
    },
    load: () => (loading ??= loadAll()),
    losses: () => losses,
    close() {
      for (const process of processes) process.close();
    },
  };
}

/** One that is named twice, by its name and by its folder, is one. */
function distinct(places: readonly PluginPlace[]): readonly PluginPlace[] {
  return places.filter(({ path }, index) => places.findIndex((other) => other.path === path) === index);
}

async function attempt({ named }: PluginPlace, act: () => Promise<SourcedPlugin>): Promise<{ readonly plugin: SourcedPlugin } | { readonly loss: Loss }> {
  try {
    return { plugin: await act() };
  } catch (cause) {
    if (isJobError(cause)) return { loss: { named, error: cause as JobError } };
    throw cause;
  }
}

/** What judges specs by a JSON Schema is large. */
async function readProgram(place: PluginPlace): Promise<SourcedPlugin> {
  return (await import('./program-plugin.ts')).readProgramPlugin(place);
}

async function loadPackage(process: PluginProcess, readDefinition: ReadDefinition, remembered: Remembered): Promise<SourcedPlugin> {
  const { place } = process;
  try {
    const shaped = descriptionIn(await process.load());
    if ('faults' in shaped) throw wrongAnswer(place, 'say what it is', shaped.faults);
    const { name, jobTypes } = shaped.value;
    remembered.note(place, shaped.value);
    return { ...place, name, jobTypes: jobTypes.map((type) => proxyType(type, process, readDefinition)) };
  } catch (cause) {
    process.close();
    throw notLoaded(place, cause);
  }
}

function notThere({ name, fault, hint }: LostPlugin): Loss {
  return { named: name, error: new JobError({ code: 'PluginLoadFailed', message: `the plugin ${name} is not there: ${fault}`, ...(hint === undefined ? {} : { hint }) }) };
}
