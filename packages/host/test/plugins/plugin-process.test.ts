import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/system-clock.ts';
import { openPluginProcess, type PluginProcess, type PluginProcessParts } from '../../src/plugins/plugin-process.ts';
import { contentOf, runs, temporaryFolder, until } from '../folder.ts';
import { ANY_SPEC, commandType, plant, pluginText } from './planted.ts';

const SERVE = fileURLToPath(new URL('../../src/plugins/process/serve.ts', import.meta.url));
const ARGV = [process.execPath, '--conditions=source', '--no-warnings', SERVE] as const;
/** One process after the other: what one has compiled the next need not. */
const COMPILED = mkdtempSync(join(tmpdir(), 'host-compiled-'));
afterAll(() => rmSync(COMPILED, { recursive: true, force: true }));
/** Long enough for a process to start on a busy machine, short enough to wait for. */
const LIMIT = 3_000;

function served(text: string, more: Partial<PluginProcessParts> = {}): PluginProcess & { readonly folder: string } {
  const folder = plant(temporaryFolder(), text);
  const plugin = openPluginProcess({ named: './planted', path: folder, version: '1.0.0' }, { argv: ARGV, environment: { ...process.env, FOLDER: folder, NODE_COMPILE_CACHE: COMPILED }, clock: systemClock, ...more });
  onTestFinished(() => plugin.close());
  return { ...plugin, folder };
}

const request = { spec: {}, name: 'N', origin: { kind: 'demand', runNow: false }, workingDirectory: '/', argumentList: [] } as const;
const command = (plugin: PluginProcess, type = 'PlantedJob'): Promise<unknown> => plugin.call({ call: 'command', type, request, raw: false }, `describe the command of a ${type}`).then(({ value }) => value);
const complaint = (code: string, ...parts: readonly string[]) => expect.objectContaining({ code, message: expect.stringMatching(new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'), 's')) });

describe('a plugin in a process of its own', () => {
  test('says what it is, without the functions', async () => {
    const plugin = served(pluginText('planted', commandType('PlantedJob', undefined, `aliases: ['Plant']`)));
    expect(await plugin.load()).toEqual({ name: 'planted', jobTypes: [{ name: 'PlantedJob', aliases: ['Plant'], description: 'Planted.', runs: 'command', capabilities: { persist: true } }] });
  });

  test('is asked for commands, one call after the other', async () => {
    const plugin = served(pluginText('planted', commandType('PlantedJob', `return { argv: ['echo', request.name, String((globalThis.count = (globalThis.count ?? 0) + 1))] };`)));
    expect(await Promise.all([command(plugin), command(plugin)])).toEqual([{ argv: ['echo', 'N', '1'] }, { argv: ['echo', 'N', '2'] }]);
  });

  test('may print what it likes: that is no message', async () => {
    const plugin = served(`console.log('{"id":1,"value":"lie"}'); process.stdout.write('x'.repeat(3_000_000));\n${pluginText('planted', commandType('PlantedJob', `console.log('{"id":2,"value":"lie"}'); console.error('x'.repeat(3_000_000)); return { argv: ['true'] };`))}`);
    expect(await command(plugin)).toEqual({ argv: ['true'] });
  });

  test('may pollute its own prototypes: nothing of that arrives', async () => {
    const plugin = served(`Object.prototype.polluted = 'yes'; Array.prototype.polluted = 'yes';\n${pluginText('planted', commandType('PlantedJob', `return JSON.parse('{"argv":["true"],"__proto__":{"polluted":"yes"}}');`))}`);
    const answer = await command(plugin);
    expect(Object.keys(answer as object)).toContain('argv');
    expect([({} as { polluted?: string }).polluted, ([] as { polluted?: string }).polluted]).toEqual([undefined, undefined]);
  });

  test.each([
    ['throws', `throw new TypeError('no database');`, 'PluginLoadFailed', 'importing it threw TypeError: no database'],
    ['throws what is no error', `throw undefined;`, 'PluginLoadFailed', 'importing it threw undefined'],
    ['is no JavaScript', `export default {`, 'PluginLoadFailed', 'SyntaxError'],
    ['exports nothing', `export const other = 1;`, 'PluginInvalid', 'exports nothing where a plugin is wanted'],
    ['is written for a later contract', `export default { name: 'planted', version: '1.0.0', apiVersion: 2 };`, 'PluginInvalid', 'speaks contract version 2; this Nightshift speaks 1'],
    ['claims to reattach and cannot', `${ANY_SPEC} export default { name: 'planted', version: '1.0.0', apiVersion: 1, jobTypes: [{ name: 'A', description: 'A.', runs: 'code', capabilities: { reattach: true }, spec, prepare() {} }, { name: 'B', runs: 'command', capabilities: {} }] };`, 'PluginInvalid', 'job type A declares the capability reattach but has no method reattach; job type B has no "description"; job type B runs command but has no method command; job type B has no Standard Schema'],
  ])('that %s at its import is lost with the reason', async (_what, text, code, message) => {
    await expect(served(text).load()).rejects.toMatchObject({ fault: complaint(code, message) });
  });

  test.each([
    ['ends its process', `console.error('going away'); process.exit(3);`, 'PluginCrashed', './planted ended its process with exit code 3; its last words: going away'],
    ['ends its process as if all were well', `process.exit();`, 'PluginCrashed', 'exit code 0'],
    ['kills its process', `process.kill(process.pid, 'SIGKILL');`, 'PluginCrashed', 'was ended by SIGKILL'],
    ['fails later', `setTimeout(() => { throw new RangeError('later'); }, 1); await new Promise(() => {});`, 'PluginCrashed', 'RangeError: later'],
    ['waits for ever', `await new Promise(() => {});`, 'PluginTimedOut', './planted was not imported in 3 s'],
    ['loops for ever', `for (;;) ;`, 'PluginTimedOut', 'in 3 s'],
    ['writes into the channel', `import { writeSync } from 'node:fs'; writeSync(3, 'hello\\n'); await new Promise(() => {});`, 'PluginMessageInvalid', 'sent "hello" where an answer was expected'],
    ['floods the channel', `import { writeSync } from 'node:fs'; for (;;) try { writeSync(3, 'x'.repeat(65_536)); } catch {}`, 'PluginMessageInvalid', 'a message of more than 1 MB'],
  ])('that %s at its import is lost with the reason', async (_what, text, code, message) => {
    await expect(served(text, code === 'PluginTimedOut' ? { callLimit: LIMIT } : {}).load()).rejects.toEqual(complaint(code, message));
  });

  test.each([
    ['throws', `throw new Error('not today');`, { fault: { message: 'Error: not today' } }],
    ['throws an error of ours', `throw Object.assign(new Error('not there'), { name: 'JobError', code: 'FilePathNotFound', hint: 'look', path: ['file'] });`, { fault: { code: 'FilePathNotFound', message: 'not there', hint: 'look', path: ['file'] } }],
    ['answers with a cycle', `const a = {}; a.a = a; return a;`, { fault: { code: 'PluginMessageInvalid', message: expect.stringContaining('cannot be written as JSON: TypeError') } }],
    ['answers with a BigInt', `return { argv: [1n] };`, { fault: { code: 'PluginMessageInvalid', message: expect.stringContaining('BigInt') } }],
    ['answers with ten megabytes', `return { argv: ['x'.repeat(10_000_000)] };`, { fault: { code: 'PluginMessageInvalid', message: expect.stringMatching(/has 100000\d\d bytes, at most 1048576 are taken/) } }],
    ['waits for ever', `return new Promise(() => {});`, { code: 'PluginTimedOut', message: 'the plugin ./planted did not describe the command of a BadJob in 3 s and was ended' }],
    ['loops for ever', `for (;;) ;`, { code: 'PluginTimedOut' }],
    ['ends its process', `process.exit(9);`, { code: 'PluginCrashed', message: expect.stringContaining('exit code 9') }],
  ])('whose command %s says so, and answers the next call', async (_what, body, reason) => {
    const plugin = served(pluginText('planted', commandType('BadJob', body), commandType('PlantedJob')), 'code' in reason && reason.code === 'PluginTimedOut' ? { callLimit: LIMIT } : {});
    const [bad, good] = await Promise.allSettled([command(plugin, 'BadJob'), command(plugin)]);
    expect(bad).toMatchObject({ status: 'rejected', reason });
    expect(good).toEqual({ status: 'fulfilled', value: { argv: ['echo', 'done'] } });
  });

  test('whose schema makes what JSON cannot hold gets it all the same', async () => {
    const plugin = served(`const spec = { '~standard': { version: 1, vendor: 'x', validate: ({ when }) => ({ value: { when: new Date(when) } }) } };\nexport default { name: 'planted', version: '1.0.0', apiVersion: 1, jobTypes: [${commandType('PlantedJob', `return { argv: ['date', request.spec.when.toISOString()] };`)}] };`);
    expect(await plugin.call({ call: 'validate', type: 'PlantedJob', value: { when: 0 } }, 'check')).toMatchObject({ value: { value: null } });
    expect(await plugin.call({ call: 'command', type: 'PlantedJob', request: { ...request, spec: { when: 0 } }, raw: true }, 'describe')).toMatchObject({ value: { argv: ['date', '1970-01-01T00:00:00.000Z'] } });
  });

  test('of another version than was trusted is not imported', async () => {
    const plugin = served(`import { writeFileSync } from 'node:fs'; writeFileSync(process.env.FOLDER + '/sung', '');`);
    plant(plugin.folder, readFileSync(join(plugin.folder, 'index.js'), 'utf8'), '1.0.1');
    await expect(plugin.load()).rejects.toMatchObject({ fault: complaint('PluginNotTrusted', 'version 1.0.1 now, and 1.0.0 was trusted') });
    expect(contentOf(join(plugin.folder, 'sung'))).toBeUndefined();
  });

  test('that has not answered three times in a row is not asked for a while, and then again', async () => {
    let late = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + late };
    const plugin = served(`import { appendFileSync } from 'node:fs';\n${pluginText('planted', commandType('BadJob', `appendFileSync(process.env.FOLDER + '/asked', 'x'); return new Promise(() => {});`), commandType('PlantedJob'))}`, { callLimit: 1_500, clock });
    const asked = () => contentOf(join(plugin.folder, 'asked'))?.length;
    await plugin.load();
    for (const _ of [1, 2, 3, 4, 5]) await expect(command(plugin, 'BadJob')).rejects.toMatchObject({ code: 'PluginTimedOut' });
    await expect(command(plugin)).rejects.toMatchObject({ code: 'PluginTimedOut' });
    expect(asked()).toBe(3);
    late = 300_000;
    expect(await command(plugin)).toEqual({ argv: ['echo', 'done'] });
    await expect(command(plugin, 'BadJob')).rejects.toMatchObject({ code: 'PluginTimedOut' });
    expect(asked()).toBe(4);
  });

  const WRITES_PID = `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.FOLDER + '/pid', String(process.pid));\n`;
  const pidIn = (folder: string): number => Number(contentOf(join(folder, 'pid')));

  test('is ended when nobody has asked for a while, and started again by the next call', async () => {
    const plugin = served(WRITES_PID + pluginText('planted', commandType('PlantedJob')), { idleLimit: 50 });
    await command(plugin);
    const first = pidIn(plugin.folder);
    await until('the process has gone', () => !runs(first));
    expect(await command(plugin)).toEqual({ argv: ['echo', 'done'] });
    expect(pidIn(plugin.folder)).not.toBe(first);
  });

  test('is gone with what it has started, and not even an endless loop saves it, when the one that asks is killed', async () => {
    const folder = plant(temporaryFolder(), `${WRITES_PID}import { spawn } from 'node:child_process'; writeFileSync(process.env.FOLDER + '/child', String(spawn('sleep', ['60']).pid)); for (;;) ;`);
    const asker = spawn(process.execPath, ['--conditions=source', '--no-warnings', '--input-type=module', '-e', `
      const { openPluginProcess } = await import(${JSON.stringify(new URL('../../src/plugins/plugin-process.ts', import.meta.url).href)});
      const { systemClock } = await import(${JSON.stringify(new URL('../../src/system-clock.ts', import.meta.url).href)});
      await openPluginProcess({ named: 'x', path: ${JSON.stringify(folder)}, version: '1.0.0' }, { argv: ${JSON.stringify(ARGV)}, environment: { ...process.env, FOLDER: ${JSON.stringify(folder)} }, clock: systemClock }).load();
    `], { stdio: 'ignore' });
    onTestFinished(() => void asker.kill('SIGKILL'));
    await until('the plugin loops', () => contentOf(join(folder, 'child')));
    const pids = [pidIn(folder), Number(contentOf(join(folder, 'child')))];
    expect(pids.map(runs)).toEqual([true, true]);
    asker.kill('SIGKILL');
    await until('both have gone', () => !pids.some(runs));
  });
});
