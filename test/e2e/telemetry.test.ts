import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { contentOf, newPlace } from './product.ts';

const PACKAGE = fileURLToPath(new URL('../../packages/cli', import.meta.url));
/** Stands in for the package, which is none of ours and not installed here: writes down what it is asked. */
const PEER = `
const { appendFileSync } = require('node:fs');
const note = (what) => appendFileSync(process.env.TOLD, JSON.stringify(what) + '\\n');
let count = 0;
const provider = { getDelegate: () => provider, forceFlush: async () => note({ flushed: true }) };
exports.ROOT_CONTEXT = { parent: 0 };
exports.SpanStatusCode = { ERROR: 2 };
exports.trace = {
  getTracer: (scope) => ({
    startSpan(name, { startTime, attributes }, { parent }) {
      const span = { id: count += 1, scope, name, parent, startTime, attributes };
      return { span, setStatus(status) { span.status = status; }, end(endTime) { note({ ...span, endTime }); } };
    },
  }),
  getTracerProvider: () => provider,
  setSpan: (context, { span }) => ({ parent: span.id }),
};
`;

interface Span { id: number; scope: string; name: string; parent: number; startTime: string; endTime: string; status?: { code: number; message: string }; attributes: Record<string, unknown> }

/** A project that has Nightshift installed, and perhaps the peer beside it. */
function project(peer: Record<string, string> | undefined, definition: string) {
  const place = newPlace();
  const installed = join(place.work, 'node_modules/nightshift');
  for (const part of ['package.json', 'bin', 'dist']) cpSync(join(PACKAGE, part), join(installed, part), { recursive: true });
  const plant = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "@opentelemetry/api", "version": "1.9.0", "main": "index.js" }');
    for (const [file, text] of Object.entries(peer ?? {})) writeFileSync(join(folder, file), text);
  };
  if (peer !== undefined) plant(join(place.work, 'node_modules/@opentelemetry/api'));
  mkdirSync(join(place.work, 'definitions'));
  writeFileSync(join(place.work, 'definitions', 'One.yaml'), definition);
  const told = join(place.root, 'told');
  const once = (program = join(installed, 'bin/nightshift.cjs')) => place.run(process.execPath, [program, 'scheduler', 'run', '--once'], { env: { TOLD: told, NIGHTSHIFT_MIN_FREE: '0' } });
  const spans = () => contentOf(told).split('\n').filter(Boolean).map((line) => JSON.parse(line) as Span & { flushed?: true });
  return { ...place, once, spans, told, plant };
}

const FLAKY = 'job: { scriptBlock: \'test "$NIGHTSHIFT_ATTEMPT" = 2 || exit 7\' }\ntriggers: [ { atStartup: {} } ]\noptions: { retry: { limit: 3, delay: 50ms }, startIfOnBatteries: true }\n';
const PLAIN = 'job: { command: ["true"] }\ntriggers: [ { atStartup: {} } ]\noptions: { startIfOnBatteries: true }\n';

test('a due time that starts something is a span, each attempt another below it, and all are sent before the end', async () => {
  const { once, spans, jobs } = project({ 'index.js': PEER }, FLAKY);
  expect(await once()).toMatchObject({ code: 0 });
  const [fired, first, second, end] = spans();
  const [job] = await jobs('--all');
  const common = { 'nightshift.definition': 'One', 'nightshift.job_id': job?.id, 'nightshift.instance_id': job?.instanceId, 'nightshift.trigger_id': '1', 'nightshift.due_time': job?.origin['dueAt'], 'nightshift.catch_up': false };
  expect(fired).toMatchObject({ scope: 'nightshift', name: 'fire One', parent: 0, attributes: common });
  expect(first).toMatchObject({ name: 'run One', parent: fired?.id, status: { code: 2, message: 'the command exited with code 7' }, attributes: { ...common, 'nightshift.attempt': 1, 'nightshift.state': 'Failed', 'nightshift.reason': 'exit', 'nightshift.exit_code': 7 } });
  expect(second).toMatchObject({ name: 'run One', parent: fired?.id, attributes: { ...common, 'nightshift.attempt': 2, 'nightshift.state': 'Completed', 'nightshift.exit_code': 0 } });
  expect(second?.status).toBeUndefined();
  expect(end).toEqual({ flushed: true });
  // The second begins after the first has ended, and ends after it has begun.
  const times = [first?.startTime, first?.endTime, second?.startTime, second?.endTime].map((time) => Date.parse(time as string));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(second?.endTime).toBe(job?.endTime);
});

test('without the package nothing is said of it', async () => {
  const { once, stdoutOf } = project(undefined, PLAIN);
  const { code, stderr } = await once();
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') as string });
  expect(await stdoutOf('get-job', '--all', '-o', 'json')).toContain('"Completed"');
});

test.each([
  ['cannot be loaded', { 'index.js': 'throw new Error("out of order");' }],
  ['lacks something that it needs itself', { 'index.js': 'require("not-there");' }],
  ['is something else', { 'index.js': 'exports.nothing = 1;' }],
  ['fails at every call', { 'index.js': 'const no = () => { throw new Error("no"); };\nmodule.exports = { ROOT_CONTEXT: {}, SpanStatusCode: { ERROR: 2 }, trace: { getTracer: () => ({ startSpan: no }), getTracerProvider: no, setSpan: no } };' }],
  ['cannot send', { 'index.js': PEER.replace("note({ flushed: true })", "Promise.reject(new Error('no'))") }],
])('a package that %s is warned of once, and the jobs run as ever', async (_, peer) => {
  const { once, jobs } = project(peer, FLAKY);
  const { code, stderr } = await once();
  expect({ code, warnings: stderr.match(/^scheduler: warning: .*$/gm) }).toEqual({ code: 0, warnings: [expect.stringContaining('TelemetryUnavailable: @opentelemetry/api cannot be used')] });
  expect(await jobs('--all')).toMatchObject([{ state: 'Completed', attempt: 2 }]);
});

test('a package in the project is not loaded by a Nightshift that is installed elsewhere', async () => {
  const { once, told, work } = project({ 'index.js': PEER }, PLAIN);
  rmSync(join(work, 'node_modules/nightshift'), { recursive: true });
  expect(await once(join(PACKAGE, 'bin/nightshift.cjs'))).toMatchObject({ code: 0 });
  expect(() => readFileSync(told)).toThrow('ENOENT');
});
