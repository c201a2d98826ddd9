import { JobError, type CommandLine } from '@nightshift/sdk';
import { findProgram } from './find-program.ts';
import { answerOf } from './spawn-detached.ts';

/** How long a program may take to say its version, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Asks the interpreter for its version where one is wanted: "22" is met by 22.18.0, "3.12" by 3.12.4. One that is named by a
 * path is looked up where the job starts.
 * Throws `RuntimeVersionNotSupported`; `RuntimeNotFound` when there is no such program.
 */
export function checkVersion({ argv: [program], version, environment, commandText, scriptFile, workingDirectory = '/' }: CommandLine, caller: NodeJS.ProcessEnv): void {
  if (version === undefined || (commandText === undefined && scriptFile === undefined)) return;
  const found = findProgram(program, { ...caller, ...Object.fromEntries(Object.entries(environment ?? {}).map(([name, value]) => [name, value ?? undefined])) }, workingDirectory, true);
  if ('failed' in found) throw new JobError({ code: 'RuntimeNotFound', message: `no program is named "${program}" in PATH` });
  const { status, text } = answerOf([found.path, '--version'], PATIENCE);
  const reported = /\d+(?:\.\d+)*/.exec(text)?.[0];
  if (status === 0 && reported !== undefined && (reported === version || reported.startsWith(`${version}.`))) return;
  throw new JobError({
    code: 'RuntimeVersionNotSupported',
    message: reported === undefined || status !== 0 ? `"${found.path}" does not say its version` : `"${found.path}" is version ${reported}, not ${version}`,
    hint: 'put the wanted version first in PATH',
  });
}
