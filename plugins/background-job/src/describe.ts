import { resolve } from 'node:path';
import { type CommandLine, type DescribeRequest, JobError } from '@nightshift/sdk';
import { findFile } from './find-file.ts';
import { initializedArgv, initializedFile, initializedText } from './initialization.ts';
import { DEFAULT_SHELL, fileArgv, scriptArgv } from './shells.ts';
import type { BackgroundSpec } from './spec.ts';
import { textOf } from './values.ts';

/**
 * The program that a BackgroundJob runs. Takes a validated spec, or one that the caller built of its own checked options.
 * Relative paths start at the request's working directory.
 * Throws a `JobError` for what no start can honour, and `InvalidFilePathParameter` for a file that cannot be run.
 */
export function describeCommand(request: DescribeRequest<BackgroundSpec>): CommandLine {
  const program = describeProgram(request);
  refuseUnsupported(request.spec);
  return { ...program, ...describeSettings(request) };
}

/** Keys that are checked but not honoured by this version: a job that asks for one must not run without it. */
function refuseUnsupported(spec: BackgroundSpec): void {
  if (spec.runAs32 === true) throw refusal('runAs32', 'job.runAs32: a 64-bit system starts no 32-bit job', 'RunAs32NotSupported');
  if ((spec.authentication ?? 'Default') !== 'Default') {
    throw refusal('authentication', `job.authentication: a local job has no use for ${spec.authentication}`, 'AuthenticationNotSupported');
  }
  if (spec.shell !== undefined && (spec.filePath !== undefined || (spec.command !== undefined && !spec.initializationScript))) throw refusal('shell', 'job.shell goes with a text or an initialization script');
  if (spec.runtime !== undefined && spec.command !== undefined) throw refusal('runtime', 'job.runtime goes with a text or a file, not with a program');
  if (spec.runtime !== undefined && spec.shell !== undefined) throw refusal('runtime', 'job.runtime and job.shell say the same: keep one of them', 'DefinitionKeysExclusive');
}

function refusal(key: keyof BackgroundSpec, message: string, code = 'DefinitionValueInvalid'): JobError {
  return new JobError({ code, message, path: [key] });
}

type Described = Pick<CommandLine, 'argv' | 'commandText' | 'commandWords' | 'scriptFile' | 'version' | 'initializes'>;

function describeProgram({ spec, workingDirectory, argumentList, origin }: DescribeRequest<BackgroundSpec>): Described {
  const isStrict = origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow);
  const words = [...(spec.argumentList ?? []), ...argumentList].map(toWord);
  const first = spec.initializationScript;
  if (spec.command !== undefined) return initialized(first, { argv: [...spec.command, ...words] }, (text, argv) => initializedArgv(spec.shell ?? DEFAULT_SHELL, text, argv, isStrict));
  const [runtime, version] = spec.runtime?.split('@') ?? [];
  const versionPart = version === undefined ? {} : { version };
  if (spec.scriptBlock !== undefined) {
    const shell = runtime ?? spec.shell ?? DEFAULT_SHELL;
    const body = spec.scriptBlock;
    return initialized(first, { argv: scriptArgv(shell, body, words), commandText: body, ...versionPart }, (text) => initializedText(shell, text, body, words, isStrict));
  }
  const path = findFile(spec.filePath, workingDirectory);
  return initialized(first, { argv: fileArgv(path, words, runtime), scriptFile: path, ...versionPart }, (text) => initializedFile(path, text, words, runtime, isStrict));
}

function describeSettings({ spec, workingDirectory }: DescribeRequest<BackgroundSpec>): Omit<CommandLine, keyof Described> {
  return {
    ...(spec.workingDirectory !== undefined && { workingDirectory: resolve(workingDirectory, spec.workingDirectory) }),
    ...(spec.environment !== undefined && { environment: spec.environment }),
    ...(spec.secrets !== undefined && { secrets: spec.secrets }),
    ...(spec.inputObject !== undefined && { input: spec.inputObject }),
    ...(spec.successExitCodes !== undefined && { successExitCodes: spec.successExitCodes }),
    ...(spec.outputFormat !== undefined && { outputFormat: spec.outputFormat === 'ndjson' ? 'ndjson' : 'lines' }),
    ...(spec.streamCommands !== undefined && { streamCommands: spec.streamCommands }),
    ...(spec.mergeStreams !== undefined && { mergeStreams: spec.mergeStreams }),
    ...(spec.timeout !== undefined && { timeout: spec.timeout }),
    ...(spec.gracePeriod !== undefined && { gracePeriod: spec.gracePeriod }),
    ...(spec.credential !== undefined && { user: spec.credential }),
  };
}

/** The command itself, or the one that runs the initialization script before it. */
function initialized(first: string | undefined, command: Described, withFirst: (text: string, argv: CommandLine['argv']) => CommandLine['argv']): Described {
  return first === undefined || first === '' ? command : { ...command, commandWords: command.argv, argv: withFirst(first, command.argv), initializes: true };
}

/** The library may hand over any value; a program takes words. */
function toWord(value: unknown, index: number): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw new JobError({ code: 'CannotSerializeData', message: `argument ${index + 1} cannot be handed to a program: it is neither text nor a number nor true or false` });
}
