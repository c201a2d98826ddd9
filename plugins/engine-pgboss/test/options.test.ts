import { describe, expect, test } from 'vitest';
import plugin, { pgboss } from '../src/index.ts';

const CONNECTION = { connection: 'postgresql://me@db/jobs' };
const validate = (value: unknown) => pgboss.options['~standard'].validate(value) as { readonly value?: unknown; readonly issues?: readonly { readonly message: string }[] };

describe('options', () => {
  test('have what is left out', () => {
    expect(validate({ name: 'pgboss', ...CONNECTION }).value).toEqual({ ...CONNECTION, schema: 'nightshift', lease: 10_000, demand: 'session', keepDays: 400, acceptDataLoss: false });
  });

  test('are taken as they are given', () => {
    const s3 = { endpoint: 'https://s3.example.com', bucket: 'jobs', accessKey: 'a', secretKey: 'b' };
    expect(validate({ ...CONNECTION, schema: 'team_a', lease: '30s', demand: 'durable', keepDays: 90, output: { s3 } }).value).toEqual({
      ...CONNECTION, schema: 'team_a', lease: 30_000, demand: 'durable', keepDays: 90, acceptDataLoss: false, output: { s3: { ...s3, endpoint: 'https://s3.example.com/', region: 'us-east-1' } },
    });
    expect(validate({ ...CONNECTION, output: { folder: '/srv/output' } }).value).toMatchObject({ output: { folder: '/srv/output' } });
  });

  test.each([
    ['no connection', {}, '"engine.connection" is missing'],
    ['a key that is none', { ...CONNECTION, conection: 1 }, '"engine.conection" is not a key'],
    ['a schema that could be SQL', { ...CONNECTION, schema: 'a; DROP' }, '"engine.schema" must be a plain name'],
    ['a lease that nobody could keep', { ...CONNECTION, lease: '1s' }, '"engine.lease" must be at least 2s'],
    ['another demand', { ...CONNECTION, demand: 'never' }, '"engine.demand" must be one of'],
    ['two places for output', { ...CONNECTION, output: { folder: '/a', s3: {} } }, '"engine.output" must name a folder or an s3 bucket'],
    ['a bucket without its keys', { ...CONNECTION, output: { s3: { endpoint: 'https://x', bucket: 'b' } } }, '"engine.output.s3" must say "accessKey"'],
    ['no days', { ...CONNECTION, keepDays: 0 }, '"engine.keepDays" must be a whole number'],
    ['a text', 'postgresql://hunter2', '"engine" must be a map'],
  ])('with %s are refused, and no value is repeated', (_what, value, message) => {
    const messages = (validate(value).issues ?? []).map((issue) => issue.message);
    expect(messages.join('\n')).toContain(message);
    expect(messages.join('\n')).not.toMatch(/hunter2|DROP/);
  });
});

test('the plugin offers the engine, and opening it connects nothing', async () => {
  expect(plugin.engines).toEqual([pgboss]);
  const engine = pgboss.open({ ...CONNECTION, schema: 'x', lease: 1, demand: 'session', keepDays: 1, acceptDataLoss: false }, { clock: { now: () => new Date(), monotonic: () => 0, sleep: async () => {} }, namespace: 'p' });
  expect(engine.features).toEqual({ durable: true, shared: true });
  await engine[Symbol.asyncDispose]();
});
