/** A crontab as a whole: its entries, what is in force at each, and what each is called. Whoever reads crontabs reads them so. */
import { JobError } from '@nightshift/sdk';
import { nameOfCommand } from './command-name.ts';
import { readLine, splitOption, splitPercent, type CrontabLine } from './crontab-line.ts';

export { splitOption, splitPercent };

export type CrontabEntry = CrontabLine & { readonly is: 'entry' };
export type UnknownLine = CrontabLine & { readonly is: 'unknown' };

export interface CrontabVariable {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A line that runs something, or that would if it could be read. */
export interface CrontabItem {
  /** From 1. */
  readonly line: number;
  readonly read: CrontabEntry | UnknownLine;
  /** Set above it; of two with one name the later one. */
  readonly variables: readonly CrontabVariable[];
  /** What the comments directly above say; empty where there are none. */
  readonly title: string;
  /** What it may be called, the best first: `name: …` in a comment, the comment itself if it is short, its program. */
  readonly names: readonly string[];
}

/** Whether a path is one where cron looks for the system form. */
export function isSystemCrontab(file: string): boolean {
  return /(?:^|\/)(?:crontab|cron\.d\/[^/]+)$/.test(file) && /^(?:\/private)?\/etc\//.test(file);
}

/** As many as a map of a definition may have keys. Each entry has all of them: more would be a way to fill the memory. */
const MOST_VARIABLES = 500;

/** `system`: a word with the user's name stands before each command. Throws `DefinitionTooLarge` at the 501st variable. */
export function* crontabItems(lines: readonly string[], { system }: { readonly system: boolean }): Generator<CrontabItem> {
  let variables: readonly CrontabVariable[] = [];
  let comments: string[] = [];
  for (const [index, text] of lines.entries()) {
    const read = readLine(text, system);
    const line = index + 1;
    if (read.is === 'entry' || read.is === 'unknown') yield { line, read, variables, title: comments.filter((comment) => !NAMED.test(comment)).join(' '), names: namesOf(comments, read) };
    if (read.is === 'variable') variables = [...variables.filter(({ name }) => name !== read.name), { name: read.name, value: read.value, line }];
    if (variables.length > MOST_VARIABLES) throw new JobError({ code: 'DefinitionTooLarge', message: `line ${line} sets one more than the ${MOST_VARIABLES} variables that a crontab may set` });
    if (read.is === 'comment' && isTitle(read.text)) comments.push(read.text);
    else comments = [];
  }
}

const NAMED = /^name:\s*(?=\S)/i;
/** Longer ones are sentences. */
const LONGEST_NAME = 40;

function namesOf(comments: readonly string[], read: CrontabEntry | UnknownLine): readonly string[] {
  const named = comments.find((comment) => NAMED.test(comment))?.replace(NAMED, '');
  const last = comments.at(-1);
  const { command } = splitPercent(splitOption(read.command).command);
  return [named ?? [], last !== undefined && last.length <= LONGEST_NAME ? last : [], nameOfCommand(command) ?? [], 'cron-job'].flat();
}

/** A comment that says something: no legend of the fields, no entry that was switched off, no line of dashes. */
function isTitle(text: string): boolean {
  return /\p{L}{2}/u.test(text) && text.length <= 200 && !/[*\d]\s+[*\d/]+\s+[*\d]|\bdom\b|day of (?:week|month)|^[@|]|^\.?-{3}/.test(text) && !/^\w+\s*=/.test(text);
}
