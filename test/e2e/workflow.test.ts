// Workflows as a person uses them; what their plugin decides is tested there, and what a crash does to them in test/crash.

import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { hostPid } from './code-place.ts';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

function newWorkflows(definitions: Readonly<Record<string, string>>) {
  const place = newPlace();
  const folder = join(place.work, 'definitions');
  mkdirSync(folder);
  for (const [name, text] of Object.entries(definitions)) writeFileSync(join(folder, `${name}.yaml`), text);
  const file = (name: string) => join(folder, name);
  const start = (name: string, ...options: string[]) => place.start('--definition-name', name, ...options);
  const inState = (id: number, state: string) => waitFor(`job ${id} is ${state}`, () => place.job(id), (job) => job.state === state);
  /** Everything below a job, as `name state`. */
  const steps = async (id: number) => (await place.jobs(String(id), '--include-child-job')).slice(1).map(({ name, state, reason }) => `${name} ${state}${reason === null ? '' : ` ${reason}`}`);
  return { ...place, file, start, inState, steps, content: (name: string) => contentOf(file(name)) };
}

const workflow = (steps: string, more = '') => `type: WorkflowJob\njob:\n${more}  steps:\n${steps.split('\n').map((line) => `    ${line}`).join('\n')}\n`;

test('a step that fails is tried again, each try a job whose output can be received, and one that takes too long is ended', async () => {
  const place = newWorkflows({
    Release: workflow('- { name: flaky, scriptBlock: "echo try >> tries; echo try $(wc -l < tries); test $(wc -l < tries) -gt 1", retry: { limit: 2, delay: 10ms } }\n- { name: slow, command: [sleep, "600"], timeout: 100ms }'),
  });
  const id = await place.start('Release');
  expect(await place.finished(id)).toMatchObject({ state: 'Failed', statusMessage: 'step "slow" failed: the command ran longer than 100ms' });
  expect(await place.steps(id)).toEqual(['flaky Failed exit', 'flaky Completed', 'slow Failed timeout']);
  const { stdout, stderr } = await place.run('receive-job', [String(id)]);
  expect(stdout).toBe('try 1\ntry 2\n');
  expect(stderr).toContain('WARNING: step "flaky": try 1 of 3 failed: the command exited with code 1\n');
});

test('a step may be a workflow itself; its steps stand below it, have the variables of its own needs, and are received', async () => {
  const place = newWorkflows({
    Release: workflow('- { name: version, scriptBlock: "echo V=7 >> $NIGHTSHIFT_CHECKPOINT" }\n- name: checks\n  type: WorkflowJob\n  steps:\n    - { name: lint, scriptBlock: "echo lint $V" }\n    - { name: test, scriptBlock: "echo test $V" }'),
  });
  const id = await place.start('Release');
  expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
  expect(await place.stdoutOf('receive-job', String(id))).toBe('lint 7\ntest 7\n');
  const names = (await place.stdoutOf('get-job', String(id), '--tree')).split('\n').slice(1, -1).map((line) => line.slice(4).split(/ {2,}[A-Z]\w+Job/)[0]?.trimEnd());
  expect(names).toEqual(['Release', '├ version', '└ checks ← version', '  ├ lint', '  └ test ← lint']);
});

describe('a workflow in a workflow that is cut off goes on behind its own last checkpoint', () => {
  const NESTED = workflow('- name: inner\n  type: WorkflowJob\n  steps:\n    - { name: x, scriptBlock: echo x >> log }\n    - { name: y, scriptBlock: "echo y >> log; until [ -e go ]; do sleep 0.05; done" }\n    - { name: z, scriptBlock: echo z >> log }\n- { name: last, scriptBlock: echo last >> log }');
  async function nested() {
    const place = newWorkflows({ Release: NESTED });
    const id = await place.start('Release');
    await waitFor('y runs', () => place.content('log'), (log) => log.includes('y'));
    const inner = id + 1;
    const end = async () => {
      writeFileSync(place.file('go'), '');
      expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
      return { log: place.content('log').split('\n'), steps: await place.steps(id) };
    };
    return { ...place, id, inner, end };
  }

  test('when the hosts of both have died; what still runs is adopted', async () => {
    const place = await nested();
    for (const one of [place.id, place.inner]) process.kill(hostPid(place, await place.job(one)), 'SIGKILL');
    await place.inState(place.id, 'Suspended');
    expect(await place.job(place.inner)).toMatchObject({ state: 'Suspended', reason: 'interrupted' });
    await place.stdoutOf('resume-job', String(place.id));
    expect(await place.end()).toEqual({ log: ['x', 'y', 'z', 'last'], steps: ['inner Completed', 'x Completed', 'y Completed', 'z Completed', 'last Completed'] });
  });

  test('when its own host alone has died: its parent takes it up', async () => {
    const place = await nested();
    process.kill(hostPid(place, await place.job(place.inner)), 'SIGKILL');
    expect(await place.end()).toMatchObject({ log: ['x', 'y', 'z', 'last'] });
  });

  test('when its parent is suspended by force', async () => {
    const place = await nested();
    await place.stdoutOf('suspend-job', String(place.id), '--force');
    expect((await place.steps(place.id)).toSorted()).toEqual(['inner Suspended interrupted', 'x Completed', 'y Stopped stopped']);
    await place.stdoutOf('resume-job', String(place.id));
    expect(await place.end()).toMatchObject({ log: ['x', 'y', 'y', 'z', 'last'] });
  });
});

test('a workflow in a workflow that cannot be taken up leaves nothing running when its host dies', async () => {
  const place = newWorkflows({ Release: workflow('- name: inner\n  type: WorkflowJob\n  steps:\n    - { name: y, scriptBlock: "echo $$ > y; exec sleep 600" }', '  checkpoint: false\n') });
  const id = await place.start('Release');
  const pid = Number(await waitFor('y runs', () => place.content('y')));
  process.kill(hostPid(place, await place.job(id + 1)), 'SIGKILL');
  expect(await place.finished(id)).toMatchObject({ state: 'Failed' });
  expect(isAlive(pid)).toBe(false);
  expect(await place.steps(id)).toEqual(['inner Failed interrupted', 'y Stopped stopped']);
});

test('a step may suspend its own job: it ends first, and the job goes on behind it', async () => {
  const place = newWorkflows({ Release: workflow('- { name: ask, scriptBlock: "suspend-job -o id $NIGHTSHIFT_PARENT_JOB_ID; echo asked" }\n- { name: go, scriptBlock: echo gone }') });
  const id = await place.start('Release');
  await place.inState(id, 'Suspended');
  expect(await place.steps(id)).toEqual(['ask Completed']);
  await place.stdoutOf('resume-job', String(id));
  expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
  expect(await place.stdoutOf('receive-job', String(id))).toBe(`${id}\nasked\ngone\n`);
});

test('a stop ends every step that runs, a removal takes all of them away', async () => {
  const place = newWorkflows({ Release: workflow('- { name: a, scriptBlock: "echo $$ > a; exec sleep 600" }\n- { name: b, needs: [], scriptBlock: "echo $$ > b; exec sleep 600" }\n- { name: c, scriptBlock: echo never }') });
  const id = await place.start('Release');
  const pids = [await waitFor('a runs', () => place.content('a')), await waitFor('b runs', () => place.content('b'))].map(Number);
  await place.stdoutOf('stop-job', String(id));
  expect(pids.filter(isAlive)).toEqual([]);
  expect(await place.job(id)).toMatchObject({ state: 'Stopped', reason: 'stopped' });
  expect(await place.steps(id)).toEqual(['a Stopped stopped', 'b Stopped stopped']);
  await place.stdoutOf('remove-job', String(id));
  expect(await place.jobs('--all', '--include-child-job')).toEqual([]);
  expect(globSync('**/job.json', { cwd: place.state })).toEqual([]);
});

test('a step that somebody stops by itself keeps what needs it from running', async () => {
  const place = newWorkflows({ Release: workflow('- { name: a, scriptBlock: "echo 1 > a; exec sleep 600" }\n- { name: b, scriptBlock: echo never }') });
  const id = await place.start('Release');
  await waitFor('a runs', () => place.content('a'));
  await place.stdoutOf('stop-job', String(id + 1));
  expect(await place.finished(id)).toMatchObject({ state: 'Failed', statusMessage: 'step "b" could not run: it needs step "a", which was stopped' });
  expect(await place.steps(id)).toEqual(['a Stopped stopped', 'b Failed dependency']);
});

test('a scheduled job may run a workflow: its steps stand below it, and it is suspended and resumed by either id', async () => {
  const place = newWorkflows({ Nightly: 'type: ScheduledJob\njob:\n  type: WorkflowJob\n  steps:\n    - scriptBlock: echo one\n    - suspend: true\n    - scriptBlock: echo two\ntriggers:\n  - daily: { at: "03:00" }\n' });
  const id = await place.start('Nightly');
  await place.inState(id, 'Suspended');
  expect(await place.job(id + 1)).toMatchObject({ type: 'WorkflowJob', state: 'Suspended' });
  await place.stdoutOf('resume-job', String(id));
  expect(await place.finished(id)).toMatchObject({ state: 'Completed' });
  expect(await place.stdoutOf('receive-job', String(id))).toBe('one\ntwo\n');
});

test('a kept workflow that a power cut has ended goes on after the boot: what was done is done, with its values; what ran begins again', async () => {
  const place = newWorkflows({ Release: workflow('- { name: a, scriptBlock: "echo a >> log; echo V=7 >> $NIGHTSHIFT_CHECKPOINT" }\n- { name: b, scriptBlock: "echo b $V >> log; until [ -e go ]; do sleep 0.05; done" }\n- { name: c, scriptBlock: "echo c $V >> log" }') });
  const id = await place.start('Release', '--persist');
  await waitFor('b runs', () => place.content('log'), (log) => log.includes('b 7'));
  const { instanceId } = await place.job(id);
  cutPower(place);
  writeFileSync(place.file('go'), '');
  expect(await place.job(id)).toMatchObject({ state: 'Suspended', reason: 'interrupted', instanceId });
  expect(await place.steps(id)).toEqual(['a Completed', 'b Failed interrupted']);
  await place.stdoutOf('resume-job', String(id));
  expect(await place.finished(id)).toMatchObject({ state: 'Completed', instanceId });
  expect(place.content('log')).toBe('a\nb 7\nb 7\nc 7');
  expect(await place.steps(id)).toEqual(['a Completed', 'b Failed interrupted', 'b Completed', 'c Completed']);
});

/** Every process of the place ends at once, and what they have written down is of a boot that is over. */
function cutPower(place: Place): void {
  const isOurs = (pid: string) => pid !== String(process.pid) && contentOf(`/proc/${pid}/environ`).includes(`${place.root}/`);
  for (let left = ['']; left.length > 0;) {
    left = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isAlive(Number(name)) && isOurs(name));
    for (const pid of left) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // it has gone by itself
      }
    }
  }
  const [boot, before] = [contentOf('/proc/sys/kernel/random/boot_id'), '00000000-0000-4000-8000-000000000000'];
  for (const name of globSync('**/{claim,host}', { cwd: place.state })) {
    const path = join(place.state, name);
    if (existsSync(path)) writeFileSync(path, readFileSync(path, 'utf8').replaceAll(boot, before));
  }
  using jobs = new DatabaseSync(join(place.state, 'jobs.db'), { timeout: 5_000 });
  jobs.prepare('UPDATE instance SET run = replace(run, ?, ?)').run(boot, before);
}
