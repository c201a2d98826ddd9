import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { lazyWiring } from '../../src/config/lazy-wiring.ts';
import { createHost } from '../../src/create-host.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { Surroundings } from '../../src/doctor/surroundings.ts';
import { createStores } from '../../src/stores.ts';
import { systemClock } from '../../src/system-clock.ts';
import { createRegistry } from '@nightshift/core';
import { temporaryFolder, write } from '../folder.ts';

/** A home, a project, and a system whose files are the test's. */
export function doctorPlace(variables: Record<string, string | undefined> = {}) {
  const root = temporaryFolder();
  const [state, home, project, system] = ['state', 'home', 'project', 'system'].map((name) => join(root, name)) as [string, string, string, string];
  for (const folder of [home, project, system]) mkdirSync(folder);
  const environment = { PATH: process.env['PATH'], HOME: home, NIGHTSHIFT_STATE_DIR: state, FOLDER: `${root}/`, ...variables };
  const host = () => {
    const made = createHost({ environment, workingDirectory: project, umask: 0o022 });
    onTestFinished(() => made[Symbol.asyncDispose]());
    return made;
  };
  const surroundings = (): Surroundings => {
    const stores = createStores(environment);
    onTestFinished(() => stores.close());
    const { examine: configuration } = lazyWiring(() => ({ environment, types: createRegistry([]), plugins: { argv: ['false'], environment, clock: systemClock }, workingDirectory: project, umask: 0o022, warn: () => {} }));
    return { environment, stores, clock: systemClock, umask: 0o022, shim: join(import.meta.dirname, '../../src/launch/shim.sh'), system, configuration, engine: async () => undefined };
  };
  return {
    root, state, home, project, system, environment, host, surroundings,
    examine: async () => (await host().doctor()).examine(),
    /** Those about one thing. */
    about: async (subject: string) => (await (await host().doctor()).examine()).filter((finding) => finding.subject === subject),
    plant: (path: string, text: string) => write(join(system, path), text),
    config: (text: string) => write(join(project, 'nightshift.yaml'), text),
    own: (text: string) => write(join(home, '.config/nightshift/config.yaml'), text, 0o600),
    define: (name: string, text: string, mode = 0o644) => write(join(project, 'definitions', `${name}.yaml`), text, mode),
  };
}

/** Only what is asked for: the state, and words of text and fix. */
export function told({ state, text, fix }: Finding): string {
  return `${state}: ${text}${fix === undefined ? '' : ` => ${fix}`}`;
}
