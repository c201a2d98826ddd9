/** The `job:` part of a RemoteJob; what a command has in common with a BackgroundJob's is called as there. */
import { defineSpec, type SpecPart, type SpecSchema } from '@nightshift/sdk';

/** A command for other computers, after validation. Exactly one of `command`, `scriptBlock` and `filePath`. */
export interface RemoteSpec {
  /** As `ssh` takes them, in the order in which they are begun; one that is named twice gets two children. */
  readonly computerName: readonly [string, ...string[]];
  /** The program over there and its arguments; no shell looks at them. */
  readonly command?: readonly [string, ...string[]];
  /** Read by `sh` over there. */
  readonly scriptBlock?: string;
  /** A script file of this computer, whose contents are sent. Relative to the working directory. */
  readonly filePath?: string;
  /** `$1` and on of a script; for a program behind its own arguments. */
  readonly argumentList: readonly string[];
  /** Lines of standard input over there. Absent: what the job itself was given, if anything. */
  readonly inputObject?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that the command may take on each computer; counted there, also while nobody is connected. */
  readonly timeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL, at the time limit and at a stop. */
  readonly gracePeriod?: number;
  /** How many connections there are at a time. */
  readonly throttleLimit: number;
  /** The user of ssh. Absent: as ssh has it. */
  readonly credential?: string;
  /** Absent: as ssh has it. */
  readonly port?: number;
  /** The command is begun and left alone: each child is Disconnected as soon as it runs. */
  readonly inDisconnectedSession: boolean;
  /** Display only: a terminal shows the lines of several computers without their names. */
  readonly hideComputerName: boolean;
}

/** What a computer may be called: nothing that `ssh` could take for an option. Source: jobs.md section 17. */
export const COMPUTER_NAME: RegExp = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;
/** Connections at a time where nobody says how many, or says 0. */
export const THROTTLE_LIMIT = 32;

const WORD = { type: ['string', 'number', 'boolean'] } as const;
const TIME = { type: ['string', 'integer'] } as const;

/** What an editor says of each key, and the forms that it takes. */
const KEYS = {
  computerName: { description: 'The computers, as ssh takes them; each gets a child.', type: ['string', 'array'], items: { type: 'string' }, examples: [['web1', 'admin@web2']] },
  command: { description: 'The program over there and its arguments; no shell looks at them.', type: ['string', 'array'], items: WORD, examples: [['df', '-h']] },
  scriptBlock: { description: 'A text for sh over there.', type: 'string', examples: ['df -h | tail -1'] },
  filePath: { description: 'A script file of this computer, whose contents are sent.', type: 'string', examples: ['backup.sh'] },
  argumentList: { description: 'Arguments, each a word of its own.', type: 'array', items: WORD, examples: [['--verify', 7]] },
  inputObject: { description: 'Lines of standard input over there.', type: 'array', items: WORD, examples: [['first line', 'second line']] },
  environment: { description: 'Variables for the command over there; numbers and booleans become text.', type: 'object', additionalProperties: WORD, examples: [{ KEEP: 7 }] },
  timeout: { description: 'How long the command may take on each computer; counted over there, also while nobody is connected.', ...TIME, examples: ['30m'] },
  gracePeriod: { description: 'Time between the request to stop and the kill. Default 10s.', ...TIME, examples: ['1m'] },
  throttleLimit: { description: 'Connections at a time. Default 32, and 0 means 32.', type: 'integer', examples: [16] },
  credential: { description: 'The user of ssh. Default: as ssh has it.', type: 'string', examples: ['admin'] },
  port: { description: 'The port of ssh. Default: as ssh has it.', type: 'integer', examples: [2222] },
  inDisconnectedSession: { description: 'Begin it there and leave it alone: its children are Disconnected at once.', type: 'boolean', default: false },
  hideComputerName: { description: 'A terminal shows the lines of several computers without their names.', type: 'boolean', default: false },
} as const;
const BODIES = ['command', 'scriptBlock', 'filePath'] as const;
/** What a user may be called over there. */
export const USER_NAME: RegExp = /^[A-Za-z0-9_][A-Za-z0-9_.@\\+-]*\$?$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Shells set these themselves, or let nobody set them: what was asked for would not arrive. */
const OF_THE_SHELL = /^(?:IFS|OPTIND|PPID|UID|EUID|GROUPS|BASHOPTS|SHELLOPTS|BASH_VERSINFO)$/;
/** The most that a counter of connections is asked to count to. */
export const MOST_CONNECTIONS = 10_000;

type Parts = Readonly<Partial<Record<keyof typeof KEYS, SpecPart>>>;

export const remoteSchema: SpecSchema<RemoteSpec> = defineSpec('a RemoteJob', KEYS, ['computerName'], (parts) => {
  complainAboutBodies(parts);
  const { timeout, gracePeriod, throttleLimit, credential, port } = parts;
  return {
    computerName: readComputers(parts.computerName), ...readBody(parts), argumentList: readWords(parts.argumentList), environment: readEnvironment(parts.environment),
    throttleLimit: throttleLimit?.count(0, MOST_CONNECTIONS) || THROTTLE_LIMIT, inDisconnectedSession: parts.inDisconnectedSession?.boolean() ?? false, hideComputerName: parts.hideComputerName?.boolean() ?? false,
    ...(parts.inputObject === undefined ? {} : { inputObject: readWords(parts.inputObject, /[\n\0]/, 'each one line') }),
    ...(timeout === undefined ? {} : { timeout: readTime(timeout) }), ...(gracePeriod === undefined ? {} : { gracePeriod: readTime(gracePeriod) }),
    ...(credential === undefined ? {} : { credential: readUser(credential) }), ...(port === undefined ? {} : { port: port.count(1, 65_535) }),
  } as RemoteSpec;
});

function complainAboutBodies(parts: Parts): void {
  const [first, second] = BODIES.flatMap((key) => (parts[key] === undefined ? [] : [{ key, part: parts[key] }]));
  if (second !== undefined) second.part.complain(`and "job.${first?.key}" exclude each other: a job runs one thing`, { code: 'DefinitionKeysExclusive', at: 'key', hint: 'keep one of them' });
  if (first === undefined) parts.computerName?.complain('have nothing to run: one of "command", "scriptBlock" and "filePath" is missing', { code: 'DefinitionKeyMissing', hint: 'add, for example, command: [uptime]' });
}

function readBody({ command, scriptBlock, filePath }: Parts): Pick<RemoteSpec, (typeof BODIES)[number]> {
  const texts = Object.entries({ scriptBlock, filePath }).flatMap(([key, part]) => (part === undefined ? [] : [[key, readText(part)]]));
  return { ...(command === undefined ? {} : { command: readCommand(command) }), ...Object.fromEntries(texts) };
}

function readCommand(part: SpecPart): readonly [string, ...string[]] {
  const words = typeof part.value === 'string' ? [part.value] : readWords(part);
  if (Array.isArray(part.value) && words.length === 0) part.complain('names no program', { hint: 'write a list of texts, for example [df, -h]' });
  if (words[0]?.trim() === '') part.complain('names no program: its first word is empty');
  return words as readonly [string, ...string[]];
}

function readText(part: SpecPart): string | undefined {
  const text = part.text();
  if (text === undefined) return;
  if (text.trim() === '') return part.complain('is empty');
  return text.includes('\0') ? part.complain('holds a NUL, which no command can') : text;
}

function readComputers(part: SpecPart | undefined): readonly [string, ...string[]] {
  const names = typeof part?.value === 'string' ? [part.value] : part?.value;
  if (!Array.isArray(names) || names.length === 0) return (part?.complain('must be a list of computers', { hint: 'write, for example, [web1, web2]' }) ?? []) as unknown as readonly [string, ...string[]];
  const wrong = names.find((name) => typeof name !== 'string' || !COMPUTER_NAME.test(name)) as unknown;
  if (wrong !== undefined) part?.complain(`holds ${JSON.stringify(wrong).slice(0, 80)}, which is not the name of a computer`, { hint: 'a name has letters, digits and . _ : @ -, and begins with a letter or a digit' });
  return names as unknown as readonly [string, ...string[]];
}

/** Numbers and booleans become text. */
function readWords(part: SpecPart | undefined, forbidden: RegExp = /\0/, what: string = 'none with a NUL'): readonly string[] {
  if (part === undefined) return [];
  const words = Array.isArray(part.value) ? part.value.map(textOf) : [undefined];
  if (words.every((word) => word !== undefined && !forbidden.test(word))) return words as string[];
  return part.complain(`must be a list of texts, ${what}`) ?? [];
}

function readEnvironment(part: SpecPart | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(part?.members('environment') ?? {}).map(([name, value]) => {
    if (!VARIABLE.test(name)) value.complain('is not the name of a variable', { at: 'key', hint: 'a name has letters, digits and "_", and does not begin with a digit' });
    if (OF_THE_SHELL.test(name)) value.complain('belongs to the shell over there and cannot be set', { at: 'key' });
    const text = textOf(value.value);
    return [name, text === undefined || text.includes('\0') ? (value.complain('must be text without a NUL, a number, true or false') ?? '') : text];
  }));
}

/** A duration with its unit; also what one of our own verbs has made of it, a whole number of milliseconds. */
function readTime(part: SpecPart): number | undefined {
  return typeof part.value === 'number' ? part.count(0, Number.MAX_SAFE_INTEGER) : part.duration();
}

function readUser(part: SpecPart): string | undefined {
  return typeof part.value === 'string' && USER_NAME.test(part.value) ? part.value : part.complain('must be the name of a user', { hint: 'it has letters, digits and . _ @ + -, and does not begin with a mark' });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : undefined;
}
