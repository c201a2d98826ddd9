import { isJobError, JobError, type CommandLine } from '@nightshift/sdk';
import type { References } from './references.ts';

/** Values by the names of secrets. They are handed to one run, and kept nowhere. */
export type SecretValues = Readonly<Record<string, string>>;

/** More than this in all goes neither into an environment nor through a pipe that nobody reads yet; bytes. */
const MOST = 65_536;

/** The values behind the references of a command, read now. Throws a `JobError` with the name of the first that is not to be had, and its path; never with a value. */
export async function resolveSecrets(secrets: CommandLine['secrets'], references: References): Promise<SecretValues> {
  const values = Object.create(null) as Record<string, string>;
  for (const [name, reference] of Object.entries(secrets ?? {})) values[name] = await valueOf(name, reference, references);
  const length = Object.values(values).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (length > MOST) throw new JobError({ code: 'DefinitionValueInvalid', message: `the secrets have ${length} bytes together, at most ${MOST} are handed over`, path: ['secrets'] });
  return values;
}

async function valueOf(name: string, reference: string, references: References): Promise<string> {
  try {
    return await references.valueOf(reference);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    const { code, message, hint } = cause;
    throw new JobError({ code, message: `the secret ${name}: ${message}`, path: ['secrets', name], ...(hint === undefined ? {} : { hint }) }, { cause });
  }
}

/** Of references to variables those that are there, by the names of the variables: for whoever starts jobs that will need them. */
export function variablesBehind(references: readonly string[], environment: NodeJS.ProcessEnv): SecretValues {
  const names = references.filter((reference) => reference.startsWith('env:')).map((reference) => reference.slice('env:'.length));
  return Object.fromEntries(names.flatMap((name) => (!Object.hasOwn(environment, name) || environment[name] === undefined ? [] : [[name, environment[name]]])));
}
