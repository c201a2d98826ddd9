import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandLine, Instance } from '@nightshift/sdk';
import { createCommandLauncher, type LaunchSettings } from '../../src/launch/command.ts';
import { thisProcess } from '../../src/launch/identity.ts';
import { newInstanceId } from '../../src/launch/instance-id.ts';
import { systemClock } from '../../src/system-clock.ts';
import { contentOf, temporaryFolder, until } from '../folder.ts';

const SHIM = fileURLToPath(new URL('../../src/launch/shim.sh', import.meta.url));

/** A run folder with its first attempt, a launcher, and real processes. */
export function createBench(settings: Partial<LaunchSettings> = {}) {
  const root = temporaryFolder();
  const runFolder = join(root, 'run');
  const folder = join(runFolder, '1');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const instanceId = newInstanceId();
  const job = { id: 7, instanceId, name: 'Build' };
  const instance: Instance = {
    id: 8, instanceId, name: 'Build', type: 'BackgroundJob', command: 'x', location: 'localhost', origin: { kind: 'parent', parentId: 7 }, attempt: 1, state: 'Running',
    runFolder, run: { holder: thisProcess(), carries: instanceId },
  };
  const launcher = createCommandLauncher({ clock: systemClock, environment: { PATH: process.env['PATH'] as string, FOLDER: `${root}/` }, umask: 0o022, shim: SHIM, ...settings });
  const launch = (command: Partial<CommandLine> & Pick<CommandLine, 'argv'>) => launcher.launch(instance, { workingDirectory: root, ...command }, job);
  const read = (name: string) => contentOf(join(folder, name));
  const ended = async () => {
    for (;;) {
      const seen = await launcher.observe(instance);
      if (seen.is !== 'running') return seen;
      await systemClock.sleep(5);
    }
  };
  /** Runs a text of sh and answers the pids that it prints, one a line. */
  const pidsOf = async (text: string, count: number): Promise<number[]> => {
    await launch({ argv: ['/bin/sh', '-c', text] });
    return until(`the command has printed ${count} pids`, () => {
      const lines = read('stdout')?.split('\n') ?? [];
      return lines.length >= count && lines.map(Number);
    });
  };
  return { root, runFolder, folder, instance, launcher, launch, read, ended, pidsOf, job };
}
