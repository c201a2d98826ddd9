import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHost } from '../src/create-host.ts';
import { temporaryFolder } from './folder.ts';

function place() {
  const root = temporaryFolder();
  const state = join(root, 'state');
  const environment = { PATH: process.env['PATH'] as string, NIGHTSHIFT_STATE_DIR: state, FOLDER: `${root}/` };
  return { root, state, host: () => createHost({ environment }) };
}

/** One finished job in the given store. */
async function runJob({ root, host }: ReturnType<typeof place>, persist: boolean): Promise<void> {
  await using one = host();
  const job = await one.startJob({ what: { type: 'BackgroundJob', spec: { command: ['echo', 'kept'] } }, callerDirectory: root, persist, warn: () => {} });
  await one.waitJobs({ ids: [job.id] }, {});
}

test('a fresh machine is well', async () => {
  const { state, host } = place();
  await using one = host();
  mkdirSync(state, { mode: 0o700 });
  const findings = await (await one.doctor()).examine();
  expect(findings.every(({ ok }) => ok)).toBe(true);
  expect(findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['Node', 'state folder', 'session store', 'durable store']));
});

test('a machine on which nothing was ever kept can be examined', async () => {
  const { host } = place();
  await using one = host();
  expect((await (await one.doctor()).examine()).every(({ ok }) => ok)).toBe(true);
});

test('a state folder that others may read is told, with the command that mends it', async () => {
  const { state, host } = place();
  await using one = host();
  mkdirSync(state);
  chmodSync(state, 0o755);
  expect(await (await one.doctor()).examine()).toContainEqual({ subject: 'state folder', ok: false, text: `${state}, mode 0755`, fix: `chmod 700 '${state}'` });
});

test('a damaged index is told; it is kept beside the new one, and the jobs come back', async () => {
  const here = place();
  await runJob(here, true);
  for (const name of readdirSync(here.state).filter((one) => /^jobs\.db-/.test(one))) rmSync(join(here.state, name));
  writeFileSync(join(here.state, 'jobs.db'), 'no database');
  await using one = here.host();
  const doctor = await one.doctor();
  expect((await doctor.examine()).find(({ subject }) => subject === 'durable store')).toMatchObject({ ok: false, text: expect.stringContaining('StoreUnavailable'), fix: 'nightshift doctor --repair' });
  const repaired = (await doctor.repair()).find(({ subject }) => subject === 'durable store');
  expect(repaired).toMatchObject({ ok: true, text: expect.stringContaining('1 job brought back') });
  expect(readdirSync(here.state).some((name) => name.startsWith('jobs.db.corrupt-'))).toBe(true);
  await using again = here.host();
  expect((await again.getJobs({})).jobs).toMatchObject([{ id: 1, state: 'Completed', exitCode: 0 }]);
});

test('a lost index is told as folders without a row', async () => {
  const here = place();
  await runJob(here, true);
  for (const name of readdirSync(here.state).filter((one) => /^jobs\.db/.test(one))) rmSync(join(here.state, name));
  await using one = here.host();
  const doctor = await one.doctor();
  expect((await doctor.examine()).find(({ subject }) => subject === 'durable store')).toMatchObject({ ok: false, text: expect.stringContaining('1 run folder not in the index') });
  await doctor.repair();
  expect((await doctor.examine()).find(({ subject }) => subject === 'durable store')).toMatchObject({ ok: true });
});

test('examining changes nothing', async () => {
  const here = place();
  await runJob(here, false);
  await using one = here.host();
  const doctor = await one.doctor();
  const first = await doctor.examine();
  expect(await doctor.examine()).toEqual(first);
  expect(first.find(({ subject }) => subject === 'session store')).toMatchObject({ ok: true });
});
