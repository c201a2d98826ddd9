import type { TrustedProject } from '../config/read-config-file.ts';
import { isLost, type FoundPlugin, type Plugin } from './find-plugin.ts';

/**
 * Whether a person's word covers a project as it is now: never given; given for other plugins than the project names today;
 * or given for exactly these.
 */
export type Standing = 'untrusted' | 'changed' | 'trusted';

/** What has become of a plugin since it was trusted. `lost`: it is named and cannot be found. */
export type ChangeWord = 'same' | 'new' | 'gone' | 'lost' | 'changed';

/** One plugin then and now. */
export interface PluginChange {
  readonly name: string;
  readonly word: ChangeWord;
  /** Undefined: it was not there when the project was trusted. */
  readonly before?: Pick<Plugin, 'path' | 'version'>;
  /** Undefined: the project names it no longer. */
  readonly now?: FoundPlugin;
}

/** In the order of the project's list, then those that are gone. A plugin that is named twice counts once. */
export function changesSince(record: TrustedProject | undefined, found: readonly FoundPlugin[]): readonly PluginChange[] {
  const before = new Map((record?.plugins ?? []).map((plugin) => [plugin.name, plugin]));
  const now = new Map(found.map((plugin) => [plugin.name, plugin]));
  return [...new Set([...now.keys(), ...before.keys()])].map((name) => {
    const [old, current] = [before.get(name), now.get(name)];
    return { name, word: wordOf(old, current), ...(old === undefined ? {} : { before: old }), ...(current === undefined ? {} : { now: current }) };
  });
}

export function standingOf(record: TrustedProject | undefined, found: readonly FoundPlugin[]): Standing {
  if (record === undefined) return 'untrusted';
  return changesSince(record, found).every(({ word }) => word === 'same') ? 'trusted' : 'changed';
}

function wordOf(before: PluginChange['before'], now: FoundPlugin | undefined): ChangeWord {
  if (now === undefined) return 'gone';
  if (isLost(now)) return 'lost';
  if (before === undefined) return 'new';
  return before.path === now.path && before.version === now.version ? 'same' : 'changed';
}

/** What has changed, as a part of a sentence. */
export function phrasesOf(changes: readonly PluginChange[]): string {
  return changes.filter(({ word }) => word !== 'same').map(phraseOf).join(', ');
}

function phraseOf({ name, word, before, now }: PluginChange): string {
  switch (word) {
    case 'new':
      return `${name} is new`;
    case 'gone':
      return `${name} is gone`;
    case 'lost':
      return `${name} cannot be found`;
    default: {
      const { path, version } = now as Plugin;
      return before?.version === version ? `${name} lies in ${path} now` : `${name} ${before?.version} is ${version} now`;
    }
  }
}
