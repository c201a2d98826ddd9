import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const SPEC = `const spec = { '~standard': { version: 1, vendor: 'test', validate: (value) => typeof value.target === 'string' ? { value } : { issues: [{ message: 'name a target', code: 'DefinitionKeyMissing', path: ['target'] }] } } };`;
const plugin = (name: string, ...types: readonly string[]): string => `${SPEC}\nexport default { name: '${name}', version: '1.0.0', apiVersion: 1, jobTypes: [${types.join(', ')}] };\n`;
const command = (name: string, body = `return { argv: ['echo', 'made', spec.target] };`): string => `{ name: '${name}', description: 'Makes.', runs: 'command', capabilities: { persist: true }, spec, command({ spec }) { ${body} } }`;

/** A trusted project with these plugins, each a folder, and these definitions. */
async function projectWith(plugins: Readonly<Record<string, string>>, definitions: Readonly<Record<string, string>>) {
  const place = newPlace();
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(place.work, path)), { recursive: true });
    writeFileSync(join(place.work, path), text);
  };
  put('package.json', '{}');
  put('nightshift.yaml', `plugins: [${Object.keys(plugins).map((name) => `./plugins/${name}`).join(', ')}]\n`);
  const write = (name: string, text: string): void => put(`plugins/${name}/index.js`, text);
  for (const [name, text] of Object.entries(plugins)) {
    put(`plugins/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }));
    write(name, text);
  }
  for (const [name, text] of Object.entries(definitions)) put(`definitions/${name}.yaml`, text);
  await place.stdoutOf('nightshift', 'trust');
  return { ...place, write };
}

const MAKE = plugin('make', command('MakeJob'));
const MANUAL = 'type: MakeJob\njob: { target: manual }\n';

/** Each is wrong in a way of its own. */
const BAD = {
  nothing: 'export const other = 1;\n',
  later: `export default { name: 'later', version: '1.0.0', apiVersion: 2 };\n`,
  throws: `throw new TypeError('no database');\n`,
  exits: `console.error('going away'); process.exit(3);\n`,
  takes: plugin('takes', command('BackgroundJob')),
  claims: `${SPEC}\nexport default { name: 'claims', version: '1.0.0', apiVersion: 1, jobTypes: [{ name: 'ClaimJob', description: 'Claims.', runs: 'code', capabilities: { reattach: true }, spec, prepare() {} }] };\n`,
  one: plugin('one', command('SharedJob')),
  two: plugin('two', command('SHAREDJOB')),
};
const CODES = ['PluginInvalid', 'PluginInvalid', 'PluginLoadFailed', 'PluginCrashed', 'PluginInvalid', 'JobTypeConflict', 'JobTypeConflict'];

describe('eight plugins that misbehave, and one that does not', () => {
  const complaints = (stderr: string, lead: string): string[] => stderr.split('\n').filter((line) => line.startsWith(lead)).map((line) => line.slice(lead.length).split(':')[0] as string);

  test('are all told of by get-job-type, which lists the others with package, version and source', async () => {
    const place = await projectWith({ ...BAD, make: MAKE }, {});
    const { code, stdout, stderr } = await place.run('get-job-type', ['-o', 'id']);
    expect({ code, stdout }).toEqual({ code: 8, stdout: expect.stringMatching(/^BackgroundJob\nCrontabJob\nNpmScriptJob\nRemoteJob\nScheduledJob\n[^]*MakeJob\n$/) });
    for (const lost of ['ClaimJob', 'SharedJob', 'SHAREDJOB']) expect(stdout).not.toContain(lost);
    expect(complaints(stderr, 'get-job-type: ')).toEqual(CODES);
    const asked = await place.run('get-job-type', ['makejob', '-o', 'json']);
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toEqual({ apiVersion: 1, types: [{ name: 'MakeJob', aliases: [], description: 'Makes.', runs: 'command', capabilities: ['suspend', 'kill', 'reattach', 'persist'], package: 'make', version: '1.0.0', source: join(place.work, 'plugins/make') }] });
    expect(await place.run('get-job-type', ['SharedJob'])).toMatchObject({ code: 8, stdout: '' });
  });

  test('keep no job from being started that needs none of them; what needs one is refused', async () => {
    const place = await projectWith({ ...BAD, make: MAKE }, { Manual: MANUAL, Shared: 'type: SharedJob\njob: { target: a }\n', Lost: 'type: LostJob\njob: {}\n' });
    const made = await place.run('start-job', ['--definition-name', 'Manual', '--wait']);
    expect(made).toMatchObject({ code: 0, stdout: 'made manual\n' });
    expect(complaints(made.stderr, 'start-job: warning: ')).toEqual(CODES);
    const shared = await place.run('start-job', ['--definition-name', 'Shared']);
    expect(shared).toMatchObject({ code: 8, stdout: '' });
    expect(complaints(shared.stderr, 'start-job: ')).toContain('JobTypeConflict');
    const lost = await place.run('start-job', ['--definition-name', 'Lost']);
    expect(lost).toMatchObject({ code: 8, stdout: '' });
    expect(lost.stderr).toContain('one of those that cannot be used might: ./plugins/nothing (PluginInvalid), ./plugins/later (PluginInvalid), ./plugins/throws (PluginLoadFailed), ./plugins/exits (PluginCrashed), ./plugins/claims (PluginInvalid)');
    expect((await place.jobs()).map(({ type, name }) => [type, name])).toEqual([['MakeJob', 'Manual']]);
  });
});

test('jobs of a type whose plugin is gone are listed and received all the same', async () => {
  const place = await projectWith({ make: MAKE }, { Manual: MANUAL });
  await place.finished(await place.start('--definition-name', 'Manual'));
  rmSync(join(place.work, 'plugins'), { recursive: true });
  expect(await place.run('get-job', ['1', '-o', 'json'])).toMatchObject({ code: 0, stdout: expect.stringContaining('"type":"MakeJob"'), stderr: '' });
  expect(await place.run('receive-job', ['1'])).toMatchObject({ code: 0, stdout: 'made manual\n', stderr: '' });
});

test('a verb that is killed while a plugin loops leaves nothing of it behind', async () => {
  const place = await projectWith({ loops: `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify('../../pid')}, String(process.pid)); for (;;) ;\n` }, { Manual: MANUAL });
  const verb = place.begin('start-job', ['--definition-name', 'Manual']);
  const pid = Number(await waitFor('the plugin loops', () => contentOf(join(place.work, 'pid'))));
  verb.kill('SIGKILL');
  await waitFor('it is gone', () => !isAlive(pid));
});

describe('a job of one plugin', () => {
  const LEAD = plugin('lead', `{ name: 'LeadJob', description: 'Leads.', runs: 'code', capabilities: { persist: true }, spec: { '~standard': { version: 1, vendor: 't', validate: (value) => ({ value }) } }, async prepare(context) {
    return { async start() {
      for (const request of context.spec.children) {
        const child = await context.startChild(request).catch((error) => context.streams.output.write(error.code));
        if (child !== undefined) await context.streams.output.write({ id: child.id, state: (await child.finished).state });
      }
      return { state: 'Completed' };
    }, async [Symbol.asyncDispose]() {} };
  } }`);
  const children = [{ type: 'MakeJob', spec: { target: 'a' } }, { type: 'LeadJob', spec: { children: [{ type: 'makejob', spec: { target: 'b' } }] } }, { type: 'ScheduledJob', spec: { type: 'MakeJob', target: 'c' } }, { type: 'LostJob', spec: {} }, { type: 'MakeJob', spec: {} }];
  const definitions = { Lead: `type: LeadJob\njob: ${JSON.stringify({ children })}\n` };

  test('starts children of the types of another, of its own, and of one that delegates, wherever it works', async () => {
    const place = await projectWith({ make: MAKE, lead: LEAD }, definitions);
    const other = newPlace();
    expect(await place.run('start-job', ['--definition-name', 'Lead', '--working-directory', other.work, '--wait'])).toMatchObject({ code: 0 });
    expect((await place.jobs('1', '--include-child-job')).map(({ id, type, state, origin }) => [id, type, state, origin['parentId']])).toEqual([
      [1, 'LeadJob', 'Completed', undefined], [2, 'MakeJob', 'Completed', 1], [3, 'LeadJob', 'Completed', 1], [4, 'MakeJob', 'Completed', 3], [5, 'ScheduledJob', 'Completed', 1],
    ]);
    const said = (await place.stdoutOf('receive-job', '1', '--from', 'start')).trim().split('\n');
    expect(said).toEqual(expect.arrayContaining(['made a', 'made b', 'made c', 'JobTypeNotFound', 'DefinitionKeyMissing']));
  });
});

/** A scheduler that says one JSON object a line. */
function schedule({ begin }: Pick<Place, 'begin'>) {
  const child = begin('nightshift', ['scheduler', 'run', '-o', 'jsonl'], { env: { NIGHTSHIFT_MIN_FREE: '0' } });
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const events = () => stderr.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = (event: string, facts: object = {}) => waitFor(`it says ${event}`, events, (all) => all.some((one) => one['event'] === event && Object.entries(facts).every(([key, value]) => one[key] === value)));
  return { child, ended, events, said, stderr: () => stderr };
}

describe('a scheduler', () => {
  const EVERY = 'triggers: [{ every: 200ms }]\noptions: { startIfOnBatteries: true, multipleInstancePolicy: Parallel }\n';

  test('runs what plugins bring, and whatever one of them does ends neither it nor the others', async () => {
    const place = await projectWith(
      { make: MAKE, dies: plugin('dies', command('DieJob', 'process.exit(9);')), exits: BAD.exits },
      { Manual: `${EVERY}job: { type: MakeJob, target: manual }\n`, Dies: `${EVERY}job: { type: DieJob, target: a }\n`, Wrong: `${EVERY}job: { type: MakeJob }\n`, Lost: `${EVERY}job: { type: LostJob }\n` },
    );
    const { child, ended, events, said } = schedule(place);
    await said('ended', { definition: 'Manual', state: 'Completed' });
    const broken = events().filter(({ event }) => event === 'broken').map(({ definition, errors }) => [definition, (errors as { code: string }[]).map(({ code }) => code)]);
    expect(Object.fromEntries(broken as [string, string[]][])).toEqual({ Dies: ['PluginCrashed'], Wrong: ['DefinitionKeyMissing'], Lost: ['JobTypeNotInstalled'] });
    expect((await place.jobs('--name', 'Manual'))[0]).toMatchObject({ type: 'ScheduledJob', command: 'echo made manual', state: 'Completed' });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  test('runs the definitions that a type brings, under a key of ours, and keeps their clocks while the plugin cannot be used', async () => {
    const cloud = plugin('cloud', `{ name: 'CloudJob', description: 'Of the cloud.', runs: 'delegate', capabilities: { persist: true, triggers: true }, spec: { '~standard': { version: 1, vendor: 't', validate: (value) => ({ value }) } }, delegate: ({ spec }) => ({ type: 'BackgroundJob', spec: { command: ['echo', spec.word] } }),
      definitions: { find: async () => [], async *list() { yield { key: 'stolen/rain', name: 'Rain', location: 'cloud://rain', spec: { word: 'wet' }, triggers: [{ every: '200ms' }], options: { startIfOnBatteries: true } }; } } }`);
    const place = await projectWith({ cloud }, {});
    mkdirSync(join(place.work, 'definitions'));
    const first = schedule(place);
    await first.said('ended', { definition: 'Rain', state: 'Completed' });
    first.child.kill('SIGTERM');
    await first.ended;
    expect((await place.jobs('--newest', '1'))[0]).toMatchObject({ name: 'Rain', type: 'CloudJob', command: 'echo wet', definition: { name: 'Rain', path: 'cloud://rain' } });
    const clocks = async () => (JSON.parse(await place.stdoutOf('nightshift', 'history', 'Rain', '-o', 'json')) as { firings: { reason: string | null }[] }).firings.filter(({ reason }) => reason === 'edited').length;
    place.write('cloud', 'throw 1;\n');
    const second = schedule(place);
    await second.said('ready');
    second.child.kill('SIGTERM');
    await second.ended;
    expect(second.events().filter(({ event }) => event === 'definition')).toEqual([]);
    expect(await clocks()).toBe(0);
    place.write('cloud', cloud);
    const third = schedule(place);
    await third.said('ended', { definition: 'Rain', state: 'Completed' });
    third.child.kill('SIGTERM');
    await third.ended;
  });

  test('hears at once of a definition that a type brings and that changes', async () => {
    const cloud = `import { readFileSync, watch } from 'node:fs'; import { once } from 'node:events';\n${plugin('cloud', `{ name: 'CloudJob', description: 'Of the cloud.', runs: 'delegate', capabilities: { persist: true, triggers: true }, spec: { '~standard': { version: 1, vendor: 't', validate: (value) => ({ value }) } }, delegate: ({ spec }) => ({ type: 'BackgroundJob', spec: { command: ['echo', spec.word] } }),
      definitions: { find: async () => [], async *list() { const word = readFileSync('word', 'utf8'); yield { name: 'Rain', location: 'cloud://rain', spec: { word }, triggers: [{ cron: '0 3 1 1 *' }] }; }, async *watch() { const watcher = watch('word'); for (;;) { await once(watcher, 'change'); yield { name: 'Rain' }; } } } }`)}`;
    const place = await projectWith({ cloud }, {});
    mkdirSync(join(place.work, 'definitions'));
    const word = join(place.work, 'plugins/cloud/word');
    writeFileSync(word, 'wet');
    const { child, ended, events, said } = schedule(place);
    await said('ready');
    // The plugin may not watch yet: so it is written until it is heard of.
    let written = 0;
    await waitFor('the change is heard of', () => {
      writeFileSync(word, `wet ${(written += 1)}`);
      return events().some(({ event, change }) => event === 'definition' && change === 'changed');
    });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
