/** Writes a plugin to begin with: a folder of its own, a definition that uses it, and its entry in the configuration. */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { readFile, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { JobError } from '@nightshift/sdk';
import type { Registry } from '@nightshift/core';
import type { Authoring } from '../authoring.ts';
import type { ConfigReport } from '../config/read-config.ts';
import { inTheWay } from '../definition-place.ts';
import { refuseTaken } from '../free-name.ts';
import { makeFolder } from '../make-folder.ts';
import { allOrNothing, writeNew, type TakeBack } from '../write-all.ts';
import { definitionText, pluginFiles, type PluginLanguage } from './plugin-template.ts';
import { pluginWords } from './plugin-words.ts';
import { productPlace } from './product-place.ts';

export interface NewPluginRequest {
  readonly name: string;
  readonly language: PluginLanguage;
}

/** What would be written. Paths are absolute. */
export interface PluginDraft extends NewPluginRequest {
  /** The job type that it brings. */
  readonly type: string;
  /** Its own folder, which is not there yet. */
  readonly folder: string;
  /** In the order of writing. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** A link to the package `nightshift`, where the plugin would not find it otherwise. */
  readonly link?: { readonly path: string; readonly to: string };
  readonly definition: { readonly path: string; readonly text: string };
  /** The file that names it under `plugins`; `text` is undefined where it does so already. */
  readonly configuration: { readonly path: string; readonly isNew: boolean; readonly text?: string };
  /** Whether a person has to trust the project before it runs. */
  readonly needsTrust: boolean;
  /** Keys of the user's own configuration that count here no more once the project has one. */
  readonly covered: readonly string[];
}

export interface NewPlugins {
  /**
   * Looks, and writes nothing. Throws `InvalidDefinitionName`, `JobTypeConflict` where a type has the name already, and
   * `CantRegisterScheduledJobDefinition` where a folder or a definition is in the way.
   */
  draft(request: NewPluginRequest): Promise<PluginDraft>;
  /** Throws what cannot be written; nothing of it is left behind then. */
  write(draft: PluginDraft): Promise<void>;
}

/** What comes with the package that is running. */
export interface PluginSupplies {
  readonly templates: string;
  /** Folder of the package `nightshift`. */
  readonly product: string;
}

export interface NewPluginParts {
  readonly authoring: Pick<Authoring, 'editYaml' | 'replaceFile'>;
  readonly configuration: Pick<ConfigReport, 'config' | 'found' | 'own' | 'trusted'>;
  readonly types: Pick<Registry, 'find'>;
  readonly workingDirectory: string;
  /** Of the person who called. */
  readonly umask: number;
}

export function createNewPlugins(parts: NewPluginParts, supplies: PluginSupplies): NewPlugins {
  return { draft: (request) => draft(parts, supplies, request), write: (made) => write(parts, made) };
}

async function draft(parts: NewPluginParts, { templates, product }: PluginSupplies, { name, language }: NewPluginRequest): Promise<PluginDraft> {
  const words = pluginWords(name);
  refuseKnownType(parts, words.type);
  const place = placeOf(parts);
  const folder = join(place.workingDirectory, name);
  refuseFolder(folder, place.definitions);
  await refuseTaken({ name, folder: place.definitions[0] as string, folders: place.definitions }, () => 'choose another name; nothing was written');
  const entry = entryFor(folder, place.configuration);
  const version = versionOf(product);
  const { link, range } = productPlace(product, version, place.workingDirectory);
  const facts = { ...words, folder: entry, version, nightshift: range };
  return {
    name,
    language,
    type: words.type,
    folder,
    files: pluginFiles(templates, language, facts).map(({ path, text }) => ({ path: join(folder, path), text })),
    ...(link === undefined ? {} : { link: { path: join(folder, 'node_modules', 'nightshift'), to: link } }),
    definition: { path: join(place.definitions[0] as string, `${name}.yaml`), text: definitionText(templates, facts) },
    configuration: await withEntry(parts, place.configuration, entry),
    needsTrust: parts.configuration.found?.of !== 'named',
    covered: place.covered,
  };
}

function refuseKnownType({ types }: NewPluginParts, type: string): void {
  const known = types.find(type);
  if (known === undefined) return;
  throw new JobError({ code: 'JobTypeConflict', message: `a job type ${JSON.stringify(known.type.name)} is there already, from ${known.plugin.name}`, hint: 'choose another name; nothing was written' });
}

interface Place {
  readonly workingDirectory: string;
  /** Folders of definitions, the first one for the new one. */
  readonly definitions: readonly string[];
  readonly configuration: string;
  readonly covered: readonly string[];
}

/** A plugin belongs to a project: what the user's own configuration says is said for every folder, and would be wrong there. */
function placeOf({ configuration: { config, found, own }, workingDirectory: given }: NewPluginParts): Place {
  const workingDirectory = realpathSync(given);
  if (found !== undefined && found.of !== 'user') return { workingDirectory, definitions: config.folders, configuration: found.path, covered: [] };
  const said = Object.keys(own?.values ?? {}).filter((key) => !['trustedProjects', 'safeOwners'].includes(key));
  return { workingDirectory, definitions: [join(workingDirectory, 'definitions')], configuration: join(workingDirectory, 'nightshift.yaml'), covered: said };
}

function refuseFolder(folder: string, definitions: readonly string[]): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) throw isThere(folder);
  if (definitions.includes(folder)) throw inTheWay(folder, 'this is the folder of the definitions', 'choose another name; nothing was written');
}

/** As `plugins` names a folder: beginning with a dot, from the folder of the file on, with slashes. */
function entryFor(folder: string, configuration: string): string {
  const path = relative(realpathSync(dirname(configuration)), folder).replaceAll('\\', '/');
  return isAbsolute(path) || path.startsWith('../') ? path : `./${path}`;
}

function versionOf(product: string): string {
  return (JSON.parse(readFileSync(join(product, 'package.json'), 'utf8')) as { readonly version: string }).version;
}

async function withEntry({ authoring, configuration: { found } }: NewPluginParts, path: string, entry: string): Promise<PluginDraft['configuration']> {
  if (found === undefined || found.of === 'user') return { path, isNew: true, text: `# What brings job types of this project. It runs once it is trusted: nightshift trust\nplugins:\n  - ${entry}\n` };
  const { plugins = [] } = found.file.values;
  if (plugins.includes(entry)) return { path, isNew: false };
  const within = basename(path) === 'package.json' ? ['nightshift', 'plugins'] : ['plugins'];
  const text = authoring.editYaml(await readFile(path, 'utf8'), [{ path: within, value: [...plugins, entry] }]);
  return { path, isNew: false, text };
}

/** The configuration comes last: before it, nothing of the rest counts. */
function write(parts: NewPluginParts, { folder, files, link, definition, configuration }: PluginDraft): Promise<void> {
  const { authoring, umask } = parts;
  return allOrNothing(async (takeBack) => {
    await makeOwnFolder(folder, umask, takeBack);
    for (const file of files) await writeNew(authoring, umask, file, takeBack);
    if (link !== undefined) await makeLink(link, umask, takeBack);
    await writeNew(authoring, umask, definition, takeBack);
    if (configuration.text !== undefined) await authoring.replaceFile(configuration.path, configuration.text, { create: configuration.isNew });
  });
}

/** Of two who begin at one moment one is refused. */
async function makeOwnFolder(folder: string, umask: number, takeBack: TakeBack): Promise<void> {
  const made: string[] = [];
  await makeFolder(folder, umask, (one) => {
    made.push(one);
    takeBack(() => rmdir(one));
  });
  if (!made.includes(folder)) throw isThere(folder);
}

function isThere(folder: string): JobError {
  return inTheWay(folder, `${JSON.stringify(basename(folder))} is there already`, 'choose another name, or go to another folder; nothing was written');
}

async function makeLink({ path, to }: { readonly path: string; readonly to: string }, umask: number, takeBack: TakeBack): Promise<void> {
  await makeFolder(dirname(path), umask, (folder) => takeBack(() => rmdir(folder)));
  await symlink(to, path, process.platform === 'win32' ? 'junction' : 'dir');
  takeBack(() => rm(path));
}
