import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../plugins/engine-pgboss/src/database.ts';
import { realTime } from '../../plugins/engine-pgboss/test/real-time.ts';
import { serverOfThisFile } from '../../plugins/engine-pgboss/test/server.ts';
import { newShop } from './engine-place.ts';

const server = serverOfThisFile();

test('a job that is kept waits in the engine, is run by a worker, and is seen, received and removed from any machine', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  const id = await a.start('--name', 'Build', '--', 'sh', '-c', 'echo one; echo two >&2; echo ::warning::three; exit 4');
  expect(await b.job('Build')).toMatchObject({ id, state: 'NotStarted', beginTime: null });
  const waiting = b.run('receive-job', String(id), '--follow');
  await shop.ready('one');
  expect(await waiting).toMatchObject({ code: 0, stdout: 'one\n', stderr: 'WARNING: three\ntwo\nthe command exited with code 4\n' });
  expect(await a.finished(id)).toMatchObject({ state: 'Failed', exitCode: 4, reason: 'exit', hasMoreData: true });
  expect(await b.job(id)).toMatchObject({ hasMoreData: false });
  expect(await b.run('receive-job', '--keep', '--from', 'start', '--raw', String(id))).toMatchObject({ stdout: 'one\n::warning::three\n' });
  expect((await b.run('remove-job', String(id))).code).toBe(0);
  expect(await a.run('get-job', String(id))).toMatchObject({ code: 4, stderr: expect.stringContaining('JobWithSpecifiedSessionNotFound') as string });
});

test('start-job --wait follows its job on another machine, and ends with its exit code', async () => {
  const shop = await newShop(server);
  await shop.ready('one');
  expect(await shop.machine('a').run('start-job', '--persist', '--wait', '--', 'sh', '-c', 'echo hello; exit 7')).toMatchObject({ code: 7, stdout: 'hello\n' });
});

test('a running job is held, let go on, stopped and killed from any machine', async () => {
  const shop = await newShop(server);
  await shop.ready('one');
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  const id = await a.start('--', 'sh', '-c', 'trap "echo tidied; exit 0" TERM; while :; do sleep 0.05; done');
  await b.inState(id, 'Running');
  expect(JSON.parse(await b.stdoutOf('suspend-job', String(id), '-o', 'json'))).toMatchObject([{ state: 'Suspended' }]);
  expect(JSON.parse(await a.stdoutOf('resume-job', String(id), '-o', 'json'))).toMatchObject([{ state: 'Running' }]);
  await b.stdoutOf('stop-job', String(id));
  expect(await a.job(id)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  expect(await b.stdoutOf('receive-job', String(id))).toBe('tidied\n');
  const deaf = await a.start('--', 'sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done');
  await a.inState(deaf, 'Running');
  await b.stdoutOf('stop-job', '--force', String(deaf));
  expect(await a.job(deaf)).toMatchObject({ state: 'Stopped', signal: 'SIGKILL' });
});

test('what nobody has taken yet is stopped at once, without a worker; one that runs cannot be removed but by force', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  const id = await a.start('--', 'sleep', '60');
  expect((await a.run('remove-job', String(id))).stderr).toContain('JobObjectNotFinishedCannotBeRemoved');
  await b.stdoutOf('stop-job', String(id));
  expect(await a.job(id)).toMatchObject({ state: 'Stopped', beginTime: null });
  const other = await a.start('--', 'sleep', '60');
  await b.stdoutOf('remove-job', '--force', String(other));
  expect((await a.jobs()).map((one) => one.id)).toEqual([id]);
});

test('jobs that nobody wants kept stay on their machine, with ids that no job of the engine has', async () => {
  const shop = await newShop(server);
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  const kept = await a.start('--name', 'Kept', '--', 'true');
  const own = Number(await a.stdoutOf('start-job', '-o', 'id', '--name', 'Own', '--', 'true'));
  expect([kept, own]).toEqual([1_000_001, 1]);
  expect((await a.jobs()).map(({ name }) => name).toSorted()).toEqual(['Kept', 'Own']);
  expect((await b.jobs()).map(({ name }) => name)).toEqual(['Kept']);
  expect(await a.finished(own)).toMatchObject({ name: 'Own', state: 'Completed' });
  await a.stdoutOf('stop-job', 'Kept');
  expect(await b.job('Kept')).toMatchObject({ state: 'Stopped' });
});

test('an id that a job of the machine and one of the engine have is not guessed at', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  // As in a schema that has given ids before those of machines were kept free.
  await using database = openDatabase({ connection: shop.env['FLEET_DATABASE'] as string, schema: shop.schema, acceptDataLoss: true }, realTime);
  await database.query(`ALTER SEQUENCE ${shop.schema}.instance_number RESTART WITH 1`);
  const kept = await a.start('--name', 'Kept', '--', 'true');
  const own = Number(await a.stdoutOf('start-job', '-o', 'id', '--name', 'Own', '--', 'true'));
  expect(own).toBe(kept);
  expect(await a.run('stop-job', String(own))).toMatchObject({ code: 7, stderr: expect.stringContaining('InstanceIdAmbiguous') as string });
});

test('with demand: durable every start goes to the engine whose job can be kept', async () => {
  const shop = await newShop(server, 'demand: durable');
  const [a, b] = [shop.machine('a'), shop.machine('b')];
  await a.stdoutOf('start-job', '--name', 'Plain', '--', 'true');
  expect(await b.job('Plain')).toMatchObject({ state: 'NotStarted' });
});

test('what only the machine of a job can do is refused in words', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  expect(await shop.run('start-job', ['--persist', '--input-object', '-', '--', 'cat'], { env: a.env, input: 'x' })).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be given to a job that a worker of the engine runs') as string });
  await a.start('--name', 'Waits', '--', 'true');
  expect(await a.run('debug-job', 'Waits')).toMatchObject({ code: 7, stderr: expect.stringContaining('it runs on a worker of the engine') as string });
  expect(await a.stdoutOf('get-job')).toContain('Waits');
});

test('secrets are named, not known: what a job needs is there on its worker', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.define('Told', 'job: { scriptBlock: "echo \\"<$TOLD>\\"", secrets: { TOLD: "env:ONLY_THERE" } }\n');
  const id = Number(await a.stdoutOf('start-job', '-o', 'id', '--persist', '--definition-name', 'Told'));
  shop.env['ONLY_THERE'] = 'hush-hush';
  await shop.ready('one');
  expect(await a.finished(id)).toMatchObject({ state: 'Completed' });
  expect(JSON.stringify(await shop.engine.store.find({}))).not.toContain('hush-hush');
});

test.each([
  ['an option that is none', 'connection: env:FLEET_DATABASE, lase: 3s', 'DefinitionKeyUnknown', 'did you mean "lease"'],
  ['a secret that stands there', 'connection: "postgresql://me:hush@db/x"', 'DefinitionValueInvalid', 'holds a secret'],
  ['a variable that is not there', 'connection: env:NOBODY_SET_THIS', 'DefinitionValueInvalid', 'env:NOBODY_SET_THIS'],
])('a configuration with %s is refused with its place, and never with a secret', async (_what, options, code, text) => {
  const shop = await newShop(server);
  shop.configure(`namespace: fleet\nplugins: [${shop.pluginFolder}]\nengine: { name: pgboss, ${options} }\n`);
  const { code: status, stderr } = await shop.machine('a').run('get-job');
  expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringMatching(new RegExp(`${code}: .*config.yaml:3:\\d+`)) as string });
  expect(stderr).toContain(text);
  expect(stderr).not.toContain('hush');
});

test.each([
  ['without a namespace', (plugin: string) => `plugins: [${plugin}]\nengine: { name: pgboss, connection: env:FLEET_DATABASE }\n`, 3, 'DefinitionKeyMissing: "namespace" is missing'],
  ['of an unknown name', (plugin: string) => `namespace: n\nplugins: [${plugin}]\nengine: { name: pgbos, connection: env:FLEET_DATABASE }\n`, 8, 'did you mean pgboss?'],
  ['without a plugin', () => 'namespace: n\nengine: { name: pgboss, connection: env:FLEET_DATABASE }\n', 8, 'EngineNotFound'],
  ['without its name', (plugin: string) => `namespace: n\nplugins: [${plugin}]\nengine: { connection: env:FLEET_DATABASE }\n`, 3, '"engine.name" is missing'],
])('an engine %s is refused', async (_what, text, status, told) => {
  const shop = await newShop(server);
  shop.configure(text(shop.pluginFolder));
  expect(await shop.machine('a').run('start-job', '--persist', '--', 'true')).toMatchObject({ code: status, stderr: expect.stringContaining(told) as string });
});

test('a server that is away is said so, and nothing is started in another place', async () => {
  const shop = await newShop(server);
  shop.env['FLEET_DATABASE'] = 'postgresql://nobody@127.0.0.1:1/none';
  const a = shop.machine('a');
  expect(await a.run('start-job', '--persist', '--', 'true')).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('StoreUnavailable') as string });
  // The jobs of this machine are shown all the same.
  await a.stdoutOf('start-job', '--name', 'Here', '--', 'true');
  expect(await a.run('get-job')).toMatchObject({ code: 6, stdout: expect.stringContaining('Here') as string, stderr: expect.stringContaining('StoreUnavailable') as string });
});

test('the engine of a project counts where the project is trusted, for verbs that read it; looking at jobs reads none', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  shop.configure('timeZone: UTC\n');
  mkdirSync(join(shop.work, 'project/definitions'), { recursive: true });
  const project = join(shop.work, 'project');
  writeFileSync(join(project, 'package.json'), '{}');
  writeFileSync(join(project, 'nightshift.yaml'), `namespace: fleet\nplugins: [${shop.pluginFolder}]\nengine: { name: pgboss, connection: env:FLEET_DATABASE, schema: ${shop.schema}, acceptDataLoss: true }\n`);
  const here = (program: string, ...args: string[]) => shop.run(program, args, { cwd: project, env: a.env });
  expect(await here('nightshift', 'history')).toMatchObject({ code: 5, stderr: expect.stringContaining('ConfigUnsafe') as string });
  expect((await here('nightshift', 'trust')).code).toBe(0);
  expect(await here('start-job', '--persist', '--name', 'InEngine', '--', 'true')).toMatchObject({ code: 0, stdout: expect.stringContaining('NotStarted') as string });
  expect((await here('get-job')).stdout).not.toContain('InEngine');
  expect((await here('get-job', '--config', 'nightshift.yaml')).stdout).toContain('InEngine');
  expect((await shop.run('get-job', [], { env: { ...a.env, NIGHTSHIFT_CONFIG: join(project, 'nightshift.yaml') } })).stdout).toContain('InEngine');
});

test('a job with a route waits for a worker that takes it; without an engine nobody could', async () => {
  const shop = await newShop(server);
  const a = shop.machine('a');
  await shop.ready('any');
  const id = await a.start('--route', 'gpu', '--', 'echo', 'fast');
  const other = await a.start('--', 'true');
  await a.finished(other);
  expect(await a.job(id)).toMatchObject({ state: 'NotStarted' });
  await shop.ready('special', '--route', 'gpu,linux');
  expect(await a.finished(id)).toMatchObject({ state: 'Completed' });
  expect(await a.run('start-job', '--route', 'gpu', '--', 'true')).toMatchObject({ code: 2, stderr: expect.stringContaining('--route says which workers of an engine run the job') as string });
});
