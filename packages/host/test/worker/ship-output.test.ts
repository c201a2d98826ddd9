import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instance, JobState, OutputPlace, OutputStore, RunFacts } from '@nightshift/sdk';
import { TestClock } from '@nightshift/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createGate } from '../../src/worker/gate.ts';
import { CHUNK, createShipping, type Shipping } from '../../src/worker/ship-output.ts';

const target = { instanceId: 'i', attempt: 1, fence: 3, from: 1 };

/** The output of one instance, in memory; `fence` is the one that counts. */
function newOutput() {
  const channels = new Map<string, Buffer>();
  const of = ({ channel, attempt }: OutputPlace): string => `${attempt}/${channel}`;
  const bytesOf = (place: OutputPlace): Buffer => channels.get(of(place)) ?? Buffer.alloc(0);
  const state = { fence: 3, appends: [] as number[], atATime: 0, most: 0 };
  const store: OutputStore = {
    async append(to, bytes) {
      state.most = Math.max(state.most, ++state.atATime);
      await Promise.resolve();
      state.atATime -= 1;
      const there = bytesOf(to);
      if (to.fence !== state.fence) return { is: 'fenced' };
      if (to.offset > there.length) return { is: 'gap', size: there.length };
      state.appends.push(bytes.length);
      channels.set(of(to), Buffer.concat([there, bytes.subarray(there.length - to.offset)]));
      return { is: 'written' };
    },
    read: async ({ offset, limit, ...place }) => bytesOf(place).subarray(offset, offset + limit),
    size: async (place) => bytesOf(place).length,
  };
  return { store, state, text: (name: string) => channels.get(name)?.toString(), bytes: (name: string) => channels.get(name)?.length };
}

function newRun(facts: Partial<RunFacts> = {}) {
  const runFolder = mkdtempSync(join(tmpdir(), 'ship-'));
  onTestFinished(() => rmSync(runFolder, { recursive: true }));
  const write = (name: string, text: string | Buffer): void => {
    mkdirSync(join(runFolder, name, '..'), { recursive: true });
    appendFileSync(join(runFolder, name), text);
  };
  const run = (state: JobState = 'Running', attempt = 1): Instance => ({ id: 2, instanceId: 'i', name: 'Job2', type: 'T', location: 'localhost', command: 'x', origin: { kind: 'demand', runNow: false }, attempt, state, runFolder, run: { carries: 'i', ...facts } });
  return { write, run };
}

function newShipping(output: ReturnType<typeof newOutput>, clock = new TestClock(new Date(Date.UTC(2026, 0, 1)))): { shipping: Shipping; clock: TestClock } {
  return { shipping: createShipping({ output: output.store, clock, gate: createGate(2, CHUNK) }, target), clock };
}

async function shipAll(shipping: Shipping, run: Instance): Promise<string> {
  for (;;) {
    const shipped = await shipping.ship(run);
    if (shipped !== 'more') return shipped;
  }
}

test('what a command writes to both its channels arrives byte for byte, as it comes', async () => {
  const output = newOutput();
  const { write, run } = newRun();
  const { shipping } = newShipping(output);
  write('1/stdout', 'one\n');
  write('1/stderr', Buffer.from([0, 255, 10]));
  expect(await shipAll(shipping, run())).toBe('all');
  write('1/stdout', 'half a li');
  await shipAll(shipping, run());
  expect([output.text('1/stdout'), output.bytes('1/stderr')]).toEqual(['one\nhalf a li', 3]);
});

test('a little is shipped at once, more than that four times in a second at most, a great deal at once again', async () => {
  const output = newOutput();
  const { write, run } = newRun();
  const { shipping, clock } = newShipping(output);
  write('1/stdout', 'x'.repeat(5_000));
  await shipAll(shipping, run());
  write('1/stdout', 'x'.repeat(5_000));
  expect(await shipAll(shipping, run())).toBe('later');
  await clock.advance(250);
  expect(await shipAll(shipping, run())).toBe('all');
  write('1/stdout', 'small');
  await shipAll(shipping, run());
  write('1/stdout', Buffer.alloc(CHUNK));
  await shipAll(shipping, run());
  expect(output.state.appends).toEqual([5_000, 5_000, 5, CHUNK]);
});

test('of a run that has ended nothing waits', async () => {
  const output = newOutput();
  const { write, run } = newRun();
  const { shipping } = newShipping(output);
  write('1/stdout', 'x'.repeat(5_000));
  await shipAll(shipping, run());
  write('1/stdout', 'x'.repeat(5_000));
  expect(await shipAll(shipping, run('Completed'))).toBe('all');
  expect(output.bytes('1/stdout')).toBe(10_000);
});

test('whoever begins anew goes on where the engine is, and what it has not got comes again', async () => {
  const output = newOutput();
  const { write, run } = newRun();
  write('1/stdout', 'first second ');
  await output.store.append({ ...target, channel: 'stdout', offset: 0 }, Buffer.from('first '));
  await shipAll(newShipping(output).shipping, run());
  write('1/stdout', 'third');
  await shipAll(newShipping(output).shipping, run());
  expect(output.text('1/stdout')).toBe('first second third');
});

test('nothing is shipped of a run that somebody else has got', async () => {
  const output = newOutput();
  const { write, run } = newRun();
  write('1/stdout', 'late');
  output.state.fence = 4;
  expect(await shipAll(newShipping(output).shipping, run())).toBe('fenced');
  expect(output.text('1/stdout')).toBeUndefined();
});

test('of JavaScript only whole records go while it runs, and none of what its host has printed', async () => {
  const output = newOutput();
  const { write, run } = newRun({ form: 'code' });
  const { shipping } = newShipping(output);
  write('1/stdout', 'noise');
  write('1/records.ndjson', '{"seq":1}\n{"seq":');
  await shipAll(shipping, run());
  expect([output.text('1/records'), output.text('1/stdout')]).toEqual(['{"seq":1}\n', undefined]);
  write('1/records.ndjson', '2}\n');
  await shipAll(shipping, run('Completed'));
  expect(output.text('1/records')).toBe('{"seq":1}\n{"seq":2}\n');
});

test('several attempts here are one of the engine: their files follow each other, without the record that was cut off', async () => {
  const output = newOutput();
  const { write, run } = newRun({ form: 'code' });
  const { shipping } = newShipping(output);
  write('1/records.ndjson', '{"seq":1}\n{"se');
  await shipAll(shipping, run());
  write('2/records.ndjson', '{"seq":2}\n');
  await shipAll(shipping, run('Running', 2));
  expect(output.text('1/records')).toBe('{"seq":1}\n{"seq":2}\n');
  const watched = newRun({ watches: true });
  const both = newOutput();
  watched.write('1/stdout', 'half');
  watched.write('2/stdout', ' a line\n');
  await shipAll(newShipping(both).shipping, watched.run('Completed', 2));
  expect(both.text('1/stdout')).toBe('half a line\n');
});

test('only so many pieces are in memory at a time, however many runs write', async () => {
  const output = newOutput();
  const gate = createGate(2, CHUNK);
  const clock = new TestClock(new Date(Date.UTC(2026, 0, 1)));
  await Promise.all(Array.from({ length: 6 }, async (_, index) => {
    const { write, run } = newRun();
    write('1/stdout', Buffer.alloc(100_000, index));
    await shipAll(createShipping({ output: output.store, clock, gate }, { ...target, attempt: index + 1, from: 1 }), run('Completed'));
  }));
  expect(output.state.most).toBe(2);
  expect([1, 2, 3, 4, 5, 6].map((attempt) => output.bytes(`${attempt}/stdout`))).toEqual(Array(6).fill(100_000));
});
