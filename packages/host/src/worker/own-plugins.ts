import { commandOf, type Registry } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';

/** What is known of job types on this machine. */
export interface OwnTypes {
  readonly types: Registry;
  readonly loadPlugins: () => Promise<void>;
}

/**
 * Whoever made a job named the folder in which the plugin of its type lies on his machine; here it is run from where this
 * machine's configuration has it, in the version that was named. One that is not configured here is left as it is: the run says
 * then what it lacks.
 */
export async function withOwnPlugin({ types, loadPlugins }: OwnTypes, run: Instance): Promise<Instance> {
  const command = commandOf(run);
  if (command?.code?.reference.folder === undefined) return run;
  await loadPlugins();
  const { reference } = command.code;
  const known = types.find(reference.type)?.plugin;
  if (known?.path === undefined || known.name !== reference.plugin) return run;
  return { ...run, launch: JSON.stringify({ ...command, code: { ...command.code, reference: { ...reference, folder: known.path } } }) };
}
