import type { Registry } from '@nightshift/core';
import type { Definition, JobError } from '@nightshift/sdk';
import { expect, test } from 'vitest';
import { createKnownDefinitions, type KnownDefinitions, type KnownParts } from '../../src/survey/known-definitions.ts';

const HELLO: Definition = { key: 'shop/hello', name: 'Hello', type: 'ScheduledJob', location: '/shop/Hello.yaml', baseFolder: '/shop', spec: {} };
const NO_TYPES: Registry = { all: [], find: () => undefined, matching: () => [] };

/** A sleep of the reader ends when the test says so. */
async function known(found: KnownParts['found'], steps: (known: KnownDefinitions, next: () => Promise<void>) => Promise<void>): Promise<readonly JobError[]> {
  const [warnings, ending]: [JobError[], AbortController] = [[], new AbortController()];
  let [sleeps, asleep] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const sleep = async (_milliseconds: number, signal?: AbortSignal): Promise<void> => {
    asleep.resolve();
    signal?.addEventListener('abort', () => sleeps.reject(signal.reason as Error));
    await sleeps.promise;
  };
  const next = async (): Promise<void> => {
    await asleep.promise;
    const done = sleeps;
    [sleeps, asleep] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    done.resolve();
    await asleep.promise;
  };
  const parts: KnownParts = { found, names: async () => ['Hello'], folders: [{ folder: '/shop', namespace: 'shop' }], types: NO_TYPES, clock: { now: () => new Date(0), monotonic: () => 0, sleep }, timeZone: 'UTC', warn: (warning) => void warnings.push(warning) };
  await steps(createKnownDefinitions(parts, ending.signal), next);
  ending.abort();
  return warnings;
}

test('definitions whose reading fails in a way that nobody has foreseen are told as a problem, and read again', async () => {
  let calls = 0;
  const list = async function* (): AsyncGenerator<Definition> {
    calls += 1;
    if (calls < 3) throw new TypeError('a mistake of ours');
    yield HELLO;
  };
  const warnings = await known({ list, lacks: () => false }, async (definitions, next) => {
    await definitions.loaded;
    expect([definitions.problem, definitions.all.size]).toMatchObject([{ code: 'InternalError', message: 'a mistake of ours' }, 0]);
    await next();
    await next();
    expect([definitions.problem, [...definitions.all.keys()]]).toEqual([undefined, ['shop/hello']]);
  });
  // Not with every try.
  expect(warnings).toMatchObject([{ code: 'InternalError', message: 'a mistake of ours' }]);
});

test('a watch that fails in such a way is told, and what is known stays', async () => {
  const list = async function* (): AsyncGenerator<Definition> {
    yield HELLO;
  };
  // oxlint-disable-next-line require-yield -- it fails before the first name
  const watch = async function* (): AsyncGenerator<{ readonly name: string }> {
    throw new TypeError('a mistake of ours');
  };
  const warnings = await known({ list, watch, lacks: () => false }, async (definitions, next) => {
    await definitions.loaded;
    await next();
    expect([...definitions.all.keys()]).toEqual(['shop/hello']);
  });
  expect(warnings).toMatchObject([{ code: 'InternalError' }]);
});
