import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AnyJobType, CommandJobType, CommandLine, DescribeRequest, JobOrigin } from '@nightshift/sdk';
import { runProgram, type RunningProgram } from '../memory/run-program.ts';
import { LATE, pause, within } from '../real-time.ts';
import { must, shown, wrongly, type Property } from '../runner.ts';
import { aDayLater, SECRET_NAME, withCanaries } from './guards.ts';
import { changesSince, processState } from './process-state.ts';
import { valueOf } from './spec.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

type CommandProperty = Property<JobTypeSubject>;

const SPECS = ['completes', 'fails', 'runsUntilStopped'] as const;
type SpecName = (typeof SPECS)[number];

/** Asks for the command of one of the specs, as a start in `folder` would. */
export async function described(type: AnyJobType, spec: unknown, name: string, folder: string, facts: Partial<DescribeRequest<unknown>> = {}): Promise<CommandLine> {
  const request: DescribeRequest<unknown> = { spec: await valueOf(type, structuredClone(spec), name), name: 'Job7', origin: { kind: 'demand', runNow: false }, workingDirectory: folder, argumentList: [], ...facts };
  try {
    return await (type as CommandJobType<unknown>).command(request);
  } catch (thrown) {
    throw wrongly(`command() failed for the spec \`${name}\`: ${shown(thrown)}`, 'Refuse in the schema what cannot be run, and describe the rest');
  }
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'exercise-')));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const eachSpec = (check: (subject: JobTypeSubject, name: SpecName, folder: string) => Promise<void>): CommandProperty['check'] => async (subject) => {
  for (const name of SPECS) await inFolder((folder) => check(subject, name, folder));
};

const ORIGINS: readonly JobOrigin[] = [
  { kind: 'demand', runNow: true },
  { kind: 'trigger', triggerId: '1', dueAt: new Date(Date.UTC(2026, 0, 1)), catchUp: true },
  { kind: 'parent', parentId: 6 },
];

/** What `command()` answers, and that it does nothing else. */
export const commandProperties: readonly CommandProperty[] = [
  {
    title: 'describes a program that a host can start',
    check: eachSpec(async (subject, which, folder) => mustBeCommand(await described(subject.type, subject[which], which, folder))),
  },
  {
    title: 'describes the same program each time it is asked',
    check: eachSpec(async (subject, which, folder) => {
      const [one, other] = [await described(subject.type, subject[which], which, folder), await aDayLater(() => described(subject.type, subject[which], which, folder))];
      must(isDeepStrictEqual(one, other), `command() described ${shown(one)}, and then ${shown(other)}`, 'Go by the request alone: a command is described when a job is printed, checked and started');
    }),
  },
  {
    title: 'has no effect when it describes',
    check: eachSpec(async (subject, which, folder) => {
      await described(subject.type, subject[which], which, folder);
      const before = processState();
      const begin = performance.now();
      await described(subject.type, subject[which], which, folder);
      const took = performance.now() - begin;
      const changes = changesSince(before);
      const files = readdirSync(folder);
      must(changes.length === 0, `command() leaves something behind: ${changes.join(', ')}`, 'Only describe the program: printing a job calls command() too');
      must(files.length === 0, `command() made ${files.join(', ')} in the working directory`, 'Only describe the program: what it needs is made by the program itself');
      must(took < 1_000, `command() took ${Math.round(took)} ms`, 'Be quick: command() is called whenever a job is printed');
    }),
  },
  {
    title: 'leaves the request alone from which it describes',
    check: eachSpec(async (subject, which, folder) => {
      const request = { spec: await valueOf(subject.type, structuredClone(subject[which]), which), name: 'Job7', origin: { kind: 'demand', runNow: false }, workingDirectory: folder, argumentList: [] } as const;
      const before = structuredClone(request);
      await (subject.type as CommandJobType<unknown>).command(request);
      must(isDeepStrictEqual(request, before), `command() changed its request to ${shown(request)}`, 'Copy what you want to change: the same spec describes the next start');
    }),
  },
  {
    title: 'describes a program whatever made it start: a person, a trigger or a parent',
    check: eachSpec(async (subject, which, folder) => {
      for (const origin of ORIGINS) mustBeCommand(await described(subject.type, subject[which], which, folder, { name: 'Nightly', origin }));
    }),
  },
  {
    title: 'puts no secret into what everybody can read',
    check: eachSpec(async (subject, which, folder) => {
      const command = await withCanaries(() => described(subject.type, subject[which], which, folder));
      const text = JSON.stringify(command);
      const name = /canary-of-([A-Za-z0-9_]+)/.exec(text)?.[1];
      must(name === undefined, `the command holds the value of the variable ${name}`, `Name it in \`secrets\`, as { NAME: "env:${name}" }: arguments and stored commands can be read by others`);
      const option = command.argv.findIndex((word) => SECRET_OPTION.test(word));
      const word = command.argv[option];
      must(word === undefined || (!word.includes('=') && command.argv[option + 1] === undefined), `the arguments hold a secret: ${shown(word)} and its value`, 'Hand it over as a variable, named in `secrets`: arguments can be read by everybody on the machine');
      const shownSecret = [...command.argv, command.commandText ?? ''].find((text) => IN_TEXT.test(text));
      must(shownSecret === undefined, `a secret stands in ${shown(shownSecret)}`, 'Hand it over as a variable, named in `secrets`: arguments can be read by everybody on the machine');
      const variable = Object.entries(command.environment ?? {}).find(([key, value]) => value !== null && SECRET_NAME.test(key));
      must(variable === undefined, `the variable ${variable?.[0]} is given by its value`, `Name it in \`secrets\`, as { ${variable?.[0]}: "env:${variable?.[0]}" }: the environment of a command is stored with it`);
    }),
  },
];

const SECRET_OPTION = /^--?(?:pass|password|passwd|passphrase|secret|token|api[-_]?key)(?:=.+)?$/i;

/** A password in a URL, a header that lets somebody in; a reference to a variable is none. */
const IN_TEXT = /:\/\/[^\s/:@]+:[^\s/@$]+@|authorization:\s*(?:basic|bearer|token)\s+[^\s$]+/i;

const KNOWN: readonly (keyof CommandLine)[] = [
  'argv', 'commandText', 'commandWords', 'scriptFile', 'environment', 'workingDirectory', 'inputFile', 'input', 'mergeStreams', 'streamCommands', 'secrets', 'user', 'outputFormat', 'successExitCodes',
  'timeout', 'gracePeriod', 'cleanUp', 'version', 'initializes', 'reattach',
];

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((word) => typeof word === 'string' && !word.includes('\0'));
const isProgram = (value: unknown): boolean => isTexts(value) && isText((value as readonly unknown[])[0]);
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('\0');
const isPath = (value: unknown): boolean => isText(value) && isAbsolute(value as string);
const isTime = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isMap = (value: unknown, fits: (member: unknown) => boolean): boolean => typeof value === 'object' && value !== null && Object.entries(value).every(([key, member]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && fits(member));

/** Each member of a command: what it must be, in code and in words. */
const RULES: Readonly<Record<keyof CommandLine, readonly [fits: (value: unknown) => boolean, words: string]>> = {
  argv: [isProgram, 'a list of texts without NUL, the program first'],
  commandText: [(value) => typeof value === 'string', 'a text'],
  commandWords: [isTexts, 'a list of texts'],
  scriptFile: [isPath, 'an absolute path'],
  environment: [(value) => isMap(value, (member) => member === null || (typeof member === 'string' && !member.includes('\0'))), 'names of variables with texts, or null to remove one'],
  workingDirectory: [isPath, 'an absolute path: what it is relative to is not known where the program starts'],
  inputFile: [isPath, 'an absolute path'],
  input: [isTexts, 'a list of lines'],
  mergeStreams: [isBoolean, 'true or false'],
  streamCommands: [isBoolean, 'true or false'],
  secrets: [(value) => isMap(value, (member) => typeof member === 'string' && /^(?:env|file|keyring|systemd-cred):\S/.test(member)), 'names of variables with references, "env:NAME" or "file:PATH", never values'],
  user: [isText, 'the name of a user'],
  outputFormat: [(value) => value === 'lines' || value === 'ndjson', '"lines" or "ndjson"'],
  successExitCodes: [(value) => Array.isArray(value) && value.every((code) => Number.isInteger(code) && code >= 0 && code <= 255), 'a list of exit codes from 0 to 255'],
  timeout: [isTime, 'milliseconds'],
  cleanUp: [(value) => isTexts(value) && isText((value as readonly unknown[])[0]), 'a list of texts without NUL, the program first'],
  gracePeriod: [isTime, 'milliseconds'],
  version: [isText, 'the leading part of a version'],
  initializes: [isBoolean, 'true or false'],
  reattach: [isProgram, 'a list of texts without NUL, the program first'],
};

/** Throws what is wrong with it. */
export function mustBeCommand(command: CommandLine): void {
  must(typeof command === 'object' && command !== null, `the command is ${shown(command)}`, 'Answer with { argv: [program, ...arguments] }');
  for (const [key, value] of Object.entries(command)) {
    must((KNOWN as readonly string[]).includes(key), `a command has no member "${key}"`, `Those that it has: ${KNOWN.join(', ')}`);
    const [fits, words] = RULES[key as keyof CommandLine];
    if (value !== undefined) must(fits(value), `the command’s \`${key}\` is ${shown(value)}`, `It must be ${words}`);
  }
  must(command.argv !== undefined, 'the command has no `argv`', 'Name the program and its arguments');
  must(command.inputFile === undefined || command.input === undefined, 'the command has both `input` and `inputFile`', 'Standard input comes from one of them');
}

/** A triggered job is described when it is due, and started when it is its turn. */
export const commandProofs: { readonly persist: readonly CommandProperty[] } = {
  persist: [
    {
      title: 'describes a program that a store can keep until it is started',
      check: eachSpec(async (subject, which, folder) => {
        const command = await described(subject.type, subject[which], which, folder);
        must(isDeepStrictEqual(JSON.parse(JSON.stringify(command)), command), `the command does not survive JSON: ${shown(command)}`, 'Describe it in plain data, and leave out what is undefined');
      }),
    },
  ],
};

/** The program itself, as a real process. */
export const commandRuns: readonly CommandProperty[] = [
  {
    title: 'completes with the spec that completes',
    check: async (subject) => {
      const { command, exitCode, signal, unstarted } = await ranToEnd(subject, 'completes');
      must(unstarted === undefined && signal === undefined && isSuccess(command, exitCode), `with the spec \`completes\` ${endedHow({ exitCode, signal, unstarted })}`, 'Describe a program that ends with one of `successExitCodes`, by default 0');
    },
  },
  {
    title: 'fails with the spec that fails',
    check: async (subject) => {
      const { command, exitCode, signal, unstarted } = await ranToEnd(subject, 'fails');
      must(unstarted !== undefined || signal !== undefined || !isSuccess(command, exitCode), `with the spec \`fails\` ${endedHow({ exitCode, signal, unstarted })}`, 'Describe a program that fails, or give the kit another spec');
    },
  },
  {
    title: 'runs until it is stopped, and ends by SIGTERM within its grace period',
    check: async (subject) => inFolder(async (folder) => {
      const program = start(await described(subject.type, subject.runsUntilStopped, 'runsUntilStopped', folder), folder);
      try {
        const early = await within(100, program.ended);
        must(early === LATE, `with the spec \`runsUntilStopped\` ${early === LATE ? '' : endedHow(early)}`, 'Describe a program that goes on until it is stopped, or give the kit another spec');
        program.kill('SIGTERM');
        must((await within(subject.patience ?? PATIENCE, program.ended)) !== LATE, `the program did not end within ${subject.patience ?? PATIENCE} ms of SIGTERM`, 'Let the program end when it is asked to; what needs longer needs a longer grace period');
      } finally {
        program.kill('SIGKILL');
      }
    }),
  },
];

async function ranToEnd(subject: JobTypeSubject, which: 'completes' | 'fails'): Promise<Awaited<RunningProgram['ended']> & { readonly command: CommandLine }> {
  return inFolder(async (folder) => {
    const command = await described(subject.type, subject[which], which, folder);
    const program = start(command, folder);
    try {
      const end = await within(subject.patience ?? PATIENCE, program.ended);
      if (end === LATE) throw wrongly(`with the spec \`${which}\` the program did not end within ${subject.patience ?? PATIENCE} ms`, 'Give the kit a spec that comes to its end by itself');
      return { ...end, command };
    } finally {
      program.kill('SIGKILL');
      await within(1_000, Promise.race([program.ended, pause(1_000)]));
    }
  });
}

function start(command: CommandLine, folder: string): RunningProgram {
  return runProgram({ workingDirectory: folder, ...command }, { ...process.env, NIGHTSHIFT_RUN_DIR: folder, NIGHTSHIFT_ATTEMPT: '.' }, () => {});
}

export function isSuccess({ successExitCodes = [0] }: Pick<CommandLine, 'successExitCodes'>, exitCode: number | undefined): boolean {
  return exitCode !== undefined && successExitCodes.includes(exitCode);
}

function endedHow({ exitCode, signal, unstarted }: { readonly [Key in keyof Awaited<RunningProgram['ended']>]: Awaited<RunningProgram['ended']>[Key] | undefined }): string {
  return unstarted !== undefined ? `the program could not be started: ${unstarted}` : signal !== undefined ? `the program was ended by ${signal}` : `the program ended with code ${exitCode}`;
}
