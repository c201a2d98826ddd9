// As an ordinary user: what is seen of a run that its owner has shut himself out of, for good or for a moment.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance } from '@nightshift/sdk';
import { createCommandLauncher } from '../../../src/launch/command.ts';
import { newInstanceId } from '../../../src/launch/instance-id.ts';
import { thisProcess } from '../../../src/launch/identity.ts';
import { systemClock } from '../../../src/system-clock.ts';

const root = mkdtempSync(join(tmpdir(), 'closed-'));
const launcher = createCommandLauncher({ clock: systemClock, environment: {}, umask: 0o077, shim: '/nonexistent' });

function runOf(name: string): Instance {
  const runFolder = join(root, name, 'run');
  mkdirSync(join(runFolder, '1'), { recursive: true });
  writeFileSync(join(runFolder, '1', 'claim'), '1 0 gone\n');
  return { id: 2, instanceId: newInstanceId(), name: 'Job2', type: 'BackgroundJob', command: 'x', location: 'localhost', origin: { kind: 'parent', parentId: 1 }, attempt: 1, state: 'Running', runFolder, run: { holder: thisProcess(), carries: newInstanceId() } };
}

const answers: Record<string, string> = {};
try {
  const forGood = runOf('for-good');
  chmodSync(forGood.runFolder as string, 0);
  answers['for good'] = (await launcher.observe(forGood)).is;
  answers['kept'] = existsSync((await launcher.setAside(forGood)) ?? '') ? 'aside' : 'lost';
  answers['afterwards'] = (await launcher.observe(forGood)).is;

  const forAMoment = runOf('for-a-moment');
  chmodSync(forAMoment.runFolder as string, 0);
  const look = launcher.observe(forAMoment);
  chmodSync(forAMoment.runFolder as string, 0o700);
  answers['for a moment'] = (await look).is;

  const above = runOf('above');
  chmodSync(join(root, 'above'), 0);
  answers['a folder above'] = await launcher.observe(above).then(({ is }) => is, ({ code }: { code: string }) => code);
} finally {
  chmodSync(join(root, 'above'), 0o700);
  for (const name of readdirSync(join(root, 'for-good'))) chmodSync(join(root, 'for-good', name), 0o700);
  rmSync(root, { recursive: true });
}
process.stdout.write(JSON.stringify(answers));
