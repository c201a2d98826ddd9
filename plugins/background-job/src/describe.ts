import { resolve } from 'node:path';
import { type CommandLine, type DescribeRequest, JobError } from '@nightshift/sdk';
import { findFile } from './find-file.ts';
import { fileArgv, scriptArgv } from './shells.ts';
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
  if (spec.credential !== undefined) throw unsupported('credential', '', 'CredentialNotSupported');
  if (spec.runtime !== undefined) throw unsupported('runtime');
  if (spec.initializationScript !== undefined) throw unsupported('initializationScript');
  if (Object.keys(spec.secrets ?? {}).length > 0) throw unsupported('secrets');
  if (spec.outputFormat === 'ndjson') throw unsupported('outputFormat', ': ndjson');
  if (spec.shell !== undefined && spec.scriptBlock === undefined) throw unsupported('shell', ' without job.scriptBlock');
}

function unsupported(key: keyof BackgroundSpec, detail = '', code?: string): JobError {
  return refusal(key, `job.${key}${detail} is not supported by this version`, code);
}

function refusal(key: keyof BackgroundSpec, message: string, code = 'DefinitionValueInvalid'): JobError {
  return new JobError({ code, message, path: [key] });
}

function describeProgram({ spec, workingDirectory, argumentList }: DescribeRequest<BackgroundSpec>): Pick<CommandLine, 'argv' | 'commandText' | 'scriptFile'> {
  const words = [...(spec.argumentList ?? []), ...argumentList.map(toWord)];
  if (spec.command !== undefined) return { argv: [...spec.command, ...words] };
  if (spec.scriptBlock !== undefined) return { argv: scriptArgv(spec.shell ?? 'sh', spec.scriptBlock, words), commandText: spec.scriptBlock };
  const path = findFile(spec.filePath, workingDirectory);
  return { argv: fileArgv(path, words), scriptFile: path };
}

function describeSettings({ spec, workingDirectory }: DescribeRequest<BackgroundSpec>): Omit<CommandLine, 'argv' | 'commandText' | 'scriptFile'> {
  return {
    ...(spec.workingDirectory !== undefined && { workingDirectory: resolve(workingDirectory, spec.workingDirectory) }),
    ...(spec.environment !== undefined && { environment: spec.environment }),
    ...(spec.inputObject !== undefined && { input: spec.inputObject }),
    ...(spec.successExitCodes !== undefined && { successExitCodes: spec.successExitCodes }),
    ...(spec.outputFormat !== undefined && { outputFormat: 'lines' }),
    ...(spec.streamCommands !== undefined && { streamCommands: spec.streamCommands }),
  };
}

/** The library may hand over any value; a program takes words. */
function toWord(value: unknown, index: number): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw new JobError({ code: 'CannotSerializeData', message: `argument ${index + 1} cannot be handed to a program: it is neither text nor a number nor true or false` });
}
