import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { afterAll, onTestFinished } from 'vitest';
import { createHost, type Host } from '../../src/create-host.ts';
import { temporaryFolder, write } from '../folder.ts';
import { plant } from './planted.ts';

/** One process after the other: what one has compiled the next need not. */
export const COMPILED = mkdtempSync(join(tmpdir(), 'host-compiled-'));
afterAll(() => rmSync(COMPILED, { recursive: true, force: true }));

/** A project whose configuration names plugins, in an environment that was chosen on purpose. */
export function pluginPlace(plugins: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>> = { NIGHTSHIFT_TRUST: '1' }) {
  const root = temporaryFolder();
  const [project, home] = [join(root, 'project'), join(root, 'home')];
  for (const folder of [project, home]) mkdirSync(folder);
  write(join(project, 'package.json'), '{}');
  for (const [name, text] of Object.entries(plugins)) plant(join(project, name), text);
  const config = (...names: readonly string[]): string => write(join(project, 'nightshift.yaml'), `plugins: [${names.join(', ')}]\n`);
  config(...Object.keys(plugins).map((name) => `./${name}`));
  const environment = { PATH: process.env['PATH'], HOME: home, NIGHTSHIFT_STATE_DIR: join(root, 'state'), FOLDER: `${root}/`, NODE_COMPILE_CACHE: COMPILED, ...variables };
  const warnings: JobError[] = [];
  const options = { environment, workingDirectory: project, umask: 0o022, warn: (warning: JobError) => void warnings.push(warning) };
  return {
    root, project, config, warnings, options,
    define: (name: string, text: string): string => write(join(project, 'definitions', `${name}.yaml`), text),
    host(): Host {
      const host = createHost(options);
      onTestFinished(() => host[Symbol.asyncDispose]());
      return host;
    },
  };
}

export type PluginPlace = ReturnType<typeof pluginPlace>;
