// Jobs whose programs watch work that goes on elsewhere: its end, its output after every kind of loss, and its stop.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { JobView } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { isAlive, waitFor } from './product.ts';
import { newWatchPlace, type WatchPlace } from './watch-place.ts';

/** Prints a line for each of so many files that a test makes there, one after the other; then it ends. */
const lines = (count: number): string => `for n in $(seq ${count}); do while [ ! -e go$n ]; do sleep 0.05; done; echo line $n; done`;
const FOR_EVER = 'echo begun; sleep 600';

/** A line elsewhere, and its job says so. */
async function begun(place: WatchPlace, name: string): Promise<void> {
  await waitFor(`${name} is watched`, () => place.watchers(name).length > 0);
}

/** Has printed so many lines so far. */
async function delivered(place: WatchPlace, id: number, text: string): Promise<void> {
  const job = await waitFor(`job ${id} is there`, async () => (await place.host.getJobs({ ids: [id] })).jobs[0]);
  await waitFor(`${text} has come`, () => readIfThere(place.fileOf(job as JobView, 'stdout')).includes(text));
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Everybody here who watches a job is killed; then somebody looks. */
async function cutOff(place: WatchPlace, id: number, ...who: readonly ('host' | 'claim')[]): Promise<void> {
  const job = await place.job(id);
  for (const one of who) process.kill(await place.pidOf(job, one), 'SIGKILL');
  await place.inState(id, 'Disconnected');
}

describe('work that is watched', () => {
  test('ends as its watcher says: completed, by its exit code, by a signal', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: 'echo one; echo two >&2' }, { name: 'web2', text: 'echo three; exit 7' }, { name: 'web3', text: 'kill -TERM $(exec sh -c \'echo $PPID\')' }]);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'exit', statusMessage: 'the command exited with code 7', exitCode: 7, childJobs: [2, 3, 4] });
    expect((await place.jobs('1', '--include-child-job')).slice(1).map(({ name, location, state, reason, statusMessage, exitCode, signal }) => [name, location, state, reason, statusMessage, exitCode, signal])).toEqual([
      ['web1', 'web1', 'Completed', null, '', 0, null],
      ['web2', 'web2', 'Failed', 'exit', 'the command exited with code 7', 7, null],
      ['web3', 'web3', 'Failed', 'signal', 'the command was ended by signal SIGTERM', null, 'SIGTERM'],
    ]);
    expect(await place.stdoutOf('receive-job', '2')).toBe('one\n');
  });

  test('has the end that its watcher gives it: time, reason and message, also where it never began', async () => {
    const place = newWatchPlace();
    place.mark('web1', 'outcome', '{"state":"Failed","reason":"timeout","signal":"SIGKILL","at":"2999-01-01T00:00:00.000Z"}');
    place.mark('web2', 'outcome', '{"state":"Failed","reason":"spawn","statusMessage":"web2 could not be reached: no route","at":"2001-01-01T00:00:00Z","exitCode":null}');
    await place.watch([{ name: 'web1', text: 'echo one', timeout: 5_000 }, { name: 'web2', text: 'true' }]);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage: 'the command ran longer than 5s' });
    const [, one, two] = await place.jobs('1', '--include-child-job');
    expect(one).toMatchObject({ state: 'Failed', reason: 'timeout', statusMessage: 'the command ran longer than 5s', signal: 'SIGKILL', endTime: '2999-01-01T00:00:00.000Z' });
    expect(two).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'web2 could not be reached: no route', exitCode: null });
    expect(two?.endTime).toBe(two?.beginTime);
  });

  test('is shown with the same text as its parent, and knows its folder, its attempt and its parent', async () => {
    const place = newWatchPlace();
    const text = 'echo hello';
    await place.watch([{ name: 'web1', text, environment: { COLOUR: 'blue' }, command: { environment: { SHAPE: 'round' }, commandText: text } }]);
    await place.finished(1);
    const [job, child] = await place.jobs('1', '--include-child-job');
    expect([job?.command, child?.command, child?.type, child?.origin]).toEqual([text, text, 'WatchJob', { kind: 'parent', parentId: 1 }]);
    expect(place.watchers('web1')).toEqual(['begin 1 web1']);
  });

  test('is limited by nobody here: its time limit and its grace period are only shown to its watcher', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: 'sleep 0.5; echo in time', timeout: 100 }]);
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    expect(await place.stdoutOf('receive-job', '1')).toBe('in time\n');
  });

  test.each([
    ['is cut off', '{"state":"Comp', 'its outcome.json is cut off, or no JSON'],
    ['is no outcome', '{"state":"Running"}', 'its outcome.json is none: "state" is "Running"'],
    ['has no state', '[]', 'its outcome.json is cut off, or no JSON'],
    ['says nothing of the state', '{}', 'its outcome.json is none: "state" is missing'],
    ['has a member of another kind', '{"state":"Failed","statusMessage":{"a":1}}', 'its outcome.json is none: "statusMessage" is {"a":1}'],
    ['was only reserved', '      ', 'the program that watches it ended with code 0 and did not say what became of it'],
  ])('is Disconnected where the outcome %s, and ends when another one is understood', async (_what, content, said) => {
    const place = newWatchPlace();
    place.mark('web1', 'outcome', content);
    await place.watch([{ name: 'web1', text: 'true' }]);
    expect(await place.inState(2, 'Disconnected')).toMatchObject({ statusMessage: said, endTime: null });
    expect(await place.inState(1, 'Disconnected')).toMatchObject({ statusMessage: '1 of 1 are out of reach' });
    rmSync(place.there('web1', 'outcome'));
    await place.stdoutOf('resume-job', '2');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
  });

  test('that nobody may begin is there and Failed, and a program of the wrong shape is refused', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: 'true', command: { argv: ['no-such-program'] } }]);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: expect.stringContaining('no program is named "no-such-program"') });
    await place.watch([{ name: 'web1', text: 'true', command: { reattach: [] } }]);
    expect(await place.finished(3)).toMatchObject({ state: 'Failed', reason: 'error', statusMessage: `PluginMessageInvalid: 'nightshift-plugin-watch': WatchJob asked for a child that cannot be started: of its command, "reattach" is a list, not a list of texts, the program first`, childJobs: [] });
  });
});

describe('a lost connection', () => {
  test('leaves the job Disconnected with what its watcher said, and goes on at the exact byte: 8 of 60 records were delivered, the 9th follows', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: lines(60) }]);
    for (let n = 1; n <= 8; n++) place.mark('web1', `go${n}`);
    await delivered(place, 2, 'line 8\n');
    place.mark('web1', 'deaf');
    expect(await place.inState(2, 'Disconnected')).toMatchObject({ statusMessage: 'the line to it is dead', reason: null, attempt: 1 });
    expect((await place.stdoutOf('receive-job', '2', '--keep')).split('\n')).toHaveLength(9);
    rmSync(place.there('web1', 'deaf'));
    await place.stdoutOf('receive-job', '2');
    for (let n = 9; n <= 60; n++) place.mark('web1', `go${n}`);
    const rest = (await place.stdoutOf('receive-job', '1', '--wait')).trim().split('\n');
    expect([rest[0], rest.at(-1), rest.length]).toEqual(['line 9', 'line 60', 52]);
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    expect(place.watchers('web1')).toHaveLength(2);
    const attempts = (await place.jobs('2', '--include-attempts')) as unknown as readonly { attempts: readonly object[] }[];
    expect(attempts[0]?.attempts).toMatchObject([
      { attempt: 1, reason: 'interrupted', statusMessage: 'the line to it is dead', beginTime: expect.any(String) as string },
      { attempt: 2, reason: 'interrupted', statusMessage: 'the line to it is dead' },
      { attempt: 3, reason: null, exitCode: 0, beginTime: expect.any(String) as string },
    ]);
  });

  test.each([['its watcher', ['host']], ['its shim and its watcher', ['claim', 'host']], ['its shim alone', ['claim']]] as const)('by the end of %s is mended by who receives, and nothing is lost or doubled', async (_what, who) => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: lines(3) }]);
    place.mark('web1', 'go1');
    await delivered(place, 2, 'line 1\n');
    await cutOff(place, 2, ...who);
    place.mark('web1', 'go2');
    expect(await place.stdoutOf('receive-job', '1')).toMatch(/^line 1\n(?:line 2\n)?$/);
    expect(await place.job(2)).toMatchObject({ state: 'Running', attempt: 2 });
    expect(await place.inState(1, 'Running')).toMatchObject({ statusMessage: '' });
    place.mark('web1', 'go3');
    await place.finished(1);
    expect(await place.stdoutOf('receive-job', '1', '--from', 'start')).toBe('line 1\nline 2\nline 3\n');
  });

  test('that cannot be mended is a warning, and the job stays as it is', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: lines(1) }]);
    await begun(place, 'web1');
    place.mark('web1', 'deaf');
    await place.inState(1, 'Disconnected');
    const still = 'warning: InvalidJobState: web1 (2) is still Disconnected: the line to it is dead';
    const received = await place.run('receive-job', ['1']);
    expect([received.code, received.stderr]).toEqual([0, expect.stringContaining(still)]);
    const waited = await place.run('wait-job', ['1', '--force', '--timeout', '1s']);
    expect([waited.code, waited.stderr]).toEqual([124, expect.stringContaining(still)]);
    const resumed = await place.run('resume-job', ['2']);
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining('web1 (2) is still Disconnected')]);
    expect(await place.job(2)).toMatchObject({ state: 'Disconnected', statusMessage: 'the line to it is dead', attempt: 4 });
    expect(await place.job(1)).toMatchObject({ state: 'Disconnected', statusMessage: '1 of 1 are out of reach' });
    rmSync(place.there('web1', 'deaf'));
    place.mark('web1', 'go1');
    expect(JSON.parse(await place.stdoutOf('wait-job', '1', '--force', '-o', 'json'))).toMatchObject([{ state: 'Completed' }]);
    expect(await place.stdoutOf('receive-job', '1')).toBe('line 1\n');
  });

  test('is mended once, however many ask for it at one moment', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }, { name: 'web2', text: FOR_EVER }]);
    await begun(place, 'web1');
    await begun(place, 'web2');
    await cutOff(place, 2, 'host');
    await cutOff(place, 3, 'claim', 'host');
    await place.inState(1, 'Disconnected');
    await Promise.all([place.stdoutOf('receive-job', '1'), place.stdoutOf('receive-job', '2', '3'), place.stdoutOf('resume-job', '2'), place.stdoutOf('receive-job', '1')]);
    expect(await place.jobs('2', '3')).toMatchObject([{ state: 'Running', attempt: 2 }, { state: 'Running', attempt: 2 }]);
    expect([place.watchers('web1'), place.watchers('web2')]).toEqual([['begin 1 web1', 'again 2 web1'], ['begin 1 web2', 'again 2 web2']]);
  });

  test('to one of several leaves the parent Running until the others have ended, then it is Disconnected too', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }, { name: 'web2', text: lines(1) }]);
    await begun(place, 'web1');
    place.mark('web1', 'deaf');
    await place.inState(2, 'Disconnected');
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    place.mark('web2', 'go1');
    expect(await place.inState(1, 'Disconnected')).toMatchObject({ statusMessage: '1 of 2 are out of reach' });
    expect(await place.job(3)).toMatchObject({ state: 'Completed' });
    rmSync(place.there('web1', 'deaf'));
    await place.stdoutOf('resume-job', '1');
    expect(await place.job(1)).toMatchObject({ state: 'Running', statusMessage: '' });
  });

  test('whose work has gone meanwhile ends as its watcher says', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }]);
    await begun(place, 'web1');
    await cutOff(place, 2, 'host');
    rmSync(place.there('web1', ''), { recursive: true });
    await place.stdoutOf('receive-job', '1');
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'spawn', statusMessage: 'there is nothing of it there' });
  });

  test('is no matter for who suspends: what goes on elsewhere cannot be held', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }]);
    await begun(place, 'web1');
    expect((await place.run('suspend-job', ['2'])).stderr).toContain('Job2OperationNotSupportedOnJob');
    expect((await place.run('remove-job', ['1'])).stderr).toContain('JobObjectNotFinishedCannotBeRemoved');
  });
});

describe('the host of a parent', () => {
  test('that is killed is followed by another one, which adopts the children and goes on with the places that have none', async () => {
    const place = newWatchPlace();
    const job = await place.watch([{ name: 'web1', text: lines(1) }, { name: 'web2', text: lines(1) }]);
    await begun(place, 'web1');
    await begun(place, 'web2');
    process.kill(await place.pidOf(job, 'host'), 'SIGKILL');
    await place.inState(1, 'Disconnected');
    expect(await place.jobs('2', '3')).toMatchObject([{ state: 'Running' }, { state: 'Running' }]);
    await cutOff(place, 3, 'host');
    await place.stdoutOf('receive-job', '1');
    expect(await place.jobs('1', '2', '3')).toMatchObject([{ state: 'Running', attempt: 2, childJobs: [2, 3] }, { state: 'Running', attempt: 1 }, { state: 'Running', attempt: 2 }]);
    place.mark('web1', 'go1');
    place.mark('web2', 'go1');
    // Its host may hear of the last end before it hears that the other is seen again.
    await place.inState(1, 'Completed');
    expect(await place.stdoutOf('receive-job', '1')).toBe('line 1\nline 1\n');
  });
});

describe('a stop', () => {
  test('asks the work to end, and what its watcher says then is the end', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: 'trap "echo tidied up; exit 3" TERM; echo begun; while :; do sleep 0.05; done' }]);
    await delivered(place, 2, 'begun');
    await place.stdoutOf('stop-job', '2');
    expect(await place.job(2)).toMatchObject({ state: 'Stopped', reason: 'stopped', exitCode: 3 });
    expect(readFileSync(place.there('web1', 'wishes'), 'utf8')).toBe('SIGTERM stopped\n');
    expect(await place.finished(1)).toMatchObject({ state: 'Stopped' });
    expect(await place.stdoutOf('receive-job', '1')).toBe('begun\ntidied up\n');
  });

  test('ends the work by force after the grace period, and by force at once', async () => {
    const place = newWatchPlace();
    const stubborn = 'trap "" TERM; echo begun; while :; do sleep 0.05; done';
    await place.watch([{ name: 'web1', text: stubborn, gracePeriod: 200 }, { name: 'web2', text: stubborn }]);
    await delivered(place, 2, 'begun');
    await delivered(place, 3, 'begun');
    await place.stdoutOf('stop-job', '2');
    await place.stdoutOf('stop-job', '3', '--force');
    expect(await place.jobs('2', '3')).toMatchObject([{ state: 'Stopped', signal: 'SIGKILL' }, { state: 'Stopped', signal: 'SIGKILL' }]);
    expect([readFileSync(place.there('web1', 'wishes'), 'utf8'), readFileSync(place.there('web2', 'wishes'), 'utf8')]).toEqual(['SIGTERM stopped\nSIGQUIT stopped\n', 'SIGQUIT stopped\n']);
  });

  test('that the watcher cannot pass on has failed: nobody says that what may go on was stopped', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER, gracePeriod: 200 }]);
    await begun(place, 'web1');
    const watcher = await place.pidOf(await place.job(2), 'host');
    place.mark('web1', 'rude');
    await place.stdoutOf('stop-job', '2');
    expect(await place.job(2)).toMatchObject({ state: 'Failed', reason: 'stopped', statusMessage: 'it was to be stopped, and may go on where it runs: the program that watches it was ended by signal SIGKILL and did not say what became of it' });
    expect(isAlive(watcher)).toBe(false);
    expect(await place.finished(1)).toMatchObject({ state: 'Failed', reason: 'stopped' });
  });

  test('of work that nobody sees begins with a new watcher, and that of the parent ends whatever is below it', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }, { name: 'web2', text: FOR_EVER }, { name: 'web3', text: FOR_EVER }]);
    for (const name of ['web1', 'web2', 'web3']) await begun(place, name);
    await cutOff(place, 2, 'host');
    place.mark('web3', 'deaf');
    await place.inState(4, 'Disconnected');
    await place.stdoutOf('stop-job', '1');
    expect((await place.jobs('1', '--include-child-job')).map(({ state, reason, statusMessage, attempt }) => [state, reason, statusMessage, attempt])).toEqual([
      ['Stopped', 'stopped', '', 1],
      ['Stopped', 'stopped', '', 2],
      ['Stopped', 'stopped', '', 1],
      ['Failed', 'stopped', 'it was to be stopped, and may go on where it runs: the line to it is dead', 2],
    ]);
    await place.stdoutOf('remove-job', '1');
    expect(await place.jobs()).toEqual([]);
  });

  test('of a parent that is Disconnected because of what is below it reaches both', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }]);
    await begun(place, 'web1');
    place.mark('web1', 'deaf');
    await place.inState(1, 'Disconnected');
    rmSync(place.there('web1', 'deaf'));
    await place.stdoutOf('stop-job', '1');
    expect(await place.jobs('1', '2')).toMatchObject([{ state: 'Stopped', attempt: 1, statusMessage: '' }, { state: 'Stopped', attempt: 2, signal: 'SIGTERM' }]);
  });

  test('with the host of its parent gone goes by a new one', async () => {
    const place = newWatchPlace();
    const job = await place.watch([{ name: 'web1', text: FOR_EVER }]);
    await begun(place, 'web1');
    process.kill(await place.pidOf(job, 'host'), 'SIGKILL');
    await cutOff(place, 2, 'host');
    await place.inState(1, 'Disconnected');
    await place.stdoutOf('stop-job', '1');
    expect(await place.jobs('1', '2')).toMatchObject([{ state: 'Stopped' }, { state: 'Stopped', signal: 'SIGTERM' }]);
  });

  test('in the moment of the start ends what has not begun; of what may have, without a word of its watcher, it says so', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }, { name: 'web2', text: FOR_EVER }]);
    await place.stdoutOf('stop-job', '1', '--force');
    for (const { id, state, reason, statusMessage } of await place.jobs('--all', '--include-child-job')) {
      expect(state, `job ${id}`).toMatch(/^(?:Stopped|Failed)$/);
      if (id > 1 && state === 'Failed') expect([reason, statusMessage], `job ${id}`).toEqual(['stopped', expect.stringMatching(/^it was to be stopped, and may go on where it runs/)]);
    }
  });

  test('by a removal with force stops what is Disconnected first', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: FOR_EVER }]);
    await begun(place, 'web1');
    await cutOff(place, 2, 'host');
    await place.stdoutOf('remove-job', '1', '--force');
    expect(await place.jobs()).toEqual([]);
    expect(readFileSync(place.there('web1', 'wishes'), 'utf8')).toMatch(/^SIGTERM/);
  });
});

describe('a job of a command type that watches', () => {
  test('is Disconnected with its child, taken up again by who receives it, and stopped', async () => {
    const place = newWatchPlace();
    const start = (name: string, text: string) => place.host.startJob({ what: { type: 'FarJob', spec: { places: [{ name, text }] } }, callerDirectory: place.work, warn: () => {} });
    expect(await start('web1', lines(2))).toMatchObject({ state: 'Running', childJobs: [2], command: lines(2) });
    place.mark('web1', 'go1');
    await delivered(place, 1, 'line 1\n');
    await cutOff(place, 1, 'host');
    expect(await place.job(1)).toMatchObject({ state: 'Disconnected', statusMessage: 'the program that watches it was ended by signal SIGKILL and did not say what became of it' });
    place.mark('web1', 'go2');
    expect(await place.stdoutOf('receive-job', '1', '--wait')).toBe('line 1\nline 2\n');
    expect(await place.job(1)).toMatchObject({ state: 'Completed', attempt: 2, exitCode: 0, statusMessage: '' });
    await start('web2', FOR_EVER);
    await begun(place, 'web2');
    await cutOff(place, 3, 'claim', 'host');
    await place.stdoutOf('stop-job', '3');
    expect(await place.job(3)).toMatchObject({ state: 'Stopped', reason: 'stopped', signal: 'SIGTERM' });
  });
});

describe('a store', () => {
  test('that is built anew knows what was watched, whether it runs, is Disconnected or has ended', async () => {
    const place = newWatchPlace();
    await place.watch([{ name: 'web1', text: lines(1) }, { name: 'web2', text: lines(1) }, { name: 'web3', text: 'echo done' }], { persist: true });
    await begun(place, 'web1');
    await begun(place, 'web2');
    await place.inState(4, 'Completed');
    await cutOff(place, 3, 'host');
    await place.stdoutOf('resume-job', '3');
    await cutOff(place, 3, 'host');
    process.kill(await place.pidOf(await place.job(1), 'host'), 'SIGKILL');
    for (const name of ['jobs.db', 'jobs.db-wal', 'jobs.db-shm']) writeFileSync(`${place.state}/${name}`, 'damaged');
    await place.host[Symbol.asyncDispose]();
    await place.stdoutOf('nightshift', 'doctor', '--repair');
    expect((await place.jobs('1', '--include-child-job')).map(({ state, attempt }) => [state, attempt])).toEqual([['Disconnected', 1], ['Running', 1], ['Disconnected', 2], ['Completed', 1]]);
    place.mark('web1', 'go1');
    place.mark('web2', 'go1');
    await place.stdoutOf('wait-job', '1', '--force');
    expect(await place.stdoutOf('receive-job', '1')).toBe('line 1\nline 1\ndone\n');
  });
});

