/** What `nightshift new plugin` writes is kept as files that look like what becomes of them, with words in `__` to be filled in. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginWords } from './plugin-words.ts';

export const PLUGIN_LANGUAGES = ['ts', 'python', 'sh'] as const;

export type PluginLanguage = (typeof PLUGIN_LANGUAGES)[number];

/** A file to be written. */
export interface TemplateFile {
  /** Relative to the folder of the plugin. */
  readonly path: string;
  readonly text: string;
}

/** Words of the surroundings. */
export interface TemplateFacts extends PluginWords {
  /** From the folder of the configuration to that of the plugin, as `plugins` names it. */
  readonly folder: string;
  /** Of Nightshift. */
  readonly version: string;
  /** What npm calls the Nightshift that is here; undefined: the plugin finds it without npm. */
  readonly nightshift: string | undefined;
}

/** The files of a plugin, in the order of their paths. */
export function pluginFiles(templates: string, language: PluginLanguage, facts: TemplateFacts): readonly TemplateFile[] {
  const root = join(templates, language);
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((path) => ({ path: targetOf(path.slice(root.length + 1), facts), text: filled(readFileSync(path, 'utf8'), facts) }));
  return files.map((file) => (file.path === 'package.json' ? { ...file, text: manifest(file.text, facts) } : file)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The definition of a first job. */
export function definitionText(templates: string, facts: TemplateFacts): string {
  return filled(readFileSync(join(templates, 'definition.yaml'), 'utf8'), facts);
}

/** npm packs no file of the name .gitignore as it is. */
function targetOf(path: string, facts: TemplateFacts): string {
  return filled(path, facts).replaceAll('\\', '/').replace(/^gitignore$/, '.gitignore');
}

function filled(text: string, { name, type, file, package: packageName, folder, version, nightshift = '' }: TemplateFacts): string {
  const words: Readonly<Record<string, string>> = { name, Type: type, file, package: packageName, folder, version, nightshift };
  return text.replaceAll(/__(name|Type|file|package|folder|version|nightshift)__/g, (_, word: string) => words[word] as string);
}

/** Written anew, as npm itself would: it does so at its first `npm install` in any case. */
function manifest(text: string, { nightshift }: TemplateFacts): string {
  const { devDependencies, ...rest } = JSON.parse(text) as { readonly devDependencies: Readonly<Record<string, string>> };
  const { nightshift: _, ...others } = devDependencies;
  const wanted = nightshift === undefined ? others : { ...devDependencies, nightshift };
  return `${JSON.stringify({ ...rest, ...(Object.keys(wanted).length === 0 ? {} : { devDependencies: wanted }) }, null, 2)}\n`;
}
