/**
 * Launches a run with so many free descriptors, then once more with as many as it wants: scarce-launch.ts RUN-FOLDER SHIM FREE [SECRET-FILE].
 * Prints both answers and how many descriptors the first one cost. Meant for a shell with a small `ulimit -n`.
 */
import { closeSync, openSync, readdirSync } from 'node:fs';
import type { Instance } from '@nightshift/sdk';
import { createCommandLauncher } from '../../../src/launch/command.ts';
import { thisProcess } from '../../../src/launch/identity.ts';
import { createReferences } from '../../../src/secrets/references.ts';
import { systemClock } from '../../../src/system-clock.ts';

const [runFolder, shim, free, secret] = process.argv.slice(2) as [string, string, string, string?];
const job = { id: 1, instanceId: 'i1', name: 'Job1' };
const instance: Instance = {
  id: 2, instanceId: 'i2', name: 'Job2', type: 'BackgroundJob', command: 'true', location: 'localhost', origin: { kind: 'parent', parentId: 1 }, attempt: 1, state: 'NotStarted',
  runFolder, run: { holder: thisProcess(), carries: 'i1' },
};
const launcher = createCommandLauncher({ clock: systemClock, environment: { PATH: process.env['PATH'] }, umask: 0o022, shim, references: async (environment) => createReferences(environment, '/', []) });
const launch = () => launcher.launch(instance, { argv: ['echo', 'done'], input: ['x'], workingDirectory: '/', ...(secret === undefined ? {} : { secrets: { KEY: `file:${secret}` } }) }, job);

// Whatever is loaded at its first use wants descriptors of its own.
process.getBuiltinModule('node:child_process');
const taken: number[] = [];
const open = (): number => readdirSync('/proc/self/fd').length;
const before = open();
try {
  for (;;) taken.push(openSync('/dev/null', 'r'));
} catch {
  for (const descriptor of taken.splice(0, Number(free))) closeSync(descriptor);
}
const first = await launch();
for (const descriptor of taken) closeSync(descriptor);
const left = open() - before;
const second = 'failed' in first ? await launch() : first;
process.stdout.write(JSON.stringify({ first, left, second }));
