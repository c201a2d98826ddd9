/** What a service runs, as one program or one text for sh. systemd.service(5). */
import type { DraftJob } from '../draft.ts';
import { parseExec, type ExecCommand } from './exec-line.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { plainWord, programJob, quoteText, quoteWord, scriptJob, type Word } from '../shell-text.ts';
import { valueOf, valuesOf, type Setting, type UnitFile } from './unit-file.ts';

const SERVICE = 'Service';

/** One command, and where it stands. */
type Command = ExecCommand & Pick<Setting, 'place'>;

/** Undefined when the service starts nothing. */
export function commandJob(unit: UnitFile, remarks: Remarks): DraftJob | undefined {
  const [before, main, after] = ['ExecStartPre', 'ExecStart', 'ExecStartPost'].map((key) => commandsOf(unit, key)) as [Command[], Command[], Command[]];
  const commands = [...before, ...main, ...after];
  if (main.length === 0) return undefined;
  for (const command of commands) remarkOn(command, remarks);
  const folder = valueOf(unit, SERVICE, 'WorkingDirectory');
  return joined(commands.map(withoutArgv0), folder);
}

function commandsOf(unit: UnitFile, key: string): Command[] {
  return valuesOf(unit, SERVICE, key).flatMap(({ value, place }) => parseExec(value).map((command) => ({ ...command, place })));
}

function remarkOn({ prefixes, specifiers, place }: Command, remarks: Remarks): void {
  if (specifiers.length > 0) remarks.lost(place, `${specifiers.join(', ')}: what systemd puts there is not known here, and it stands as it is`, 'job');
  if (/[+!]/.test(prefixes)) remarks.note(place, `the prefix ${quoted(prefixes)}: rights are never raised here`, 'job');
  if (prefixes.includes('|')) remarks.lost(place, 'the prefix "|" runs the command in a login shell; here it runs without one', 'job');
}

/** `@`: the second word is what the program is told that it is called, which nothing here can say. */
function withoutArgv0(command: Command): Command {
  return command.prefixes.includes('@') ? { ...command, words: command.words.filter((_, index) => index !== 1) } : command;
}

function joined(commands: readonly Command[], folder: Setting | undefined): DraftJob {
  const [only, ...others] = commands as readonly [Command, ...Command[]];
  const words = only.words.map(plainWord);
  const isPlain = others.length === 0 && !only.mayFail && words.every((word) => word !== undefined);
  if (isPlain && folder === undefined) return programJob(words as readonly string[]);
  const enter = folder === undefined ? [] : [changeTo(folder.value)];
  if (isPlain) return scriptJob([...enter, 'exec "$@"'].join('\n'), 'sh', words as readonly string[]);
  const splits = commands.some(({ words: parts }) => parts.some((word) => word.some((part) => 'variable' in part && part.split === true)));
  // What a variable holds is cut at blanks, and nothing in it is a pattern.
  return scriptJob([...(splits ? ['set -f'] : []), ...enter, ...commands.map((command, index) => lineOf(command, index === commands.length - 1))].join('\n'));
}

/** `~` is the home folder, `-` before a path lets it be missing. */
function changeTo(value: string): string {
  const mayFail = value.startsWith('-');
  const path = mayFail ? value.slice(1) : value;
  return `cd${path === '~' ? '' : ` ${quoteText(path)}`} || ${mayFail ? ':' : 'exit'}`;
}

function lineOf({ words, mayFail }: Command, isLast: boolean): string {
  const text = words.map((word: Word) => quoteWord(word)).join(' ');
  if (mayFail) return `${text} || :`;
  return isLast ? text : `${text} || exit`;
}
