import { JobError, secretFault, type CommandLine } from '@nightshift/sdk';

const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:[/\\])/;

/**
 * The secrets of a command whose references to files are absolute: they begin in the folder of the request, wherever the
 * command works and whoever starts a later attempt (definition reference 2.4). Throws `DefinitionValueInvalid` for what is no
 * reference; whether there is a value behind one is seen when it is to run.
 */
export function placedSecrets(secrets: CommandLine['secrets'], folder: string): Pick<CommandLine, 'secrets'> {
  const entries = Object.entries(secrets ?? {});
  for (const [name, reference] of entries) {
    const found = secretFault(name, reference);
    if (found !== undefined) throw new JobError({ code: 'DefinitionValueInvalid', message: `"secrets.${name.slice(0, 80)}" ${found.fault}`, hint: found.hint, path: ['secrets', name] });
  }
  return entries.length === 0 ? {} : { secrets: Object.fromEntries(entries.map(([name, reference]) => [name, placed(reference, folder)])) };
}

function placed(reference: string, folder: string): string {
  const path = reference.slice('file:'.length);
  return !reference.startsWith('file:') || ABSOLUTE.test(path) ? reference : `file:${folder}/${path}`;
}

/** A command as its type describes it, with its secrets in their places. */
export function withPlacedSecrets(command: CommandLine, folder: string): CommandLine {
  return command.secrets === undefined ? command : { ...command, ...placedSecrets(command.secrets, folder) };
}
