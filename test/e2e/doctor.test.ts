import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace, type Place } from './product.ts';

interface Finding { subject: string; state: 'ok' | 'warning' | 'bad'; ok: boolean; text: string; fix: string | null }

async function findings(place: Place, env: Record<string, string | undefined> = {}): Promise<readonly Finding[]> {
  const { code, stdout, stderr } = await place.run('nightshift', ['doctor', '-o', 'json'], { env });
  const report = JSON.parse(stdout || JSON.stringify({ stderr })) as { apiVersion: number; findings: readonly Finding[] };
  expect(report.apiVersion).toBe(1);
  expect(code).toBe(report.findings.every(({ ok }) => ok) ? 0 : 1);
  return report.findings;
}

const everythingIn = (folder: string): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

test('a fresh machine is well, and examining it leaves nothing behind', async () => {
  const place = newPlace();
  const before = everythingIn(place.root);
  const { code, stdout, stderr } = await place.run('nightshift', ['doctor']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok {7}Node {12}v\d+/);
  expect(stderr).toBe('');
  expect(everythingIn(place.root)).toEqual(before);
});

test('every line fits into 80 columns, but for what is to be typed and paths that are longer', async () => {
  const place = newPlace();
  mkdirSync(place.state, { mode: 0o755 });
  chmodSync(place.state, 0o755);
  writeFileSync(join(place.work, 'nightshift.yaml'), 'bogus: 1\nhooks: { onFailure: [] }\n');
  const { code, stdout } = await place.run('nightshift', ['doctor']);
  expect(code).toBe(1);
  expect(stdout).toContain(`bad      state folder    ${place.state}, mode 0755\n`);
  expect(stdout).toContain(`fix: chmod 700 ${place.state}\n`);
  const tooLong = stdout.split('\n').filter((line) => line.length > 80 && !/^ +(?:fix: |\S+$)/.test(line));
  expect(tooLong).toEqual([]);
});

describe('whatever is found, the examination goes to its end', () => {
  const strange: readonly (readonly [string, (place: Place) => Record<string, string | undefined> | void])[] = [
    ['a store of garbage', (place) => {
      mkdirSync(place.state, { mode: 0o700 });
      for (const name of ['jobs.db', 'ids.db', 'jobs.db-wal', 'ids.db-shm']) writeFileSync(join(place.state, name), 'garbage '.repeat(1_000));
    }],
    ['folders where files belong', (place) => {
      for (const name of ['jobs.db', 'ids.db', 'cache', 'session', 'output/_/x/job.json']) mkdirSync(join(place.state, name), { recursive: true, mode: 0o700 });
    }],
    ['files where folders belong', (place) => {
      mkdirSync(place.state, { mode: 0o700 });
      for (const name of ['session', 'cache', 'output']) writeFileSync(join(place.state, name), '');
    }],
    ['a state folder that is a link to itself', (place) => symlinkSync(place.state, place.state)],
    ['a state folder below a file', (place) => {
      writeFileSync(place.state, '');
      return { NIGHTSHIFT_STATE_DIR: join(place.state, 'below', 'it') };
    }],
    ['a state folder that cannot be', () => ({ NIGHTSHIFT_STATE_DIR: `/${'x'.repeat(300)}` })],
    ['a runtime folder in the system', () => ({ NIGHTSHIFT_RUNTIME_DIR: '/dev/null' })],
    ['a configuration of zeros', (place) => writeFileSync(join(place.work, 'nightshift.yaml'), Buffer.alloc(1_000))],
    ['a configuration that is a device', (place) => symlinkSync('/dev/zero', join(place.work, 'nightshift.yaml'))],
    ['a configuration of the user that is a folder', (place) => void mkdirSync(join(place.home, '.config/nightshift/config.yaml'), { recursive: true })],
    ['definitions that are a file', (place) => writeFileSync(join(place.work, 'definitions'), '')],
    ['strange variables', () => ({ TZ: '../../etc/passwd', PATH: `${process.env['PATH']}::.`, NIGHTSHIFT_CONFIG: '/dev/null', NIGHTSHIFT_MIN_FREE: '-1', LANG: 'tr_TR.UTF-8' })],
  ];
  test.each(strange)('%s', async (_, make) => {
    const place = newPlace();
    const env = make(place) ?? {};
    // The product itself is found by PATH.
    if (env['PATH'] !== undefined) env['PATH'] = `${place.env['PATH']}${env['PATH'].slice(-3)}`;
    const found = await findings(place, env);
    expect(found.at(-1)?.subject).toBe('logout');
    expect(found.filter(({ state, fix }) => (state === 'ok') !== (fix === null))).toEqual([]);
    expect(found.some(({ state }) => state !== 'ok')).toBe(true);
  });

  test('a home that is a file: that of the account is used', async () => {
    const place = newPlace();
    writeFileSync(join(place.root, 'file'), '');
    expect((await findings(place, { HOME: join(place.root, 'file') })).at(-1)?.subject).toBe('logout');
  });

  test('a current folder that is gone', async () => {
    const place = newPlace();
    const { code, stdout } = await place.run('sh', ['-c', 'mkdir gone; cd gone; rmdir ../gone; nightshift doctor -o json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ subject: 'configuration', state: 'bad', fix: 'cd' })]) });
  });
});

test('jobs are counted, and the umask of the caller is told, not ours', async () => {
  const place = newPlace();
  await place.stdoutOf('start-job', '--wait', '--', 'true');
  await place.stdoutOf('start-job', '--wait', '--persist', '--', 'true');
  const { stdout } = await place.run('sh', ['-c', 'umask 002; nightshift doctor -o json']);
  const found = (JSON.parse(stdout) as { findings: Finding[] }).findings;
  const textOf = (subject: string): string | undefined => found.find((finding) => finding.subject === subject)?.text;
  expect([textOf('umask'), textOf('session store'), textOf('durable store')]).toEqual(['0002', expect.stringContaining('2 rows'), expect.stringContaining('2 rows')]);
});

test('what is told to be typed mends it', async () => {
  const place = newPlace();
  mkdirSync(place.state);
  chmodSync(place.state, 0o750);
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'nightshift.yaml'), 'definitionPath: jobs\nsafeOwners: [7]\n');
  chmodSync(join(place.work, 'nightshift.yaml'), 0o646);
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const [wrong] = (await findings(place)).filter(({ ok }) => !ok);
    if (wrong === undefined) break;
    expect(await place.run('sh', ['-c', wrong.fix as string]), wrong.fix as string).toMatchObject({ code: 0 });
  }
  expect((await findings(place)).filter(({ ok }) => !ok)).toEqual([]);
  expect(existsSync(join(place.work, 'jobs'))).toBe(true);
});

test('mending is told in the same form, and a store that cannot be mended is no reason to stop', async () => {
  const place = newPlace();
  await place.stdoutOf('start-job', '--wait', '--persist', '--', 'true');
  writeFileSync(join(place.state, 'ids.db'), 'garbage');
  const { code, stdout } = await place.run('nightshift', ['doctor', '--repair', '-o', 'json']);
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as { findings: Finding[] }).findings.map(({ subject, state, fix }) => [subject, state, fix])).toEqual([['id counter', 'ok', null], ['session store', 'ok', null], ['durable store', 'ok', null]]);
});
