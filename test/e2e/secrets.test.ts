// Secrets of a definition: resolved by whoever starts an attempt, handed to that attempt alone, and written down nowhere.

import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostPid } from './code-place.ts';
import { contentOf, filesHolding, newPlace, waitFor, type Place } from './product.ts';

const ANY = `const spec = { '~standard': { version: 1, vendor: 't', validate: (value) => ({ value }) } };`;

/** A command type and a code type of somebody else. The code type tells what it sees of its secret, and waits for a file. */
const VAULT = `import { existsSync } from 'node:fs'; import { spawnSync } from 'node:child_process';
${ANY}
const program = { name: 'KeyJob', description: 'Has a key.', runs: 'command', capabilities: { persist: true }, spec, command: ({ spec }) => ({ argv: ['sh', '-c', 'echo key $(printf %s "$KEY" | wc -c); echo saw > saw'], secrets: { KEY: spec.key } }) };
const code = { name: 'VaultJob', description: 'Has secrets.', runs: 'code', capabilities: { suspend: true, persist: true }, spec,
  foresee: ({ spec, workingDirectory }) => ({ command: 'vault in ' + workingDirectory.split('/').at(-1), secrets: spec.secrets }),
  async prepare(context) {
    return { async start() {
      const { stdout } = spawnSync('sh', ['-c', 'echo [$TOKEN]; if [ -e /proc/self/fd/4 ]; then echo open; fi'], { encoding: 'utf8' });
      await context.checkpoint({ been: true });
      await context.streams.output.write({ told: Object.entries(context.secrets).map(([name, value]) => [name, value.length]), inProcess: process.env.TOKEN ?? null, inContext: context.environment.TOKEN ?? null, restored: context.restored ?? null, child: stdout.trim() });
      while (!existsSync('go')) await context.clock.sleep(20);
      return { state: 'Completed' };
    }, async suspend() {}, async resume() {}, async [Symbol.asyncDispose]() {} };
  } };
export default { name: 'vault', version: '1.0.0', apiVersion: 1, jobTypes: [program, code] };
`;

/** A project with these definitions, and maybe that plugin. */
async function project(definitions: Readonly<Record<string, string>>, plugin?: string): Promise<Place & { readonly put: (path: string, text: string, mode?: number) => void }> {
  const place = newPlace();
  const put = (path: string, text: string, mode = 0o600): void => {
    mkdirSync(dirname(join(place.work, path)), { recursive: true });
    writeFileSync(join(place.work, path), text);
    chmodSync(join(place.work, path), mode);
  };
  put('package.json', '{}');
  if (plugin !== undefined) {
    put('nightshift.yaml', 'plugins: [./vault]\n');
    put('vault/package.json', '{ "name": "vault", "version": "1.0.0", "type": "module", "main": "index.js" }');
    put('vault/index.js', plugin);
    await place.stdoutOf('nightshift', 'trust');
  }
  for (const [name, text] of Object.entries(definitions)) put(`definitions/${name}.yaml`, text);
  return { ...place, put };
}

/** Files below the state folder, and command lines of living processes, that hold a text. */
function traces({ state }: Place, text: string): readonly string[] {
  const lines = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && contentOf(`/proc/${pid}/cmdline`).includes(text));
  return [...filesHolding(text, state), ...lines];
}

const output = async (place: Place, id: number): Promise<readonly Record<string, unknown>[]> =>
  (await place.stdoutOf('receive-job', String(id), '--from', 'start', '-o', 'jsonl')).split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { value: Record<string, unknown> }).value);

describe('a command', () => {
  const SHOWS = `job:\n  scriptBlock: 'printf %s "$TOKEN:$KEY" | sed "s/./&,/g"; while [ ! -e go ]; do sleep 0.05; done'\n  secrets: { TOKEN: env:REPORT_TOKEN, KEY: file:../keys/report }\n`;

  test('has its secrets as variables: of whoever starts it, and of a file as its definition sees it', async () => {
    const place = await project({ Shows: SHOWS });
    place.put('keys/report', 'canary-of-a-file\n');
    const { stdout } = await place.run('start-job', ['--definition-name', 'Shows', '-o', 'id'], { env: { REPORT_TOKEN: 'canary-of-a-variable' } });
    expect(traces(place, 'canary-of-a-variable')).toEqual([]);
    expect(traces(place, 'canary-of-a-file')).toEqual([]);
    place.put('definitions/go', '');
    expect(await place.finished(Number(stdout))).toMatchObject({ state: 'Completed' });
    expect(await place.stdoutOf('receive-job', stdout.trim())).toBe(Array.from('canary-of-a-variable:canary-of-a-file', (letter) => `${letter},`).join(''));
    expect(JSON.stringify(await place.jobs())).not.toContain('canary');
  });

  test.each([
    ['a variable is not there', 'env:NOWHERE', 'DefinitionValueInvalid: the secret TOKEN: env:NOWHERE is empty or not there', 3],
    ['a file is not there', 'file:nowhere', 'FilePathNotFound: the secret TOKEN: there is no file', 4],
    ['a file can be written by everybody', 'file:open', 'DefinitionUnsafe: the secret TOKEN: ', 5],
    ['a file is a folder', 'file:.', 'DefinitionUnsafe: the secret TOKEN: ', 5],
    ['a file is empty', 'file:empty', 'is empty or not there', 3],
    ['a file is no text', 'file:bytes', 'is not UTF-8', 3],
    ['a file is larger than any secret', 'file:large', 'at most 65536 are handed over', 3],
    ['a reference is of another kind', 'keyring:token', '"secrets.TOKEN" is a reference of the kind keyring:, which this version does not resolve', 3],
  ])('is no job where %s, and the line says which', async (_, reference, message, code) => {
    const place = await project({ Needs: `job:\n  command: ["true"]\n  secrets:\n    TOKEN: ${reference}\n` });
    place.put('definitions/open', 'canary\n', 0o606);
    place.put('definitions/empty', '\n');
    writeFileSync(join(place.work, 'definitions/bytes'), Buffer.from([0x63, 0xff, 0xfe]), { mode: 0o600 });
    place.put('definitions/large', 'canary'.repeat(20_000));
    for (const more of [[], ['--what-if']]) {
      const ended = await place.run('start-job', ['--definition-name', 'Needs', ...more]);
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).toMatch(/definitions\/Needs\.yaml:[34]:\d/);
      expect(ended.stderr).not.toContain('canary');
    }
    expect(await place.jobs('--all')).toEqual([]);
  });

  test('of a name that would be lost or seen by others is refused', async () => {
    const place = await project(Object.fromEntries(['IFS', 'NIGHTSHIFT_JOB_ID', 'BASH_FUNC_ls'].map((name, index) => [`N${index}`, `job: { command: ["true"], secrets: { ${name}: env:HOME } }\n`])));
    for (const index of [0, 1, 2]) expect((await place.run('start-job', ['--definition-name', `N${index}`])).stderr).toContain('cannot be the name of a secret');
  });
});

describe('a job type of a plugin', () => {
  test('that describes a command names secrets, and the program has them', async () => {
    const place = await project({ Key: 'type: KeyJob\njob: { key: file:key }\n' }, VAULT);
    const missing = await place.run('start-job', ['--definition-name', 'Key']);
    expect(missing).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('FilePathNotFound: the secret KEY: there is no file') });
    place.put('definitions/key', 'canary-0123\n');
    expect(await place.run('start-job', ['--definition-name', 'Key', '--wait'])).toMatchObject({ code: 0, stdout: 'key 11\n' });
    expect(traces(place, 'canary-0123')).toEqual([]);
  });

  test('that runs code is told them, and nothing that it starts sees them; a new host of it is told the values of then', async () => {
    const place = await project({ Vault: 'type: VaultJob\njob: { secrets: { TOKEN: env:VAULT_TOKEN, KEY: file:key } }\n' }, VAULT);
    place.put('definitions/key', 'k\n');
    // A caller's own variable of that name is another thing.
    const missing = await place.run('start-job', ['--definition-name', 'Vault']);
    expect(missing).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('env:VAULT_TOKEN is empty or not there (definitions/Vault.yaml:2:') });
    // Only its host hears of what lies in a file, so that the variable of the caller does not count.
    place.put('definitions/first', 'canary-1\n');
    place.put('definitions/Vault.yaml', 'type: VaultJob\njob: { secrets: { TOKEN: file:first, KEY: file:key } }\n');
    const id = await place.start('--definition-name', 'Vault');
    await waitFor('it has told', () => output(place, id), (told) => told.length === 1);
    expect(await output(place, id)).toEqual([{ told: [['TOKEN', 8], ['KEY', 1]], inProcess: null, inContext: null, restored: null, child: '[]' }]);
    expect(await place.job(id)).toMatchObject({ type: 'VaultJob', command: 'vault in definitions' });
    expect(traces(place, 'canary-1')).toEqual([]);
    process.kill(hostPid(place, await place.job(id)), 'SIGKILL');
    await waitFor('it is Suspended', () => place.job(id), ({ state }) => state === 'Suspended');
    place.put('definitions/first', 'canary-number-2\n');
    await place.stdoutOf('resume-job', String(id));
    expect((await waitFor('it has told again', () => output(place, id), (told) => told.length === 2))[1]).toMatchObject({ told: [['TOKEN', 15], ['KEY', 1]], restored: { been: true } });
    place.put('definitions/go', '');
    expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
    for (const text of ['canary-1', 'canary-number-2']) expect(traces(place, text)).toEqual([]);
  });

  test('whose secret is gone when it is to be resumed stays as it is, and the reason is told', async () => {
    const place = await project({ Vault: 'type: VaultJob\njob: { secrets: { TOKEN: file:token } }\n' }, VAULT);
    place.put('definitions/token', 'canary\n');
    const id = await place.start('--definition-name', 'Vault');
    await waitFor('it has told', () => output(place, id), (told) => told.length === 1);
    process.kill(hostPid(place, await place.job(id)), 'SIGKILL');
    await waitFor('it is Suspended', () => place.job(id), ({ state }) => state === 'Suspended');
    place.put('definitions/token', 'canary\n', 0o666);
    const refused = await place.run('resume-job', [String(id)]);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/could not be resumed: DefinitionUnsafe: the secret TOKEN: .* can be written by everybody/);
    expect(await place.job(id)).toMatchObject({ state: 'Suspended' });
    place.put('definitions/token', 'canary\n');
    place.put('definitions/go', '');
    await place.stdoutOf('resume-job', String(id));
    expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
  });
});

describe('output', () => {
  const SPEAKS = `job:\n  scriptBlock: 'printf "%s\\n" "a $TOKEN b" "$(printf %s "x$TOKEN" | base64)"; printf "%s\\n" "$KEY" >&2; echo "::warning::$TOKEN"; exit 3'\n  secrets: { TOKEN: env:REPORT_TOKEN, KEY: file:key }\n`;

  test('is shown without the secrets of the job, wherever it is printed; the bytes stay as they are', async () => {
    const place = await project({ Speaks: SPEAKS });
    place.put('definitions/key', 'first line\nsecond line\n');
    const env = { REPORT_TOKEN: 'canary-0123' };
    const [told, first] = [await place.run('start-job', ['--definition-name', 'Speaks', '--wait'], { env }), await place.job(1)];
    expect(told.code).toBe(3);
    expect(first).toMatchObject({ state: 'Failed', exitCode: 3 });
    for (const options of [[], ['-o', 'jsonl'], ['--tail', '9'], ['--keep', '--follow']]) {
      const { stdout, stderr } = await place.run('receive-job', ['1', '--from', 'start', ...options], { env });
      expect(stdout).toContain('a *** b');
      for (const text of ['canary-0123', 'YW5hcnktMDEy', 'first line', 'second line']) expect(told.stdout + told.stderr + stdout + stderr).not.toContain(text);
    }
    expect(told.stderr.split('\n').toSorted()).toEqual(['', '***', '***', 'WARNING: ***', 'the command exited with code 3']);
    const raw = await place.run('receive-job', ['1', '--raw', '--from', 'start'], { env });
    expect(raw.stdout).toContain('a canary-0123 b');
    expect(traces(place, 'canary-0123')).toEqual([expect.stringMatching(/\/1\/stdout$/)]);
  });

  test('of a job whose secrets are not to be had any more is shown as it is', async () => {
    const place = await project({ Speaks: SPEAKS });
    place.put('definitions/key', 'first line\nsecond line\n');
    await place.run('start-job', ['--definition-name', 'Speaks'], { env: { REPORT_TOKEN: 'canary-0123' } });
    await place.finished(1);
    const { stdout, stderr } = await place.run('receive-job', ['1']);
    expect(stdout).toContain('a canary-0123 b');
    expect(stderr).not.toContain('first line');
  });

  test('that a plugin makes of its failure holds none, nor does the store', async () => {
    const place = await project({ Vault: 'type: VaultJob\njob: { secrets: { TOKEN: file:token } }\n' }, VAULT.replace(`await context.checkpoint({ been: true });`, `throw Object.assign(new Error('no entry with ' + context.secrets.TOKEN), { code: context.secrets.TOKEN });`));
    place.put('definitions/token', 'canary-0123\n');
    const ended = await place.run('start-job', ['--definition-name', 'Vault', '--wait']);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain('no entry with ***');
    expect(await place.job(1)).toMatchObject({ state: 'Failed', statusMessage: 'no entry with ***' });
    expect(traces(place, 'canary-0123')).toEqual([]);
  });
});

describe('a scheduler', () => {
  const begin = (place: Place, env: Record<string, string>) => place.begin('nightshift', ['scheduler', 'run'], { env: { NIGHTSHIFT_MIN_FREE: '0', ...env } });
  const soon = (more = ''): string => `triggers: [{ every: 500ms }]\noptions: { startIfOnBatteries: true${more} }\n`;

  test('gives the steps of a workflow the secrets that only it has, and them alone', async () => {
    const step = (name: string): string => `{ name: ${name}, command: [sh, -c, 'printf %s "\${TOKEN:-none}" | wc -c; env | grep -c OTHER'], secrets: { TOKEN: env:REPORT_TOKEN }, successExitCodes: [0, 1] }`;
    const place = await project({ Chain: `job: { type: WorkflowJob, steps: [${step('one')}, { name: two, type: WorkflowJob, needs: [one], steps: [${step('deep')}] }, { name: three, needs: [two], command: [sh, -c, 'echo "[$TOKEN$REPORT_TOKEN]"'] }] }\n${soon()}` });
    begin(place, { REPORT_TOKEN: 'canary-0123', OTHER: 'x' });
    const [job] = await waitFor('it has ended', () => place.jobs('--name', 'Chain*'), ([first]) => typeof first?.endTime === 'string');
    expect(job).toMatchObject({ state: 'Completed' });
    expect((await place.stdoutOf('receive-job', String(job?.id))).split('\n').toSorted()).toEqual(['', '0', '0', '11', '11', '[]']);
    expect(traces(place, 'canary-0123')).toEqual([]);
  });

  test('reads them anew for each attempt; what is missing then fails the attempt, not the definition', async () => {
    const place = await project({});
    place.put('definitions/Retried.yaml', `job: { scriptBlock: 'printf %s "$KEY" | wc -c; exit $(( $(printf %s "$KEY" | wc -c) != 11 ))', secrets: { KEY: file:key } }\n${soon(', retry: { limit: 50, delay: 200ms }')}`);
    begin(place, {});
    const attempts = async () => (await place.jobs('--name', 'Retried*'))[0]?.attempt ?? 0;
    await waitFor('two attempts have failed', attempts, (count) => count > 2);
    place.put('definitions/key', 'short\n');
    await waitFor('it has read it', () => place.stdoutOf('receive-job', '--name', 'Retried*', '--keep', '--from', 'start').catch(() => ''), (said) => said.includes('5'));
    place.put('definitions/key', 'canary-0123\n');
    const [job] = await waitFor('it has ended', () => place.jobs('--name', 'Retried*', '--include-attempts'), ([first]) => typeof first?.endTime === 'string');
    expect(job).toMatchObject({ state: 'Completed' });
    const [first] = (job as unknown as { attempts: { reason: string; statusMessage: string }[] }).attempts;
    expect(first).toMatchObject({ reason: 'spawn', statusMessage: expect.stringMatching(/^FilePathNotFound: the secret KEY: there is no file/) });
    expect(traces(place, 'canary-0123')).toEqual([]);
  });
});
