import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodeJobType, JobError, type JobTypePlugin } from '@nightshift/sdk';
import { MANIFEST_FILE, type ProgramCapabilities, readManifest } from './manifest.ts';
import { stdioJobType } from './stdio-job-type.ts';

/** A program plugin as a plugin of JavaScript would be: for a test of it. */
export interface OpenedProgramPlugin extends JobTypePlugin {
  /** In the order of the manifest. */
  readonly jobTypes: readonly [CodeJobType<unknown, ProgramCapabilities>, ...CodeJobType<unknown, ProgramCapabilities>[]];
}

/**
 * The plugin in a folder, whose programs are started when a job of theirs is. Throws `PluginInvalid` with everything that is
 * wrong with its manifest, and what reading the file throws.
 */
export async function openProgramPlugin(folder: string | URL): Promise<OpenedProgramPlugin> {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder);
  const file = join(path, MANIFEST_FILE);
  const { manifest, complaints } = readManifest(await readFile(file, 'utf8'), path);
  if (manifest === undefined) throw new JobError({ code: complaints[0]?.code ?? 'PluginInvalid', message: complaints.map(({ message }) => message).join('; '), file });
  const { name, version, apiVersion, jobTypes } = manifest;
  return { name, version, apiVersion, jobTypes: jobTypes.map((entry) => stdioJobType(entry, manifest)) as unknown as OpenedProgramPlugin['jobTypes'] };
}
