import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Scheduling } from '../../src/scheduler/scheduling.ts';
import { createServices, type Services } from '../../src/service/services.ts';
import { systemClock } from '../../src/system-clock.ts';
import { complaintOf, contentOf, temporaryFolder, write } from '../folder.ts';

/** A user of a system with one folder of definitions; `launchctl` does what the shell script says, in which `$LOADED` is a file. */
function user(platform: NodeJS.Platform, launchctl = '') {
  const folder = temporaryFolder();
  const [home, work, calls, loaded] = ['home', 'work', 'calls', 'loaded'].map((name) => join(folder, name)) as [string, string, string, string];
  for (const one of [home, work]) mkdirSync(one);
  write(join(folder, 'bin/launchctl'), `#!/bin/sh\necho "$@" >> '${calls}'\nLOADED='${loaded}'\ncase "$1" in bootstrap) : > "$LOADED";; bootout) rm "$LOADED";; print) test "$2" = "gui/$(id -u)" || test -e "$LOADED";; esac || exit 1\n${launchctl}\n`, 0o755);
  const scheduling = {
    folders: async () => [{ folder: work, namespace: 'shop' }],
    status: async () => ({ state: existsSync(loaded) ? 'ready' : 'stopped' }),
  } as unknown as Scheduling;
  const services: Services = createServices({
    scheduling, environment: { HOME: home, PATH: `${folder}/bin:${process.env['PATH']}` }, workingDirectory: work, configFile: undefined,
    state: join(folder, 'state'), umask: 0o022, clock: systemClock, platform, system: folder,
  });
  return { folder, services, agent: join(home, 'Library/LaunchAgents/nightshift.shop.plist'), calls: () => contentOf(calls)?.split('\n') ?? [] };
}

const program = '/opt/nightshift.cjs';

describe('on macOS', () => {
  const domain = `gui/${process.getuid?.()}`;

  test('an agent is written and loaded, left alone when nothing has changed, and unloaded before it goes', async () => {
    const { services, agent, calls } = user('darwin');
    expect(await services.install({ program })).toMatchObject({ change: 'written', running: true, commands: [] });
    expect(readFileSync(agent, 'utf8')).toContain(`<string>${program}</string>`);
    expect(calls().at(-1)).toBe(`bootstrap ${domain} ${agent}`);
    expect(await services.install({ program })).toMatchObject({ change: 'unchanged' });
    expect(calls().filter((call) => call.startsWith('bootstrap'))).toHaveLength(1);
    expect(await services.uninstall({ program })).toMatchObject({ removed: true, asked: true });
    expect(calls().at(-1)).toBe(`bootout ${domain}/nightshift.shop`);
    expect(existsSync(agent)).toBe(false);
  });

  test('nothing is left of an agent that is refused', async () => {
    const { services, agent } = user('darwin', '[ "$1" != bootstrap ] || { echo "Bootstrap failed: 5" >&2; rm "$LOADED"; exit 5; }');
    expect(await complaintOf(() => services.install({ program }))).toMatchObject({ code: 'ServiceManagerFailed', message: expect.stringContaining('Bootstrap failed: 5') as string });
    expect(existsSync(agent)).toBe(false);
  });
});

test.each([
  ['win32', /^schtasks \/Create \/SC ONLOGON \/TN nightshift-shop \/TR "\S.* scheduler run --definition-path \S+"$/],
  ['freebsd', /^have the system run: \S+ \/opt\/nightshift.cjs scheduler run --definition-path \S+$/],
] as const)('on %s nothing is installed, and what to do is said', async (platform, hint) => {
  const { services } = user(platform);
  for (const act of [services.install, services.plan, services.uninstall]) expect(await complaintOf(() => act({ program }))).toMatchObject({ code: 'ServiceNotSupported', hint: expect.stringMatching(hint) as string });
});

test('a unit that systemd would refuse is not installed', async () => {
  const { services } = user('linux');
  expect(await complaintOf(() => services.install({ program: '/opt/a\nb' }))).toMatchObject({ code: 'ArgumentInvalid' });
});

test('the manager of the user is found where the variable that leads to it was lost', async () => {
  const uid = process.getuid?.();
  const { services, folder } = user('linux');
  mkdirSync(join(folder, `run/user/${uid}`), { recursive: true });
  const seen = join(folder, 'seen');
  write(join(folder, 'bin/systemctl'), `#!/bin/sh\necho "$XDG_RUNTIME_DIR" > '${seen}'\nexit 1\n`, 0o755);
  expect(await services.install({ program })).toMatchObject({ running: false });
  expect(contentOf(seen)).toBe(`/run/user/${uid}`);
});
