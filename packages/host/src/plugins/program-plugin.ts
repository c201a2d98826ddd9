import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourcedPlugin } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';
import { MANIFEST_FILE, readManifest, stdioJobType, type ManifestComplaint } from '@nightshift/stdio-job';
import type { PluginPlace } from './messages.ts';

/**
 * The job types of a program plugin; a file that is loaded only where there is one. Nothing of it is run: its manifest and its schemas are data. Throws `PluginInvalid` with
 * everything that is wrong with the manifest, `PluginLoadFailed` where it cannot be read.
 */
export async function readProgramPlugin({ named, path, version }: PluginPlace): Promise<SourcedPlugin> {
  const file = join(path, MANIFEST_FILE);
  const { manifest, complaints } = readManifest(await textOf(file, named), path);
  if (manifest === undefined) throw complaintAbout(named, file, complaints);
  if (manifest.version !== version) throw new JobError({ code: 'PluginNotTrusted', message: `the plugin ${named} is version ${manifest.version} now, and ${version} was trusted` });
  return { name: manifest.name, version, path, named, jobTypes: manifest.jobTypes.map((entry) => stdioJobType(entry, manifest)) };
}

async function textOf(file: string, named: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new JobError({ code: 'PluginLoadFailed', message: `the plugin ${named} cannot be loaded: ${(cause as Error).message}` }, { cause });
  }
}

/** All of them in one sentence; the hint is that of the first that has one. */
function complaintAbout(named: string, file: string, complaints: readonly ManifestComplaint[]): JobError {
  const [first] = complaints;
  const hint = complaints.find((one) => one.hint !== undefined)?.hint;
  return new JobError({
    code: first?.code ?? 'PluginInvalid',
    message: `the plugin ${named} is not one: ${complaints.map(({ message }) => message).join('; ')}`,
    file,
    ...(first?.line === undefined ? {} : { line: first.line }),
    ...(first?.column === undefined ? {} : { column: first.column }),
    ...(hint === undefined ? {} : { hint }),
  });
}
