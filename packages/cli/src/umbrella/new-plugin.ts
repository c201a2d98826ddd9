import { dirname, join } from 'node:path';
import type { Host, PluginDraft, PluginLanguage } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { shownPath } from './import/shown-path.ts';

/** The word behind `nightshift new` that asks for a plugin in place of a definition. */
export const PLUGIN = 'plugin';

const ONLY_OF_DEFINITIONS = ['from', 'definition-path'];

export async function newPlugin(options: Parsed, format: 'table' | 'json' | string, host: () => Host): Promise<number> {
  const [, name] = options.words;
  if (name === undefined) throw usage('MissingMandatoryParameter', 'say what the new plugin is called', 'nightshift new plugin DiskWatch');
  const other = ONLY_OF_DEFINITIONS.find((flag) => options.has(flag));
  if (other !== undefined) throw usage('InvalidParameterCombination', `--${other} is for a definition, and this is a plugin`);
  const plugins = (await host().wiring()).newPlugins({ templates: join(__dirname, 'templates', 'plugin'), product: join(__dirname, '..') });
  const draft = await plugins.draft({ name, language: (options.text('language') ?? 'ts') as PluginLanguage });
  if (options.isOn('what-if')) whatIf(draft);
  else {
    await plugins.write(draft);
    report(draft, options.text('config'), format);
  }
  return EXIT.done;
}

function whatIf({ files, link, definition, configuration }: PluginDraft): void {
  const made = [...files.map(({ path }) => path), ...(link === undefined ? [] : [link.path]), definition.path];
  const acts = [...made.map((path) => `new ${shownPath(path)}`), ...(configuration.text === undefined ? [] : [`${configuration.isNew ? 'new' : 'change'} ${shownPath(configuration.path)}`])];
  writeError(sanitised(acts.map((act) => `What if: ${act}`)));
}

function report(draft: PluginDraft, config: string | undefined, format: string): void {
  const { name, language, type, folder, files, definition, configuration, covered } = draft;
  const written = [...files.map(({ path }) => path), definition.path, ...(configuration.isNew ? [configuration.path] : [])];
  const changed = configuration.isNew || configuration.text === undefined ? [] : [configuration.path];
  if (format === 'json') return writeJson({ apiVersion: 1, name, language, type, folder, definition: definition.path, configuration: configuration.path, written, changed });
  writeOut(sanitised([...written.map(shownPath), ...changed.map((path) => `${shownPath(path)} (changed: it names the plugin now)`)]));
  if (covered.length > 0) writeError(sanitised([`new: from now on your own configuration says nothing here about: ${covered.join(', ')}`]));
  writeError(sanitised(['Next:', ...nextLines(draft, config).map((line) => `  ${line}`)]));
}

function nextLines({ name, folder, configuration, needsTrust }: PluginDraft, config: string | undefined): readonly string[] {
  const project = dirname(configuration.path);
  const place = shownPath(project) === project && project !== process.cwd() ? ` ${word(project)}` : '';
  const named = config === undefined ? '' : ` --config ${word(config)}`;
  return [`npm test --prefix ${word(shownPath(folder))}`, ...(needsTrust ? [`nightshift trust${place}`] : []), `start-job --definition-name ${name}${named} --wait`];
}

function sanitised(lines: readonly string[]): string {
  return lines.map((line) => `${sanitiseLine(line)}\n`).join('');
}

/** As a POSIX shell needs it. */
export function word(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
