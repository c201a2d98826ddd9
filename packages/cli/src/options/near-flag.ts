import { asciiLower, suggest } from '@nightshift/sdk';
import type { Option } from './option-table.ts';

/** What other tools call things; where a verb has several of the names, the first that it has is meant. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  cwd: ['working-directory'], chdir: ['working-directory'], cd: ['working-directory'], dir: ['working-directory'], workdir: ['working-directory'],
  args: ['argument-list'], arguments: ['argument-list'],
  cmd: ['script-block'], exec: ['script-block'], script: ['script-block'],
  file: ['file-path'], variable: ['env'], environment: ['env'], label: ['name'], title: ['name'],
  format: ['output'], out: ['output'], status: ['state'],
  lines: ['tail', 'newest'], last: ['tail', 'newest'], limit: ['newest', 'tail'], n: ['tail', 'newest', 'count'],
  dryrun: ['what-if'], simulate: ['what-if'], kill: ['force'], block: ['wait'], foreground: ['wait'], sync: ['wait'],
};

/**
 * The flag that somebody meant who wrote `shown`, as it should be written; undefined when none is near. One guess: by another
 * way of writing it (`--definitionName`, `--definition_name`), by another tool's word for it, by its letters.
 */
export function nearFlag(shown: string, options: Readonly<Record<string, Option>>): string | undefined {
  const word = asciiLower(shown.replace(/^-+/, '').replace(/:.*$/s, ''));
  const names = Object.keys(options);
  const squeezed = word.replaceAll(/[-_]/g, '');
  const same = names.find((name) => name.replaceAll('-', '') === squeezed);
  if (same !== undefined) return `--${same}`;
  const elsewhere = Object.hasOwn(ELSEWHERE, squeezed) ? ELSEWHERE[squeezed]?.find((name) => Object.hasOwn(options, name)) : undefined;
  if (elsewhere !== undefined) return `--${elsewhere}`;
  return without(squeezed, options) ?? dashed(suggest(word, names));
}

/** `--no-color`, `--no-keep`: what is on is turned off by its value. */
function without(squeezed: string, options: Readonly<Record<string, Option>>): string | undefined {
  if (!squeezed.startsWith('no')) return undefined;
  const name = Object.keys(options).find((one) => one.replaceAll('-', '') === squeezed.slice(2));
  if (name === undefined) return undefined;
  return options[name]?.kind === 'switch' ? `--${name}=false` : options[name]?.oneOf?.includes('never') === true ? `--${name} never` : undefined;
}

function dashed(name: string | undefined): string | undefined {
  return name === undefined ? undefined : `--${name}`;
}
