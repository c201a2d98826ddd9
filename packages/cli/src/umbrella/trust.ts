import type { PluginChange, ProjectTrust, Trust } from '@nightshift/host';
import { EXIT } from '../exit-codes.ts';
import type { Parsed } from '../options/option-table.ts';
import { usage } from '../options/usage.ts';
import { writeJson } from '../print/json.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { writeError, writeOut } from '../print/terminal.ts';
import { formatOf, type Verb } from '../verb.ts';

export const trust: Verb = {
  table: {
    name: 'trust',
    summary: "gives your word for a project: its plugins may run, its trusted keys count; runs nothing",
    examples: ['nightshift trust', 'nightshift trust ~/src/shop --what-if', 'nightshift trust --list', 'nightshift trust --revoke ~/src/shop'],
    usage: ['[FOLDER] [options]', '--list', '--revoke [FOLDER] [options]'],
    words: 1,
    completes: 'folder',
    options: {
      list: { kind: 'switch', help: 'show the projects that are trusted, and what has changed in them since' },
      revoke: { kind: 'switch', help: 'take the word back; the folder may be gone' },
      'what-if': { kind: 'switch', help: 'say what would be recorded, and record nothing' },
    },
  },
  async run(options, { host }) {
    const format = formatOf(options, ['table', 'json']);
    if (options.isOn('list')) refuseBesideList(options);
    if (options.words[0] === '') throw usage('ParameterArgumentValidationError', 'the folder is empty', 'nightshift trust . is for the current one');
    const keeper = await host().trust();
    const act = options.isOn('list') ? list : options.isOn('revoke') ? revoke : grant;
    const { projects, talk } = await act(keeper, options.words[0] ?? '.', options.isOn('what-if'));
    if (format === 'json') writeJson({ apiVersion: 1, projects: projects.map(plain) });
    else print(projects, talk);
    return EXIT.done;
  },
};

function refuseBesideList(options: Parsed): void {
  const other = options.words[0] ?? ['revoke', 'what-if'].filter((flag) => options.isOn(flag)).map((flag) => `--${flag}`)[0];
  if (other !== undefined) throw usage('InvalidParameterCombination', `--list shows every project; "${other}" goes without it`);
}

/** What was done, for standard output, and what is said about it. */
interface Done {
  readonly projects: readonly ProjectTrust[];
  readonly talk: string;
}

async function list(keeper: Trust): Promise<Done> {
  const projects = await keeper.list();
  return { projects, talk: projects.length === 0 ? 'no project is trusted' : '' };
}

async function grant(keeper: Trust, folder: string, whatIf: boolean): Promise<Done> {
  const found = await keeper.grant(folder, { whatIf });
  if (!found.asks) return { projects: [found], talk: 'nothing there asks for trust: neither plugins nor keys that need it' };
  if (found.standing === 'trusted') return { projects: [found], talk: 'it is trusted as it is' };
  if (whatIf) return { projects: [found], talk: `What if: trust ${found.folder} as shown, in ${keeper.file}` };
  return { projects: [{ ...found, standing: 'trusted' }], talk: `recorded in ${keeper.file}` };
}

async function revoke(keeper: Trust, folder: string, whatIf: boolean): Promise<Done> {
  const found = await keeper.revoke(folder, { whatIf });
  if (found === undefined) return { projects: [], talk: `${folder === '.' ? 'this folder' : folder} is not trusted` };
  if (whatIf) return { projects: [found], talk: `What if: revoke the trust in ${found.folder}, in ${keeper.file}` };
  return { projects: [{ ...found, standing: 'untrusted' }], talk: `taken out of ${keeper.file}` };
}

function print(projects: readonly ProjectTrust[], talk: string): void {
  writeOut(projects.flatMap(linesOf).map((line) => `${sanitiseLine(line)}\n`).join(''));
  if (talk !== '') writeError(`${sanitiseLine(talk.startsWith('What if: ') ? talk : `trust: ${talk}`)}\n`);
}

function linesOf({ folder, file, standing, keys, changes }: ProjectTrust): readonly string[] {
  return [
    `${folder}  ${standing}`,
    ...(file === undefined ? [] : [`  file    ${file}`]),
    ...keys.map((key) => `  key     ${key}`),
    ...changes.map((change) => `  plugin  ${phraseOf(change)}`),
  ];
}

function phraseOf({ name, word, before, now }: PluginChange): string {
  const was = before === undefined ? '' : `${before.version} in ${before.path}`;
  if (now === undefined) return `${name} is gone; it was ${was}`;
  if ('fault' in now) return `${name} cannot be found: ${now.fault}`;
  const is = `${name} ${now.version} in ${now.path}`;
  return word === 'changed' ? `${is}; it was ${was}` : word === 'new' ? `${is} (new)` : is;
}

function plain({ folder, file = null as never, standing, keys, changes }: ProjectTrust): object {
  return { folder, file, standing, keys, plugins: changes.map(plainPlugin) };
}

function plainPlugin({ name, word, before, now }: PluginChange): object {
  const { version, path, fault } = { version: null, path: null, fault: null, ...now };
  return { name, change: word, version, path, fault, before: before === undefined ? null : { version: before.version, path: before.path } };
}
