import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const FAKE = fileURLToPath(new URL('fake-systemctl.mjs', import.meta.url));
const LONG = 'job: { command: [sleep, "60"] }\ntriggers: [ { atStartup: {} } ]\noptions: { startIfOnBatteries: true }\n';
const LATER = 'job: { command: [echo, hi] }\ntriggers: [ { every: 1h } ]\n';

/** A project, and a service manager of its own that does what it is told; `there: false`: none that answers. */
function machine({ definition = LATER, there = true, work = '100% of $it "here"' } = {}) {
  const place = newPlace();
  const [folder, bin] = [join(place.root, 'fake'), join(place.root, 'bin')];
  for (const one of [folder, bin]) mkdirSync(one);
  const project = join(place.root, work);
  mkdirSync(join(project, 'definitions'), { recursive: true });
  writeFileSync(join(project, 'definitions', 'One.yaml'), definition);
  writeFileSync(join(bin, 'systemctl'), there ? `#!/bin/sh\nexec '${process.execPath}' '${FAKE}' "$@"\n` : '#!/bin/sh\necho "Failed to connect to bus" >&2\nexit 1\n', { mode: 0o755 });
  const env = { FAKE: folder, PATH: `${bin}:${place.env['PATH']}`, NIGHTSHIFT_MIN_FREE: '0' };
  const act = (...words: string[]) => place.run('nightshift', ['scheduler', ...words], { cwd: project, env });
  const file = (name: string) => join(place.home, '.config/systemd/user', `nightshift-${name}.service`);
  return { place, project, folder, act, file, unit: file('shop'), calls: () => contentOf(join(folder, 'calls')).split('\n'), pid: () => Number(contentOf(join(folder, 'pid'))) };
}

const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as Record<string, unknown>;
const failing = (folder: string, verb: string) => writeFileSync(join(folder, `fails-${verb}`), '');
const namespaceOf = async (place: Place, project: string) => (await place.run('nightshift', ['scheduler', 'install', '--print', '-o', 'json'], { cwd: project })).stdout;

test('the service that is installed runs the scheduler of this project, and says when it is ready', async () => {
  const { act, unit, calls, pid } = machine();
  const { code, stdout, stderr } = await act('install', '--name', 'shop');
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${unit}\n` });
  expect(stderr).toContain('nightshift-shop.service is installed; its scheduler is ready\n');
  expect(stderr).toContain('journalctl --user -u nightshift-shop.service');
  expect(calls()).toEqual(['--user show-environment', '--user show --property=NeedDaemonReload --value nightshift-shop.service', '--user daemon-reload', '--user enable nightshift-shop.service', '--user reset-failed nightshift-shop.service', '--user restart nightshift-shop.service']);
  expect(json(await act('status', '-o', 'json'))).toMatchObject({ state: 'ready', pid: pid(), definitions: 1 });
});

test('a service is named after the namespace unless it has a name, and what it is told is absolute', async () => {
  const { place, project, act, unit } = machine();
  writeFileSync(join(project, 'nightshift.yaml'), 'namespace: shop\n');
  writeFileSync(join(project, 'own.yaml'), 'namespace: shop\ndefinitionPath: definitions\n');
  await act('install', '--config', 'own.yaml', '--metrics-port', '0');
  const text = readFileSync(unit, 'utf8');
  const quoted = project.replaceAll('%', '%%').replaceAll('"', String.raw`\"`);
  expect(text).toContain(` "scheduler" "run" "--definition-path" "${quoted.replaceAll('$', '$$$$')}/definitions" "--config" "${quoted.replaceAll('$', '$$$$')}/own.yaml" "--metrics-port" "0"\n`);
  expect(text).toContain(`\nWorkingDirectory=${project.replaceAll('%', '%%')}\n`);
  expect(text).toContain(`\nEnvironment="NIGHTSHIFT_STATE_DIR=${place.state}"\n`);
});

test('installed again it is left alone when nothing has changed, and begun anew when something has', async () => {
  const { act, unit, pid, folder } = machine();
  await act('install', '--name', 'shop');
  const first = pid();
  expect(json(await act('install', '--name', 'shop', '-o', 'json'))).toMatchObject({ apiVersion: 1, change: 'unchanged', running: true });
  expect(pid()).toBe(first);
  writeFileSync(unit, `${readFileSync(unit, 'utf8')}# edited\n`);
  expect(json(await act('install', '--name', 'shop', '-o', 'json'))).toMatchObject({ change: 'replaced', running: true });
  expect(pid()).not.toBe(first);
  expect(readFileSync(unit, 'utf8')).not.toContain('# edited');
  // As after an install that was killed when the file was in its place.
  const second = pid();
  writeFileSync(join(folder, 'stale'), '');
  expect(json(await act('install', '--name', 'shop', '-o', 'json'))).toMatchObject({ change: 'unchanged', running: true });
  expect(pid()).not.toBe(second);
});

test('jobs go on when the service is uninstalled, and to uninstall it again is no error', async () => {
  const { place, act, unit, pid } = machine({ definition: LONG });
  await act('install', '--name', 'shop');
  const [job] = await waitFor('the job runs', () => place.jobs('--name', 'One'), ([one]) => one?.state === 'Running');
  const scheduler = pid();
  expect(await act('uninstall', '--name', 'shop')).toMatchObject({ code: 0, stdout: `${unit}\n`, stderr: 'scheduler: nightshift-shop.service is stopped and removed; running jobs go on\n' });
  expect([isAlive(scheduler), existsSync(unit)]).toEqual([false, false]);
  expect(await place.job(job?.id as number)).toMatchObject({ state: 'Running' });
  expect(await act('uninstall', '--name', 'shop')).toMatchObject({ code: 0, stdout: '', stderr: 'scheduler: nightshift-shop.service is not installed\n' });
});

test('is uninstalled also where the configuration of the project is refused', async () => {
  const { act, unit, project } = machine({ there: false });
  await act('install', '--name', 'shop');
  writeFileSync(join(project, 'nightshift.yaml'), 'hooks: { onFailure: [ { definition: One } ] }\n');
  expect(await act('install', '--name', 'shop')).toMatchObject({ code: 5 });
  expect(await act('uninstall', '--name', 'shop')).toMatchObject({ code: 0 });
  expect(existsSync(unit)).toBe(false);
});

test('without a service manager the file is written, and what is to be typed is said', async () => {
  const { act, unit } = machine({ there: false });
  const { code, stdout, stderr } = await act('install', '--name', 'shop');
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${unit}\n` });
  for (const line of ['systemctl --user daemon-reload', 'systemctl --user enable --now nightshift-shop.service', 'loginctl enable-linger']) expect(stderr).toContain(`  ${line} `);
  const wants = join(unit, '../default.target.wants/nightshift-shop.service');
  mkdirSync(join(wants, '..'));
  symlinkSync('../nightshift-shop.service', wants);
  const removed = await act('uninstall', '--name', 'shop');
  expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('systemctl --user stop nightshift-shop.service') as string });
  expect(existsSync(join(wants, '..'))).toBe(true);
  expect(() => readFileSync(wants)).toThrow('ENOENT');
});

test.each(['daemon-reload', 'enable', 'restart'])('nothing is left of a service for which "systemctl %s" fails', async (verb) => {
  const { place, act, folder, unit } = machine();
  failing(folder, verb);
  const { code, stderr } = await act('install', '--name', 'shop');
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining(`ServiceManagerFailed: systemctl --user ${verb}`) as string });
  expect([existsSync(unit), existsSync(join(place.home, '.config/systemd/user/default.target.wants/nightshift-shop.service'))]).toEqual([false, false]);
});

test('a service that worked works on as it was when the one in its place cannot be started', async () => {
  const { act, folder, unit, pid } = machine();
  await act('install', '--name', 'shop');
  const before = readFileSync(unit, 'utf8');
  failing(folder, 'daemon-reload');
  expect(await act('install', '--name', 'shop', '--metrics-port', '0')).toMatchObject({ code: 1 });
  expect(readFileSync(unit, 'utf8')).toBe(before);
  expect(isAlive(pid())).toBe(true);
});

test('a service whose scheduler ends at once is taken back, with the command that shows why', async () => {
  const { act, folder, unit } = machine();
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await act('install', '--name', 'shop', '--metrics-port', String(port));
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/ServiceManagerFailed: .*ended at once: nothing is changed\n {2}hint: journalctl --user -u nightshift-shop.service\n/) as string });
  expect(contentOf(join(folder, 'log'))).toContain(`PortInUse: another program listens on port ${port}`);
  expect(existsSync(unit)).toBe(false);
});

test('a scheduler that was started by hand is named, and nothing is installed beside it', async () => {
  const { place, project, act, unit } = machine();
  const child = place.begin('nightshift', ['scheduler', 'run'], { cwd: project, env: { NIGHTSHIFT_MIN_FREE: '0' } });
  await waitFor('it is ready', async () => json(await act('status', '-o', 'json'))['state'], (state) => state === 'ready');
  expect(await act('install', '--name', 'shop')).toMatchObject({ code: 7, stderr: expect.stringContaining('SchedulerAlreadyRunning: ') as string });
  expect(existsSync(unit)).toBe(false);
  child.kill('SIGTERM');
});

// A masked unit is a link to /dev/null; here the link leads to a file of the test, which alone would be lost were it followed.
test.each(['a file', 'a link, as of a masked unit,'])('%s of somebody else is neither replaced nor removed', async (kind) => {
  const { act, unit, folder } = machine();
  mkdirSync(join(unit, '..'), { recursive: true });
  const theirs = kind === 'a file' ? unit : join(folder, 'theirs');
  writeFileSync(theirs, '[Service]\nExecStart=/bin/true\n');
  if (theirs !== unit) symlinkSync(theirs, unit);
  const before = readFileSync(unit, 'utf8');
  for (const verb of ['install', 'uninstall']) expect(await act(verb, '--name', 'shop')).toMatchObject({ code: 7, stdout: '', stderr: expect.stringContaining('ServiceNameTaken: ') as string });
  expect(readFileSync(unit, 'utf8')).toBe(before);
  expect(contentOf(join(folder, 'calls'))).toBe('');
});

test('--what-if and --print install nothing', async () => {
  const { place, project, act, unit } = machine();
  expect(await act('install', '--name', 'shop', '--what-if')).toMatchObject({ code: 0, stdout: '', stderr: `What if: scheduler install ${unit}\n` });
  const { stdout } = await act('install', '--name', 'shop', '--print');
  expect(stdout).toMatch(/^# Written by "nightshift scheduler install"/);
  expect((await act('install', '--print', '--system-for', 'macos')).stdout).toContain('<key>AbandonProcessGroup</key>\n  <true/>');
  expect(JSON.parse(await namespaceOf(place, project))).toMatchObject({ unit: expect.stringMatching(/^nightshift-[0-9a-f]{8}\.service$/) as string });
  expect(existsSync(join(place.home, '.config'))).toBe(false);
});

test('--confirm without a terminal is refused unless the answer is given', async () => {
  const { act, unit } = machine();
  expect(await act('install', '--name', 'shop', '--confirm')).toMatchObject({ code: 5, stderr: expect.stringContaining('ConfirmationRequired') as string });
  expect(existsSync(unit)).toBe(false);
  expect(await act('install', '--name', 'shop', '--confirm', '--yes')).toMatchObject({ code: 0 });
});

test.each([
  ['a folder that is not there', ['install', '--definition-path', 'nowhere'], 4, 'DirectoryNotFoundException'],
  ['a name that leads elsewhere', ['install', '--name', '../x'], 2, 'ParameterArgumentValidationError'],
  ['a template of systemd as a name', ['install', '--name', 'a@b'], 2, 'ParameterArgumentValidationError'],
  ['a port that is none', ['install', '--metrics-port', '70000'], 2, 'ParameterArgumentValidationError'],
  ['what only run takes', ['install', '--once'], 2, 'InvalidParameterCombination'],
  ['a system for a file that is installed', ['install', '--system-for', 'macos'], 2, 'InvalidParameterCombination'],
  ['a text of what is uninstalled', ['uninstall', '--print'], 2, 'InvalidParameterCombination'],
])('%s is refused', async (_, words, code, name) => {
  const { act } = machine();
  const ended = await act(...words);
  expect(ended).toMatchObject({ code, stdout: '' });
  expect(ended.stderr).toMatch(new RegExp(`^scheduler: ${name}: `));
});
