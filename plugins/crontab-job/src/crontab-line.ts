/** One line of a crontab, as cron reads it. Sources: crontab(5) of Debian and of cronie, and the readers of both. */

export type CrontabLine =
  | { readonly is: 'blank' }
  | { readonly is: 'comment'; readonly text: string }
  | { readonly is: 'variable'; readonly name: string; readonly value: string }
  | { readonly is: 'entry'; readonly schedule: string; readonly user?: string; readonly command: string }
  /** `at`: what is wrong begins behind so many characters. `command`: what cron would have run, if that can be told. */
  | { readonly is: 'unknown'; readonly why: string; readonly at: number; readonly command: string };

/** `system`: a word with the user's name stands before the command. */
export function readLine(line: string, system: boolean): CrontabLine {
  const text = line.replace(/^[ \t]+/, '');
  if (text === '') return { is: 'blank' };
  if (text.startsWith('#')) return { is: 'comment', text: text.replace(/^#+/, '').trim() };
  // In this order, as cron itself: a variable may be called anything.
  return readVariable(text) ?? readEntry(text, system, line);
}

const NAMED = /^(?:"([^"=]*)"|'([^'=]*)'|([^\s"'=][^\s=]*))\s*=\s*(.*)$/;
const QUOTED = /^(?:"([^"]*)"|'([^']*)')\s*$/;

/** NAME = VALUE, either of them in quotes. Nothing is ever expanded in the value. */
function readVariable(text: string): CrontabLine | undefined {
  const parts = NAMED.exec(text);
  if (parts === null) return undefined;
  const rest = parts[4] as string;
  const inQuotes = QUOTED.exec(rest);
  // A quote that is not closed, or something behind a closed one: no variable to cron either.
  if (inQuotes === null && /^["']/.test(rest)) return undefined;
  return { is: 'variable', name: parts[1] ?? parts[2] ?? (parts[3] as string), value: inQuotes === null ? rest.trimEnd() : (inQuotes[1] ?? (inQuotes[2] as string)) };
}

const WORD = /^@[\w-]+(?:[ \t]+|$)/;
const MONTH = '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])';
const DAY = '(?:sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?)(?![a-z])';
/** Words only where months and days may be called by their names, so that neither prose nor a command is a field. */
const FIVE = new RegExp(`^(?:[\\d*/,~?-]+[ \\t]+){2}[\\d*/,~?LW-]+[ \\t]+(?:[\\d*~?]|${MONTH})[\\w*/,~?-]*[ \\t]+(?:[\\d*~?]|${DAY})[\\w*/,~?#-]*(?:[ \\t]+|$)`, 'i');
/** Fields and "@" words at the beginning of a line that is no entry. */
const LIKE_FIELDS = /^(?:[-@]?[\d*?][^\s]*[ \t]+|@\S+[ \t]+)+/;

function readEntry(text: string, system: boolean, line: string): CrontabLine {
  // root may begin an entry with "-" to keep it out of the system log.
  const entry = text.replace(/^-(?=[\d*@])/, '');
  const schedule = (WORD.exec(entry) ?? FIVE.exec(entry))?.[0];
  if (schedule === undefined) return { is: 'unknown', why: 'this is no line of a crontab: neither NAME=VALUE nor five fields, or an "@" word, and a command', at: line.length - text.length, command: text.replace(LIKE_FIELDS, '') };
  const rest = entry.slice(schedule.length);
  const user = system ? (/^\S+/.exec(rest)?.[0] ?? '') : undefined;
  const command = user === undefined ? rest : rest.slice(user.length).trimStart();
  if (command === '') return { is: 'unknown', why: system ? 'a user or a command is missing behind the schedule' : 'a command is missing behind the schedule', at: line.length, command };
  return { is: 'entry', schedule: schedule.trimEnd(), ...(user === undefined ? {} : { user }), command };
}

/** cronie's and FreeBSD's `-n` and `-q` before a command are about mail and logs; there may be both. */
export function splitOption(text: string): { readonly option?: string; readonly command: string } {
  const option = /^(?:-[nq][ \t]+)+(?=\S)/.exec(text)?.[0];
  return option === undefined ? { command: text } : { option: option.trim(), command: text.slice(option.length) };
}

/** A command and what it reads: everything behind the first `%` that no backslash precedes. */
export interface CronCommand {
  readonly command: string;
  /** Lines of standard input. */
  readonly input?: readonly string[];
}

/** `\%` is a percent sign, the first other `%` ends the command, each further one ends a line of its input. */
export function splitPercent(text: string): CronCommand {
  const [command, ...input] = cutAtPercents(text);
  if (input.length === 0) return { command: command as string };
  // What ends with a line end has no further line behind it.
  return { command: command as string, input: input.at(-1) === '' ? input.slice(0, -1) : input };
}

function cutAtPercents(text: string): readonly string[] {
  const parts = [''];
  const add = (piece: string): void => void (parts[parts.length - 1] += piece);
  for (let at = 0; at < text.length; at++) {
    const [here, next = ''] = [text[at] as string, text[at + 1]];
    if (here === '%') parts.push('');
    // In a command a backslash takes any character with it, in its input a percent sign only. cron has two loops.
    else if (here === '\\' && (next === '%' || parts.length === 1)) add(next === '%' ? '%' : here + next);
    else add(here);
    if (here === '\\' && (next === '%' || parts.length === 1)) at++;
  }
  return parts;
}
