import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Child, exited, failedBy, openRun, quiet, World } from './workflow-job.ts';

const step = (name: string, needs?: readonly string[], more: object = {}) => ({ name, command: [name], ...(needs === undefined ? {} : { needs }), ...more });

test('steps run one after the other, and the job is Completed with the last', async () => {
  const world = new World({ steps: [step('a'), step('b')] });
  const { ended } = await openRun(world);
  await quiet();
  expect(world.names()).toBe('a');
  world.child('a').end();
  await quiet();
  expect(world.names()).toBe('a b');
  world.child('b').end();
  expect(await ended).toEqual({ state: 'Completed' });
});

test('a step\'s child is of its type, and has its spec and limits and nothing of the workflow\'s', async () => {
  const world = new World({ steps: [{ name: 'a', type: 'ThreadJob', scriptBlock: 'x', timeout: '5s', gracePeriod: '1s', retry: { limit: 1 } }] });
  await openRun(world);
  await quiet();
  expect(world.child('a').request).toEqual({ type: 'ThreadJob', name: 'a', spec: { scriptBlock: 'x' }, needs: [], timeout: 5_000, gracePeriod: 1_000, environment: { NIGHTSHIFT_CHECKPOINT: `${world.folder}/a.1` } });
});

test('as many steps run at the same time as there is room for, in their order', async () => {
  const world = new World({ maxParallel: 2, steps: ['a', 'b', 'c', 'd'].map((name) => step(name, [])) });
  const { ended } = await openRun(world);
  await quiet();
  expect(world.names()).toBe('a b');
  world.child('b').end();
  await quiet();
  expect(world.names()).toBe('a b c');
  for (const name of ['a', 'c', 'd']) {
    world.child(name).end();
    await quiet();
  }
  expect(await ended).toEqual({ state: 'Completed' });
});

test('what a step hands on is in the environment of those after it', async () => {
  const world = new World({ steps: [step('a'), step('b')] });
  world.onBegin = ({ name, request }) => name === 'a' && writeFileSync(request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, 'VERSION=1.2\n');
  await openRun(world);
  await quiet();
  world.child('a').end();
  await quiet();
  expect(world.child('b').request.environment).toEqual({ VERSION: '1.2', NIGHTSHIFT_CHECKPOINT: `${world.folder}/b.1` });
});

test('a step that hands on what it may not has failed, whatever its job says', async () => {
  const world = new World({ steps: [step('a'), step('b')] });
  world.onBegin = (child) => {
    writeFileSync(child.request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, 'NODE_OPTIONS=--require=evil');
    child.end();
  };
  const { ended } = await openRun(world);
  expect(await ended).toMatchObject({ state: 'Failed', error: { message: 'step "a" failed: line 1 of what it handed on in NIGHTSHIFT_CHECKPOINT sets NODE_OPTIONS, which no step may set for others' } });
});

test('what all steps hand on together is limited', async () => {
  const world = new World({ steps: Array.from({ length: 6 }, (_, index) => step(`s${index}`)) });
  world.onBegin = (child) => {
    writeFileSync(child.request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, `V${child.name}=${'x'.repeat(60_000)}`);
    child.end();
  };
  const { ended } = await openRun(world);
  expect(await ended).toMatchObject({ state: 'Failed', error: { message: expect.stringMatching(/^step "s4" failed: .* 300025 bytes; 262144 are allowed$/) } });
});

test('when a step fails, what needs it is Failed for that reason without having run; other branches go on to their end', async () => {
  const world = new World({ steps: [step('a', []), step('b', ['a']), step('c', ['b']), step('x', []), step('y', ['x'])] });
  const { ended } = await openRun(world);
  await quiet();
  world.child('a').end(exited(3));
  await quiet();
  expect(world.children.map(({ name, request }) => [name, request.failedDependency])).toEqual([
    ['a', undefined], ['x', undefined], ['b', 'it needs step "a", which failed'], ['c', 'it needs step "b", which could not run'],
  ]);
  world.child('x').end();
  await quiet();
  world.child('y').end();
  expect(await ended).toMatchObject({ state: 'Failed', error: { message: 'step "a" failed: the command exited with code 3' } });
});

test('a failed step is tried again after its delay, each time as a child of its own, and what a failed try handed on is not used', async () => {
  const world = new World({ steps: [step('a', [], { retry: { limit: 2, delay: '10s', factor: 2 } }), step('b')] });
  world.onBegin = ({ request }) => writeFileSync(request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, `TRY=${world.children.length}`);
  const { clock, told, ended } = await openRun(world);
  for (const [delay, tries] of [[10_000, 'a'], [20_000, 'a a']] as const) {
    await quiet();
    world.child('a').end(exited(1));
    await quiet();
    await clock.pass(delay - 1);
    expect(world.names()).toBe(tries);
    await clock.pass(1);
  }
  expect(told.filter((line) => line.startsWith('warning'))).toEqual([1, 2].map((n) => `warning: ${JSON.stringify(`step "a": try ${n} of 3 failed: the command exited with code 1`)}`));
  world.child('a').end();
  await quiet();
  expect(world.child('b').request.environment).toMatchObject({ TRY: '3' });
  world.child('b').end();
  expect(await ended).toEqual({ state: 'Completed' });
});

test('a stop stops every step that runs, and starts none', async () => {
  const world = new World({ maxParallel: 2, steps: ['a', 'b', 'c'].map((name) => step(name, [])) });
  const { stop, ended } = await openRun(world);
  await quiet();
  stop('overlap');
  expect(await ended).toEqual({ state: 'Stopped', reason: 'overlap' });
  expect(world.children.map(({ name, stops }) => [name, stops])).toEqual([['a', ['parent']], ['b', ['parent']]]);
});

test('a kill does not wait for steps that do not end', async () => {
  const world = new World({ steps: [step('a')] });
  const { run, stop, ended } = await openRun(world);
  await quiet();
  world.child('a').stop = () => new Promise(() => {});
  stop('stopped');
  await quiet();
  await run.kill('stopped');
  expect(await ended).toMatchObject({ state: 'Stopped' });
});

test('a suspend lets the steps that run end, and starts none; a resume goes on', async () => {
  const world = new World({ steps: [step('a', []), step('b', []), step('c')] });
  const { run, suspend, states, ended } = await openRun(world);
  await quiet();
  void suspend('asked');
  world.child('a').end();
  await quiet();
  expect(states).toEqual([]);
  world.child('b').end();
  await quiet();
  expect([states, world.names()]).toEqual([['Suspended'], 'a b']);
  expect(JSON.parse(world.checkpoint as string)).toMatchObject({ steps: { a: { is: 'completed' }, b: { is: 'completed' } } });
  await run.resume('asked');
  await quiet();
  world.child('c').end();
  expect(await ended).toEqual({ state: 'Completed' });
});

test('a job that is suspended while its last step runs is Suspended after it, and Completed when it is resumed', async () => {
  const world = new World({ steps: [step('a')] });
  const { run, suspend, states, ended } = await openRun(world);
  await quiet();
  void suspend('asked');
  world.child('a').end();
  await quiet();
  expect(states).toEqual(['Suspended']);
  await run.resume('asked');
  expect(await ended).toEqual({ state: 'Completed' });
});

test('a job that waits to try a step again is suspended at once', async () => {
  const world = new World({ steps: [step('a', [], { retry: { limit: 1, delay: '1h' } })] });
  const { suspend, states } = await openRun(world);
  await quiet();
  world.child('a').end(exited(1));
  await quiet();
  await suspend('asked');
  expect(states).toEqual(['Suspended']);
});

test('a stop while it is being suspended stops the steps, and while it is suspended ends it', async () => {
  const world = new World({ steps: [step('a')] });
  const first = await openRun(world);
  await quiet();
  void first.suspend('asked');
  await quiet();
  first.stop('stopped');
  expect(await first.ended).toMatchObject({ state: 'Stopped' });
  const second = await openRun(new World({ steps: [{ suspend: true }, step('b')] }));
  await quiet();
  second.stop('stopped');
  expect(await second.ended).toMatchObject({ state: 'Stopped' });
});

test('a step "suspend: true" suspends the job when its turn comes, and is behind it when it is resumed by another host', async () => {
  const world = new World({ steps: [step('a'), { name: 'approve', suspend: true }, step('b')] });
  const first = await openRun(world);
  await quiet();
  world.child('a').end();
  await quiet();
  expect([first.suspensions, first.states, world.names()]).toEqual([['step "approve"'], ['Suspended'], 'a']);
  const second = await openRun(world);
  await quiet();
  expect([second.suspensions, world.names()]).toEqual([[], 'a b']);
  world.child('b').end();
  expect(await second.ended).toEqual({ state: 'Completed' });
});

test('another host goes on with the stored values, and takes up what runs or has ended meanwhile', async () => {
  const world = new World({ steps: [step('a', []), step('b', []), step('c', []), step('last', ['a', 'b', 'c'])] });
  world.onBegin = ({ name, request }) => writeFileSync(request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, `${name.toUpperCase()}=1`);
  const first = await openRun(world);
  await quiet();
  world.child('a').end();
  await quiet();
  // b ends while nobody looks, c goes on.
  first.die();
  world.child('b').end();
  const second = await openRun(world);
  await quiet();
  expect(world.names()).toBe('a b c');
  world.child('c').end();
  await quiet();
  expect(world.child('last').request.environment).toMatchObject({ A: '1', B: '1', C: '1' });
  world.child('last').end();
  expect(await second.ended).toEqual({ state: 'Completed' });
});

test('a step that was cut off together with its host runs again under the next one, with a file of its own', async () => {
  const world = new World({ steps: [step('a')] });
  const first = await openRun(world);
  await quiet();
  first.die();
  world.child('a').end(failedBy('interrupted'));
  await openRun(world);
  await quiet();
  expect(world.children.map(({ request }) => request.environment?.['NIGHTSHIFT_CHECKPOINT'])).toEqual([1, 2].map((n) => `${world.folder}/a.${n}`));
});

test('another attempt after a failure runs the steps again that were not Completed, and no other', async () => {
  const world = new World({ steps: [step('a'), step('b'), step('c')] });
  const first = await openRun(world);
  await quiet();
  world.child('a').end();
  await quiet();
  world.child('b').end(exited(1));
  expect(await first.ended).toMatchObject({ state: 'Failed' });
  await first.run[Symbol.asyncDispose]();
  const second = await openRun(world);
  for (const name of ['b', 'c']) {
    await quiet();
    world.child(name).end();
  }
  expect(await second.ended).toEqual({ state: 'Completed' });
  expect(world.names()).toBe('a b c b c');
});

test('a job that was cut off when all its steps had ended says under the next host what it had come to', async () => {
  const world = new World({ steps: [step('a')] });
  const first = await openRun(world);
  await quiet();
  world.child('a').end(exited(1));
  await first.ended;
  expect(await (await openRun(world)).ended).toMatchObject({ state: 'Failed', error: { message: 'step "a" failed: the command exited with code 1' } });
  expect(world.names()).toBe('a');
});

test('tries that failed under an earlier host count', async () => {
  const world = new World({ steps: [step('a', [], { retry: { limit: 1, delay: '1h' } })] });
  const first = await openRun(world);
  await quiet();
  world.child('a').end(exited(1));
  await quiet();
  first.die();
  const second = await openRun(world);
  await quiet();
  world.child('a').end(exited(2));
  expect(await second.ended).toMatchObject({ state: 'Failed', error: { message: 'step "a" failed: the command exited with code 2' } });
});

test('without checkpoints nothing is stored, and another host begins from the start when what still runs has been stopped', async () => {
  const world = new World({ checkpoint: false, steps: [step('a'), step('b')] });
  const first = await openRun(world);
  await quiet();
  world.child('a').end();
  await quiet();
  expect([world.checkpoint, world.names()]).toEqual([undefined, 'a b']);
  first.die();
  await openRun(world);
  await quiet();
  expect([world.names(), world.children[1]?.stops]).toEqual(['a b a', ['parent']]);
});

test('a start that is refused is the failure of its step', async () => {
  const world = new World({ steps: [step('a'), step('b')] });
  const { ended } = await openRun(world, async (what) => {
    if (what === 'before the child' && world.children.length === 0) throw new Error('no type "X"');
  });
  expect(await ended).toMatchObject({ state: 'Failed', error: { message: 'step "a" failed: no type "X"' } });
});

// The host dies before or after everything that it does, at each place once; what it has begun goes on without it.
test('wherever its hosts die, each step of a job takes effect once, and hands on what it handed on', async () => {
  const job = { maxParallel: 2, steps: [step('a', []), step('b', []), step('c', ['a']), { name: 'p', suspend: true, needs: ['c'] }, step('d', ['b', 'p'])] };
  for (let deadly = 0; deadly < 30; deadly++) {
    const effects: string[] = [];
    const world = new World(job);
    world.onBegin = (child: Child) => {
      effects.push(child.name);
      writeFileSync(child.request.environment?.['NIGHTSHIFT_CHECKPOINT'] as string, `${child.name.toUpperCase()}=${effects.length}`);
      setImmediate(() => child.end());
    };
    const ended = await liveThrough(world, deadly);
    expect({ deadly, effects: effects.toSorted(), state: ended }).toEqual({ deadly, effects: ['a', 'b', 'c', 'd'], state: 'Completed' });
    const { A, B, C } = world.child('d').request.environment ?? {};
    expect([A, B, C].map((place) => effects[Number(place) - 1])).toEqual(['a', 'b', 'c']);
  }
});

/** Each host but the last dies after `deadly` moments; the next has one more, so that all places are come to. */
async function liveThrough(world: World, deadly: number): Promise<string> {
  for (let host = 0; host < 40; host++) {
    let left = host === 0 ? deadly : host;
    const death = Promise.withResolvers<undefined>();
    const opened = await Promise.race([openRun(world, () => (left-- > 0 ? Promise.resolve() : (death.resolve(undefined), new Promise(() => {})))), death.promise]);
    if (opened === undefined) continue;
    for (let turn = 0; turn < 8; turn++) {
      await quiet();
      if (opened.suspensions.length > 0) await opened.run.resume('asked');
    }
    opened.die();
    const end = await Promise.race([opened.ended, Promise.resolve(undefined)]);
    if (end !== undefined) return end.state;
  }
  return 'never';
}
