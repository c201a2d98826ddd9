import { asciiLower, checkName } from '@nightshift/sdk';

/** What a plugin and its parts are called, all from one name. */
export interface PluginWords {
  /** As it was typed: the folder and the definition. */
  readonly name: string;
  /** The job type: `DiskSpaceJob`. */
  readonly type: string;
  /** Of files: `disk-space`. */
  readonly file: string;
  /** Of npm: `nightshift-plugin-disk-space`. */
  readonly package: string;
}

/** Throws `InvalidDefinitionName`. */
export function pluginWords(name: string): PluginWords {
  const parts = partsOf(checkName(name));
  const pascal = parts.map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('');
  const file = parts.map(asciiLower).join('-');
  // A name of the longest kind leaves no room for the ending.
  const type = /job$/i.test(pascal) || pascal.length > 61 ? pascal : `${pascal}Job`;
  return { name, type, file, package: `nightshift-plugin-${file}` };
}

/** `DiskSpace`, `disk-space`, `disk_space` and `disk.space` are two words each; `HTTPCheck` is two as well. */
function partsOf(name: string): readonly string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll(/([A-Z])([A-Z][a-z])/g, '$1-$2').split(/[._-]+/).filter((part) => part !== '');
}
