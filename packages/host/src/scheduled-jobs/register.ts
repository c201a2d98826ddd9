/** A new definition: its file is written whole or not at all. Source: scheduled-jobs.md section 11, register-scheduled-job. */
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFolder } from '@nightshift/definitions';
import { asciiLower, checkName, isJobError, JobError, type Definition } from '@nightshift/sdk';
import { definitionPlace, inTheWay } from '../definition-place.ts';
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
  await refuseTaken(name, definitionPath === undefined ? parts.config.folders : [folder]);
  const { values, everySo } = readValues(settings, { timeZone: parts.timeZone, now: parts.clock.now(), ofMaxResultCount: 'InvalidMaxResultCountParameterForRegisterScheduledJobDefinition' });
  const file = join(folder, `${name}.yaml`);
  const text = await textOf(parts, everySo === undefined ? values : { ...values, triggers: [...(values.triggers ?? []), everySo] }, folder);
  await refuseInvalid(parts, file, text);
  if (approve !== undefined && !(await approve(file))) return undefined;
  await parts.lock.alone(() => write(parts, file, text));
  return readBack(parts, file);
}

/** A name counts once in the whole definition path, whatever its case and its extension. */
async function refuseTaken(name: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders.filter((path) => existsSync(path))) {
    const taken = (await listFolder(folder)).find(({ lowerName }) => lowerName === asciiLower(name));
    if (taken !== undefined) throw inTheWay(taken.file, `a definition "${taken.name}" is there already`, `set-scheduled-job ${taken.name} changes it; or choose another name`);
  }
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
