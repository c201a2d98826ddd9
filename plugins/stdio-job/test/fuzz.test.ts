// Messages, right and wrong and spoilt, in any order and cut anywhere, from a program of which only its pipes are real.
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type ChildJob, type JobContext, JobError, type JobOutcome, STREAM_NAMES } from '@nightshift/sdk';
import { Conversation } from '../src/conversation.ts';
import { hello } from '../src/encode.ts';
import { readMessage } from '../src/message.ts';
import { Program } from '../src/program.ts';
import { fastClock, noStates } from './desk.ts';

const SEED = Number(process.env['SEED'] ?? 7);
const RUNS = Number(process.env['RUNS'] ?? 2_000);
/** Of such an error a run may die; `ArgumentInvalid` is not the program's. */
const CODES = ['StdioProtocolViolation', 'StdioProtocolUnsupported', 'PluginMessageInvalid', 'PluginCrashed', 'Said'];

/** A number from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Random = () => number;
const oneOf = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

const ODD: readonly unknown[] = [null, true, 0, -1, 1.5, 1e308, '', 'text', '\u0000\ud800', [], [[]], {}, { type: 'outcome' }, { __proto__: null, toString: 1 }, 'x'.repeat(5_000), ['a', 1]];

const RIGHT: readonly object[] = [
  { type: 'ready', protocol: 1 }, { type: 'prepared' }, { type: 'prepared', token: 't' },
  ...STREAM_NAMES.map((stream) => ({ type: 'record', stream, value: stream === 'progress' ? { activity: 'a', percent: 5 } : stream === 'error' || stream === 'information' ? { message: 'm' } : 'text' })),
  { type: 'blocked', prompt: '?' }, { type: 'startChild', ref: 'a', jobType: 'X', spec: {} }, { type: 'startChild', ref: 'b', jobType: 'X', name: 'n' }, { type: 'stopChild', ref: 'a', reason: 'r' },
  { type: 'suspended' }, { type: 'resumed' }, { type: 'later', x: 1 },
  { type: 'outcome', state: 'Completed', exitCode: 0 }, { type: 'outcome', state: 'Stopped' }, { type: 'outcome', state: 'Failed', error: { message: 'm', code: 'Said' } },
];

/** One member is taken away, replaced, added or renamed. */
function spoilMember(random: Random, message: object): object {
  const copy: Record<string, unknown> = { ...message };
  const key = oneOf(random, Object.keys(copy));
  const how = random();
  if (how < 0.3) delete copy[key];
  else if (how < 0.8) copy[key] = oneOf(random, ODD);
  else if (how < 0.9) copy[oneOf(random, ['__proto__x', 'constructor', 'value', 'ref', 'state', 'type'])] = oneOf(random, ODD);
  else copy[`${key}x`] = copy[key];
  return copy;
}

/** Some bytes are changed, taken away, doubled, or replaced by marks that mean something. */
function spoilBytes(random: Random, line: Buffer): Buffer {
  const bytes = Buffer.from(line);
  const at = Math.floor(random() * bytes.length);
  const how = random();
  if (how < 0.4) bytes[at] = Math.floor(random() * 256);
  else if (how < 0.6) return bytes.subarray(0, at);
  else if (how < 0.8) return Buffer.concat([bytes.subarray(0, at), Buffer.from(oneOf(random, ['\n', '\0', '"', '{', '}', '[', '\\', '\ufeff', '\u2028', '\r'])), bytes.subarray(at)]);
  else return Buffer.concat([bytes, bytes]);
  return bytes;
}

function lineOf(random: Random): Buffer {
  const right = oneOf(random, RIGHT);
  const kind = random();
  if (kind < 0.03) return Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
  const line = Buffer.from(JSON.stringify(kind < 0.2 ? spoilMember(random, right) : right));
  return kind > 0.93 ? spoilBytes(random, line) : line;
}

/** Most begin well, so that there is something to spoil. */
function flowOf(random: Random): Buffer {
  const lines: Buffer[] = random() < 0.8 ? [Buffer.from('{"type":"ready","protocol":1}'), Buffer.from('{"type":"prepared"}')] : [];
  for (let left = Math.floor(random() * 12); left > 0; left--) lines.push(lineOf(random));
  const whole = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  return random() < 0.2 ? whole.subarray(0, whole.length - Math.floor(random() * 20)) : whole;
}

/** What the host takes; it may end the run under the program's feet. */
function hostOf(random: Random): { readonly context: JobContext<unknown>; readonly taken: unknown[]; close(): void } {
  const taken: unknown[] = [];
  let isClosed = false;
  const write = async (value: unknown): Promise<void> => {
    if (isClosed) throw new JobError({ code: 'StreamClosed', message: 'closed' });
    taken.push(value);
    if (random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
  };
  const child = (): ChildJob => ({ id: 1, instanceId: 'i', name: 'n', attempt: 1, finished: random() < 0.5 ? Promise.resolve<JobOutcome>({ state: 'Failed', error: new Error('e') }) : new Promise(() => {}), states: noStates, stop: async () => {} });
  const startChild = async (): Promise<ChildJob> => (random() < 0.5 ? child() : Promise.reject(new Error('no')));
  const context = { streams: Object.fromEntries(STREAM_NAMES.map((name) => [name, { write }])), clock: fastClock(1_000), blocked: () => {}, startChild };
  return { context: context as unknown as JobContext<unknown>, taken, close: () => void (isClosed = true) };
}

async function runOnce(random: Random): Promise<{ readonly outcome: JobOutcome; readonly sent: string }> {
  const pipes = { stdin: new PassThrough({ highWaterMark: 1 << 24 }), stdout: new PassThrough(), stderr: new PassThrough() };
  // Without an id: nobody is ever signalled.
  const child = Object.assign(new EventEmitter(), pipes) as unknown as ChildProcess;
  const { context, taken, close } = hostOf(random);
  const capabilities = { input: random() < 0.5, suspend: random() < 0.5, reattach: random() < 0.2 };
  const program = new Program(child);
  const talk = new Conversation({ program, context, culprit: { plugin: 'p', type: 'T' }, capabilities, prepare: '{"type":"prepare"}\n' });
  talk.begin(hello('1'));
  void (async () => {
    await talk.prepared;
    talk.start();
    if (random() < 0.3) void talk.ask('suspend', { type: 'suspend', reason: 'r' });
    if (random() < 0.1) close();
  })();
  const flow = flowOf(random);
  for (let from = 0; from < flow.length; ) {
    const size = 1 + Math.floor(random() * 300);
    (random() < 0.9 ? pipes.stdout : pipes.stderr).write(flow.subarray(from, from + size));
    from += size;
    if (random() < 0.2) await new Promise((resolve) => setImmediate(resolve));
  }
  if (random() < 0.5) pipes.stdout.end();
  // What follows the outcome of who never started it would be waited for.
  if (random() < 0.9) child.emit('exit', random() < 0.7 ? Math.floor(random() * 3) : null, random() < 0.5 ? 'SIGTERM' : null);
  else talk.fail(new JobError({ code: 'Said', message: 'enough' }));
  talk.start();
  const outcome = await talk.fate;
  // As the host does.
  close();
  const count = taken.length;
  await talk.close();
  expect(taken.length).toBe(count);
  return { outcome, sent: String(pipes.stdin.read() ?? '') };
}

test(`${RUNS} talks with spoilt messages end, each with one outcome that makes sense (SEED=${SEED})`, { timeout: 120_000 }, async () => {
  const unhandled: unknown[] = [];
  const note = (thrown: unknown): void => void unhandled.push(thrown);
  process.on('unhandledRejection', note);
  const seen = new Map<string, number>();
  for (let run = 0; run < RUNS; run++) {
    const { outcome, sent } = await runOnce(randomFrom(SEED * 1_000_003 + run)).catch((error: unknown) => {
      throw new Error(`run ${run} of SEED=${SEED}`, { cause: error });
    });
    const kind = outcome.state === 'Failed' ? String((outcome.error as { code?: string }).code ?? outcome.error.message) : outcome.state;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (outcome.state === 'Failed' && outcome.error.name === 'JobError') expect(CODES, `run ${run}`).toContain(kind);
    for (const line of sent.split('\n').slice(0, -1)) expect(JSON.parse(line), `run ${run}`).toHaveProperty('type');
  }
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  // Fair: it has met all that it was made for.
  for (const kind of ['Completed', 'Stopped', 'StdioProtocolViolation', 'PluginMessageInvalid', 'PluginCrashed']) expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(RUNS / 200);
});

test('2,000 spoilt lines are messages, nothing or faults, and never thrown about', () => {
  const random = randomFrom(SEED);
  for (let run = 0; run < RUNS; run++) {
    const { message, fault } = readMessage(spoilBytes(random, lineOf(random)));
    expect(message === undefined || fault === undefined).toBe(true);
  }
});
