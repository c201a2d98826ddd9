/** The entries of a crontab as definitions, and what runs of one. Source: crontab(5) of Debian's cron and of cronie. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { userInfo, type UserInfo } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { asciiLower, isJobError, isMap, uniqueNames, type BrokenDefinition, type CommandLine, type Definition, type DefinitionPlace, type DescribeRequest, type JobErrorFacts, type SourceFiles, type SpecIssue, type SpecResult } from '@nightshift/sdk';
import { crontabItems, isSystemCrontab, splitOption, splitPercent, type CrontabEntry, type CrontabItem } from './crontab.ts';

/** What cron runs of an entry. */
export interface CrontabSpec {
  /** For `SHELL -c`, without percent signs that mean something to cron. */
  readonly command: string;
  /** The variables of the file that are in force at the entry. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines of standard input. */
  readonly input?: readonly string[];
  /** Of a system crontab. */
  readonly user?: string;
}

type Found = Definition | BrokenDefinition;

/** What `name` means, without case. A crontab that cannot be read is broken whatever is asked for. */
export async function findEntries(name: string, path: string | undefined, files: SourceFiles): Promise<readonly Found[]> {
  const read = await readCrontab(path, files);
  return 'errors' in read ? [{ name, ...read }] : entriesIn(read).filter((one) => asciiLower(one.name) === asciiLower(name)).map((one) => definitionOf(one, read));
}

/** Every entry, in name order. Where there is no crontab there is none. */
export async function listEntries(path: string | undefined, files: SourceFiles): Promise<readonly Found[]> {
  const read = await readCrontab(path, files);
  if (!('errors' in read)) return entriesIn(read).toSorted((a, b) => (asciiLower(a.name) < asciiLower(b.name) ? -1 : 1)).map((one) => definitionOf(one, read));
  return read.errors.every(({ code }) => code === 'FilePathNotFound') ? [] : [{ name: 'crontab', ...read }];
}

interface Crontab {
  /** The real path of its folder, and its own name: a link in that folder is followed by who reads. */
  readonly file: string;
  readonly lines: readonly string[];
  readonly items: readonly CrontabItem[];
  readonly isUtf8: boolean;
}

/** `path` is the file or its folder; without it the file `crontab` here. */
async function readCrontab(path: string | undefined, files: SourceFiles): Promise<Crontab | Omit<BrokenDefinition, 'name'>> {
  const given = resolve(path ?? 'crontab');
  const isFolder = await stat(given).then((facts) => facts.isDirectory(), () => false);
  const folder = isFolder ? given : dirname(given);
  const file = join(await realpath(folder).catch(() => folder), isFolder ? 'crontab' : basename(given));
  try {
    const bytes = await files.read(file);
    const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
    return { file, lines, items: [...crontabItems(lines, { system: isSystemCrontab(file) })], isUtf8: isUtf8(bytes) };
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    const hint = cause.hint ?? (cause.code !== 'FilePathNotFound' ? undefined : path === undefined ? 'crontab -l > crontab writes yours into this folder; --definition-path names another file' : 'in a folder the file "crontab" is meant; --definition-path names any other by itself');
    return { type: 'CrontabJob', location: shown(file), errors: [{ code: cause.code, message: cause.message, file: shown(file), ...(hint === undefined ? {} : { hint }) }] };
  }
}

/** An entry, or a line that would be one, and what it is called here. */
interface Named {
  readonly name: string;
  /** What it would be called if that were a name. */
  readonly wish: string;
  readonly item: CrontabItem;
}

function entriesIn({ items }: Crontab): readonly Named[] {
  const wishes = items.map(({ names, read, line }) => (read.is === 'entry' ? names : names.with(-1, `line-${line}`)));
  const names = uniqueNames(wishes);
  return items.map((item, index) => ({ name: names[index] as string, wish: wishes[index]?.[0] as string, item }));
}

function definitionOf({ name, wish, item }: Named, crontab: Crontab): Found {
  const { file } = crontab;
  const facts = { name, type: 'CrontabJob', location: shown(file), baseFolder: dirname(file) };
  const errors = errorsOf(item, crontab);
  if (errors.length > 0) return { ...facts, errors };
  const entry = item.read as CrontabEntry;
  return {
    ...facts,
    key: `${createHash('sha256').update(file).digest('hex').slice(0, 8)}/${asciiLower(name)}`,
    description: describing(entry, item),
    ...(wish === name ? {} : { sourceName: wish }),
    // Made when it is asked for: a list of thousands needs none of them.
    get spec() {
      return specOf(entry, item);
    },
    place: () => placeAt(crontab, item.line),
  };
}

function describing({ schedule, user }: CrontabEntry, { title, variables }: CrontabItem): string {
  const zone = variables.find(({ name }) => name === 'CRON_TZ')?.value ?? '';
  return `${schedule}${zone === '' ? '' : ` ${zone}`}${user === undefined ? '' : ` as ${user}`}${title === '' ? '' : `: ${title}`}`;
}

/** What a shell can hand on; cron's own variables are handed on too, as cron does. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function specOf({ command: text, user }: CrontabEntry, { variables }: CrontabItem): CrontabSpec {
  const environment = Object.fromEntries(variables.filter(({ name }) => NAME.test(name)).map(({ name, value }) => [name, value]));
  return { ...splitPercent(splitOption(text).command), environment, ...(user === undefined ? {} : { user }) };
}

/** They load code into every program (security specification S11). */
const INJECTION = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/i;
const CONTROL = /(?!\t)\p{Cc}/u;

/** Why an entry cannot be run: its own line, or one that sets a variable for it. */
function errorsOf({ line, read, variables }: CrontabItem, crontab: Crontab): readonly JobErrorFacts[] {
  const wrong = (at: number, message: string, offset = 0, facts: Partial<JobErrorFacts> = {}): JobErrorFacts => ({ code: 'DefinitionSyntaxError', message, ...placeAt(crontab, at, offset), ...facts });
  if (read.is === 'unknown') return [wrong(line, read.why, read.at)];
  const spoiled = [...variables.map((variable) => variable.line), line].map((at) => ({ at, text: crontab.lines[at - 1] as string }));
  return [
    ...variables.filter(({ name }) => INJECTION.test(name)).map(({ name, line: at }) => wrong(at, `${name} loads code into every program, and no definition may set it`, 0, { code: 'DefinitionValueInvalid', hint: `where a command needs it, write it before the command: ${name}=…` })),
    ...variables.filter(({ name, value }) => name === 'SHELL' && /^[^/]/.test(value)).map(({ value, line: at }) => wrong(at, `SHELL=${value} is no shell to cron, which looks for it in no PATH`, 0, { code: 'DefinitionValueInvalid', hint: 'write its whole path, such as /bin/bash' })),
    ...spoiled.filter(({ text }) => CONTROL.test(text)).map(({ at, text }) => wrong(at, 'the line holds a control character', text.search(CONTROL))),
    ...spoiled.filter(({ text }) => !crontab.isUtf8 && text.includes('\uFFFD')).map(({ at, text }) => wrong(at, 'a byte of the line is not UTF-8', text.indexOf('\uFFFD'))),
  ];
}

function placeAt({ file, lines }: Crontab, line: number, offset = 0): DefinitionPlace {
  const text = lines[line - 1] as string;
  return { file: shown(file), line, column: offset + 1, excerpt: { text, length: Math.max(1, Math.min(60, text.length - offset)) } };
}

/** As people read a path: relative where it lies below the current folder. */
function shown(file: string): string {
  const below = relative(process.cwd(), file);
  return /^\.\.(?:\/|$)/.test(below) ? file : below;
}

const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');

export function checkSpec(value: unknown): SpecResult<CrontabSpec> {
  const { command, environment = {}, input, user, ...others } = isMap(value) ? value : {};
  const fault = (key: string, what: string): SpecIssue => ({ message: `"job.${key}" ${what}`, path: [key] });
  const issues = [
    ...(isText(command) && command !== '' ? [] : [fault('command', 'must be text')]),
    ...(isMap(environment) && Object.entries(environment).every(([name, text]) => NAME.test(name) && !INJECTION.test(name) && isText(text)) ? [] : [fault('environment', 'must be names of variables with texts')]),
    ...(input === undefined || (Array.isArray(input) && input.every(isText)) ? [] : [fault('input', 'must be a list of lines')]),
    ...(user === undefined || (isText(user) && user !== '') ? [] : [fault('user', 'must be the name of a user')]),
    ...Object.keys(others).map((key): SpecIssue => ({ ...fault(key, 'is not a key of a CrontabJob'), code: 'DefinitionKeyUnknown', at: 'key' })),
  ];
  return issues.length > 0 ? { issues } : { value: value as CrontabSpec };
}

/**
 * cron starts in the home folder; who was started in another folder than the crontab's was told to start there. The home of
 * another user is known only once it is that user, and no definition names a working directory outside its project.
 */
const GO_HOME = '[ "$(pwd -P)" != "$1" ] || cd && shift && exec "$@"';

/** As cron starts it: by the file's SHELL, with the PATH that cron has unless the file sets one, so that what works here works there. */
export function describeEntry({ spec: { command, environment = {}, input, user }, workingDirectory }: DescribeRequest<CrontabSpec>): CommandLine {
  const own = ownAccount();
  const isOwn = user === undefined || user === own?.username;
  const shell = environment['SHELL'] || '/bin/sh';
  const { LOGNAME: _login, USER: _user, ...set } = environment;
  return {
    // The shell says "crontab" of itself where it complains.
    argv: ['/bin/sh', '-c', GO_HOME, 'crontab', realPathOf(workingDirectory), shell, '-c', command],
    commandText: command,
    environment: { PATH: '/usr/bin:/bin', ...(isOwn && own !== undefined && !process.env['HOME'] ? { HOME: own.homedir } : {}), ...set, SHELL: shell, ...(isOwn && own !== undefined ? { LOGNAME: own.username, USER: own.username } : {}) },
    ...(input === undefined ? {} : { input }),
    ...(user === undefined ? {} : { user }),
  };
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // What is not there is told of by who starts in it.
    return folder;
  }
}

function ownAccount(): UserInfo<string> | undefined {
  try {
    return userInfo();
  } catch {
    // A user id without an account has neither name nor home.
    return undefined;
  }
}
