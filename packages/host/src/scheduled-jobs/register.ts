/** A new definition: its file is written whole or not at all. Source: scheduled-jobs.md section 11, register-scheduled-job. */
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkName, isJobError, JobError, type Definition } from '@nightshift/sdk';
import { definitionPlace } from '../definition-place.ts';
import { refuseTaken } from '../free-name.ts';
import { makeFolder } from '../make-folder.ts';
import { newDefinition, type DefinitionValues } from './changes.ts';
import { asOption } from './edit-definition.ts';
import { readValues, type DefinitionSettings } from './read-values.ts';
import type { ScheduledJobsParts } from './scheduled-jobs-parts.ts';

/** What is to be registered. */
export interface RegisterRequest extends DefinitionSettings {
  readonly name: string;
  /** Where to write, absolute. Default: the first folder of the definition path. */
  readonly definitionPath?: string | undefined;
  /** Asked with the path of the file, after every check. Default: nobody is. */
  readonly approve?: ((file: string) => boolean | Promise<boolean>) | undefined;
}

/**
 * Answers with the definition as it is read from its file; undefined when it was not approved. Throws `InvalidDefinitionName`,
 * `CantRegisterScheduledJobDefinition` where the name is taken, what is wrong with a value, what validate would complain
 * about, and what cannot be written; nothing is left behind then.
 */
export async function register(parts: ScheduledJobsParts, request: RegisterRequest): Promise<Definition | undefined> {
  const { name, definitionPath, approve, ...settings } = request;
  checkName(name);
  const folder = definitionPath ?? (parts.config.folders[0] as string);
  const refuse = (): Promise<void> => refuseTaken({ name, folder, folders: parts.config.folders }, (taken) => `set-scheduled-job ${taken} changes it; or choose another name`);
  await refuse();
  const { values, everySo } = readValues(settings, { timeZone: parts.timeZone, now: parts.clock.now(), ofMaxResultCount: 'InvalidMaxResultCountParameterForRegisterScheduledJobDefinition' });
  const file = join(folder, `${name}.yaml`);
  const text = await textOf(parts, everySo === undefined ? values : { ...values, triggers: [...(values.triggers ?? []), everySo] }, folder);
  await refuseInvalid(parts, file, text);
  if (approve !== undefined && !(await approve(file))) return undefined;
  await parts.lock.alone(async () => {
    // Somebody may have taken it meanwhile, in other letters or with another extension.
    await refuse();
    await write(parts, file, text);
  });
  return readBack(parts, file);
}

async function textOf({ authoring }: ScheduledJobsParts, values: DefinitionValues, folder: string): Promise<string> {
  const { schema } = await definitionPlace(folder);
  return authoring.definitionText(newDefinition(values, folder), schema === undefined ? {} : { header: [`yaml-language-server: $schema=${schema}`] });
}

/** What was typed is wrong, not a file: nothing has a place. */
async function refuseInvalid({ authoring, warn }: ScheduledJobsParts, file: string, text: string): Promise<void> {
  const { errors, warnings } = await authoring.checkText(file, text);
  if (errors.length > 0) throw new AggregateError(errors.map(asOption));
  for (const warning of warnings) warn(new JobError(warning));
}

async function write({ authoring, umask }: ScheduledJobsParts, file: string, text: string): Promise<void> {
  const takeBack: (() => Promise<void>)[] = [];
  try {
    await makeFolder(dirname(file), umask, (folder) => takeBack.push(() => rmdir(folder)));
    await authoring.replaceFile(file, text, { create: true });
    takeBack.push(() => rm(file));
  } catch (cause) {
    // What cannot be taken back is smaller news than what went wrong.
    for (const undo of takeBack.toReversed()) await undo().catch(() => {});
    throw cause;
  }
}

async function readBack({ yaml }: ScheduledJobsParts, file: string): Promise<Definition> {
  const found = await yaml.check(file);
  if (!('errors' in found)) return found;
  throw new AggregateError(found.errors.map((facts) => (isJobError(facts) ? facts : new JobError(facts))));
}
