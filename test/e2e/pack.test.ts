// What a user installs: the tarballs of `npm pack`, all in one `npm install` into an empty folder, and nothing of the repository.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Computers, SSHD, startComputers } from '../../plugins/remote-job/test/computers.ts';
import { newPlace, type Ended, type RunOptions } from './product.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Tarball { readonly name: string; readonly version: string; readonly filename: string; readonly files: readonly { readonly path: string }[] }
interface Manifest { readonly name: string; readonly version: string; readonly private?: boolean; readonly license?: string; readonly exports: object; readonly dependencies?: Readonly<Record<string, string>> }

const place = newPlace((clean) => afterAll(clean));
const tarballs = pack(join(place.root, 'tarballs'));
const installed = (path: string): string => join(place.work, 'node_modules', path);
const manifestAt = (path: string): Manifest => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
const manifestOf = (name: string): Manifest => manifestAt(installed(`${name}/package.json`));
const sources = globSync('{packages,plugins}/*/package.json', { cwd: ROOT }).map((path) => manifestAt(join(ROOT, path)));

/** Why nothing could be installed, where neither a cache nor a registry has the packages of others. */
let unreachable: string | undefined;

beforeAll(async () => {
  writeFileSync(join(place.work, 'package.json'), '{ "private": true }');
  unreachable = await install(tarballs.map(({ filename }) => join(place.root, 'tarballs', filename)));
});

describe('the tarballs', () => {
  test('are those of every package of the repository', () => {
    expect(tarballs.map(({ name }) => name).toSorted()).toEqual(sources.map(({ name }) => name).toSorted());
  });

  // Without an installation too: where there is no registry, npm would only say that it cannot ask for the other version.
  test('need each other in exactly the version that is packed beside them', () => {
    const packed = Object.fromEntries(tarballs.map(({ name, version }) => [name, version]));
    const wrong = sources.flatMap(({ name, dependencies = {} }) => Object.entries(dependencies).filter(([wanted, at]) => /^(?:@nightshift\/|nightshift$)/.test(wanted) && packed[wanted] !== at).map(([wanted, at]) => `${name}: ${wanted}@${at}`));
    expect(wrong).toEqual([]);
  });

  test.each(tarballs)('$name holds what is run, its license and its readme, and nothing else', ({ name, files }) => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']));
    const shown = paths.filter((path) => !/^dist\/(?:examples|templates)\//.test(path));
    // The bundle is minified: its maps serve --debug.
    const belongs = name === 'nightshift' ? /^(?:bin\/[\w-]+\.cjs|dist\/.+\.(?:js|d\.ts|cjs|cjs\.map)|dist\/(?:shim|remote)\.sh|dist\/dashboard\/.+|scheduled-job\.schema\.json)$/ : /^dist\/(?:.+(?:\.js|\.d\.ts|\/shim\.sh)|(?:shim|remote)\.sh|ui\/.+)$/;
    expect(shown.filter((path) => !belongs.test(path) && !['LICENSE', 'README.md', 'package.json'].includes(path))).toEqual([]);
    expect(shown.filter((path) => /-armed\.|\.test\.|^(?:src|test)\//.test(path))).toEqual([]);
  });

  test('of nightshift holds the shim, the templates, the examples and the schema', () => {
    const paths = tarballs.find(({ name }) => name === 'nightshift')?.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/shim.sh', 'dist/remote.sh', 'dist/remote-client.cjs', 'dist/templates/plugin/ts/src/index.ts', 'dist/examples/Hello.yaml', 'dist/examples/scripts/snapshot.mjs', 'scheduled-job.schema.json']));
  });
});

describe('installed into an empty folder', () => {
  const installs = (sentence: string, body: () => Promise<void> | void): void => test(sentence, async ({ skip }) => {
    skip(unreachable !== undefined, unreachable);
    await body();
  });

  installs('each package is a folder of its own with a license, and has what it needs in exactly that version', () => {
    for (const { name } of tarballs) {
      const { private: isPrivate, license, dependencies = {} } = manifestOf(name);
      expect({ name, isPrivate, license }).toEqual({ name, isPrivate: undefined, license: 'MIT' });
      expect(realpathSync(installed(name))).toBe(installed(name));
      for (const [wanted, at] of Object.entries(dependencies)) expect(at, `${name} needs ${wanted}`).toBe(manifestOf(wanted).version);
    }
  });

  installs('no file names a folder of the machine that it was built on', () => {
    const files = tarballs.flatMap(({ name, files: packed }) => packed.map(({ path }) => installed(join(name, path))));
    expect(files.filter((path) => readFileSync(path).includes(ROOT))).toEqual([]);
  });

  installs('every entry point of every package loads', async () => {
    const entries = tarballs.flatMap(({ name }) => entriesOf(name));
    expect(entries).toEqual(expect.arrayContaining(['nightshift', 'nightshift/sdk', 'nightshift/testing', '@nightshift/sdk/failpoint']));
    const program = `for (const entry of ${JSON.stringify(entries)}) await import(entry);
      const { createRequire } = await import('node:module');
      const { JobError } = await import('nightshift/sdk');
      const library = createRequire(process.cwd() + '/x.cjs')('nightshift');
      console.log(typeof library.createHost, library.JobError === JobError);`;
    expect(await verb('node', ['--input-type=module', '-e', program])).toMatchObject({ code: 0, stdout: 'function true\n', stderr: '' });
  });

  installs('a definition runs, of a job and of a scheduled job', async () => {
    define('Hello', 'type: BackgroundJob\njob: { command: [echo, hello] }\n');
    define('Nightly', 'type: ScheduledJob\njob: { command: [echo, good night] }\ntriggers:\n  - daily: { at: "03:00" }\n');
    expect(await verb('start-job', ['--definition-name', 'Hello', '--wait'])).toMatchObject({ code: 0, stdout: 'hello\n', stderr: '' });
    expect(await verb('start-job', ['--definition-name', 'Nightly', '--type', 'ScheduledJob', '--wait'])).toMatchObject({ code: 0, stdout: 'good night\n', stderr: '' });
  });

  installs('code runs: a thread job and a workflow', async () => {
    define('Flow', 'type: WorkflowJob\njob:\n  steps:\n    - { name: one, command: [echo, first] }\n');
    expect(await verb('start-job', ['--definition-name', 'Flow', '--wait'])).toMatchObject({ code: 0, stdout: 'first\n', stderr: '' });
    expect(await verb('start-thread-job', ['return 6 * 7', '--wait'])).toMatchObject({ code: 0, stdout: '42\n', stderr: '' });
  });

  if (SSHD !== undefined) installs('a command runs on another computer, started by a verb and by the library', async () => {
    using there = await startComputers();
    expect(await verb('invoke-command', ['--computer-name', '127.0.0.1', 'echo afar'], there)).toMatchObject({ code: 0, stdout: 'afar\n', stderr: '' });
    const program = `import { createHost } from 'nightshift';
      await using host = createHost();
      const { id } = await host.startJob({ what: { type: 'RemoteJob', spec: { computerName: ['127.0.0.1'], scriptBlock: 'echo from the library' } }, callerDirectory: process.cwd(), warn: console.error });
      const { jobs } = await host.waitJobs({ ids: [id] }, {});
      console.log(jobs.map(({ state }) => state).join());`;
    const run = await verb('node', ['--input-type=module', '-e', program], there);
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'Completed\n' });
  });

  installs('a plugin is made, named in the configuration, trusted and run', async () => {
    expect(await verb('nightshift', ['new', 'plugin', 'DiskWatch', '--language', 'ts'])).toMatchObject({ code: 0 });
    expect(await verb('start-job', ['--definition-name', 'DiskWatch'])).toMatchObject({ code: 5, stderr: expect.stringMatching(/PluginNotTrusted/) });
    expect(await verb('nightshift', ['trust'])).toMatchObject({ code: 0 });
    const run = await verb('start-job', ['--definition-name', 'DiskWatch', '--wait', '-o', 'jsonl']);
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('"usedPercent"') });
  });

  installs('a plugin of ours is named by its package, trusted and run', async () => {
    const server = createServer((_, response) => response.end('all is well')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      writeFileSync(join(place.work, 'nightshift.yaml'), "plugins: ['@nightshift/http-job']\n");
      expect(await verb('nightshift', ['trust'])).toMatchObject({ code: 0 });
      define('Health', `type: HttpJob\njob: { url: 'http://127.0.0.1:${(server.address() as AddressInfo).port}/', expect: { bodyIncludes: well } }\n`);
      const run = await verb('start-job', ['--definition-name', 'Health', '--wait']);
      expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'all is well\n' });
    } finally {
      server.close();
    }
  });

  installs('an example is copied', async () => {
    expect(await verb('nightshift', ['new', 'Mine', '--from', 'Hello'])).toMatchObject({ code: 0 });
    expect(await verb('start-job', ['--definition-name', 'Mine', '--wait'])).toMatchObject({ code: 0, stdout: 'hello from a definition\n' });
  });
});

/** All in one call, of what is built. */
function pack(folder: string): Tarball[] {
  mkdirSync(folder);
  const told = execFileSync('npm', ['pack', '--workspaces', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], env: npmEnvironment(), maxBuffer: 64 << 20 });
  // Of several packages newer versions of npm answer an object, by name.
  return Object.values(JSON.parse(told) as Record<string, Tarball>);
}

/** Answers why it was not possible if the packages of others cannot be had; throws for every other reason. */
async function install(files: readonly string[]): Promise<string | undefined> {
  const { code, stderr } = await place.run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=0', '--prefix', place.work, ...files], { env: npmEnvironment() });
  if (code === 0) return undefined;
  const [, reason] = /code (ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|E5\d\d)\b/.exec(stderr) ?? [];
  if (reason === undefined) throw new Error(`npm install ended with ${code}: ${stderr}`);
  return `neither npm's cache nor a registry has the packages that Nightshift needs (${reason})`;
}

/** npm as its user has set it up, whose cache may hold all that is needed; without what an `npm test` around this has said of its own folder. */
function npmEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(?:cache|userconfig|registry)$)/i.test(name)) as [string, string][];
  return { ...Object.fromEntries(own), npm_config_update_notifier: 'false' };
}

/** Only what is installed there can be found. */
/** `there`: computers that ssh is to reach. */
function verb(program: string, args: string[], there?: Computers): Promise<Ended> {
  const path = [...(there === undefined ? [] : [join(there.folder, 'bin')]), installed('.bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
  const options: RunOptions = { env: { PATH: path, NODE_COMPILE_CACHE: undefined, ...(there === undefined ? {} : { XDG_RUNTIME_DIR: join(there.folder, 'run') }) } };
  return place.run('/usr/bin/env', [program, ...args], options);
}

function define(name: string, text: string): void {
  mkdirSync(join(place.work, 'definitions'), { recursive: true });
  writeFileSync(join(place.work, `definitions/${name}.yaml`), text);
}

/** As others import them. */
function entriesOf(name: string): string[] {
  return Object.keys(manifestOf(name).exports).filter((path) => !path.endsWith('.json')).map((path) => name + path.slice(1));
}
