import { appendFileSync, chmodSync, linkSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, JobError } from '@nightshift/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createYamlDefinitions, watchDefinitions, type WatchParts } from '../src/index.ts';
import { anyTrigger, collect, temporaryFolder, write } from './folder.ts';

const job = 'job: { command: [true] }\n';

/** Timers of this file that run. */
const timers = new Set<unknown>();

const clock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const end = (): void => {
        clearTimeout(timer);
        timers.delete(timer);
      };
      const timer = setTimeout(() => { end(); resolve(); }, milliseconds);
      timers.add(timer);
      signal?.addEventListener('abort', () => { end(); reject(signal.reason as Error); }, { once: true });
    }),
};

/** The same, eight times as fast. */
const hurried: Clock = { ...clock, monotonic: () => performance.now() * 8, sleep: (milliseconds, signal) => clock.sleep(milliseconds / 8, signal) };

/** As on a machine that has no watch left to give. */
const noWatch: NonNullable<WatchParts['watchFolder']> = () => {
  throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
};

/** What a watch says, one after another; `rest` ends it and gives what it had said beyond. */
function watching(folders: readonly string[], parts: Partial<WatchParts> = {}): { next(): Promise<string | undefined>; rest(): Promise<readonly string[]>; abort(): void } {
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const names = watchDefinitions(folders, { clock, ...parts }, ending.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => ((await names.next()) as { value?: { name: string } }).value?.name;
  const rest = async (): Promise<readonly string[]> => {
    // Everything before has been said when this one is; no name comes twice at once.
    const said: string[] = [];
    write(join(folders[0] as string, 'Last.yaml'), job);
    for (let name = await next(); name !== 'Last'; name = await next()) said.push(name as string);
    ending.abort();
    return said;
  };
  return { next, rest, abort: () => ending.abort() };
}

describe.each<[string, Partial<WatchParts>]>([
  ['with notices of the system', {}],
  ['without', { watchFolder: noWatch, clock: hurried }],
])('a watched folder, %s,', (_, parts) => {
  test.each<[string, (file: string) => void]>([
    ['is written', (file) => writeFileSync(file, `${job}enabled: false\n`)],
    ['is written with as many characters', (file) => writeFileSync(file, job.replace('true', 'date'))],
    ['grows', (file) => appendFileSync(file, '# more\n')],
    ['is exchanged', (file) => { writeFileSync(`${file}.tmp`, job); renameSync(`${file}.tmp`, file); }],
    ['is removed', (file) => unlinkSync(file)],
    ['may be read by others', (file) => chmodSync(file, 0o600)],
    ['has another date', (file) => utimesSync(file, 1, 1)],
  ])('says which definition it was when a file %s', async (_, change) => {
    const folder = temporaryFolder();
    const file = write(join(folder, 'Nightly.yaml'), job);
    write(join(folder, 'Other.yaml'), job);
    const watch = watching([folder], parts);
    change(file);
    expect(await watch.next()).toBe('Nightly');
    expect(await watch.rest()).toEqual([]);
  });

  test('says which definitions appear, of every extension, and of no other file', async () => {
    const folder = temporaryFolder();
    const watch = watching([folder], parts);
    for (const name of ['A.yaml', 'B.yml', 'C.json', '.D.yaml', 'E.yaml~', 'F.txt', '4913']) write(join(folder, name), job);
    expect([await watch.next(), await watch.next(), await watch.next()].toSorted()).toEqual(['A', 'B', 'C']);
    expect(await watch.rest()).toEqual([]);
  });

  test('says both names of a file that gets another', async () => {
    const folder = temporaryFolder();
    const file = write(join(folder, 'Nightly.yaml'), job);
    const watch = watching([folder], parts);
    renameSync(file, join(folder, 'Weekly.yaml'));
    expect([await watch.next(), await watch.next()].toSorted()).toEqual(['Nightly', 'Weekly']);
  });

  test('is one of several', async () => {
    const folders = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const watch = watching(folders, parts);
    write(join(folders[2] as string, 'Third.yaml'), job);
    expect(await watch.next()).toBe('Third');
    write(join(folders[1] as string, 'Second.yaml'), job);
    expect(await watch.next()).toBe('Second');
  });

  test('is watched when it is made later, and again when it was removed and made anew', async () => {
    const folder = join(temporaryFolder(), 'definitions');
    const watch = watching([folder], parts);
    for (const name of ['First', 'Second', 'Third']) {
      write(join(folder, `${name}.yaml`), job);
      expect(await watch.next()).toBe(name);
      rmSync(folder, { recursive: true });
      expect(await watch.next()).toBe(name);
    }
  });

  test('is watched under its name when another folder takes that', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'definitions');
    write(join(folder, 'Old.yaml'), job);
    write(join(parent, 'next', 'New.yaml'), job);
    const watch = watching([folder], parts);
    renameSync(folder, join(parent, 'before'));
    renameSync(join(parent, 'next'), folder);
    expect([await watch.next(), await watch.next()].toSorted()).toEqual(['New', 'Old']);
    write(join(parent, 'before', 'Elsewhere.yaml'), job);
    write(join(folder, 'Here.yaml'), job);
    expect(await watch.next()).toBe('Here');
  });

  test('sees that a file behind a link changes', async () => {
    const folder = temporaryFolder();
    const target = write(join(folder, 'elsewhere', 'Nightly.yaml'), job);
    symlinkSync(target, join(folder, 'Nightly.yaml'));
    const watch = watching([folder], parts);
    writeFileSync(target, `${job}enabled: false\n`);
    expect(await watch.next()).toBe('Nightly');
  });

  test('that is a link is looked for where the link leads now', async () => {
    const parent = temporaryFolder();
    const folder = join(parent, 'current');
    write(join(parent, 'one', 'A.yaml'), job);
    write(join(parent, 'two', 'B.yaml'), job);
    symlinkSync('one', folder);
    const watch = watching([folder], parts);
    symlinkSync('two', join(parent, 'new'));
    renameSync(join(parent, 'new'), folder);
    expect([await watch.next(), await watch.next()].toSorted()).toEqual(['A', 'B']);
    write(join(parent, 'two', 'C.yaml'), job);
    expect(await watch.next()).toBe('C');
  });
});

test('a file that is truncated, written in parts and exchanged at last is named once', async () => {
  const folder = temporaryFolder();
  const file = write(join(folder, 'Nightly.yaml'), job);
  const watch = watching([folder]);
  writeFileSync(file, '');
  for (const part of job) appendFileSync(file, part);
  write(`${file}.new`, job);
  renameSync(`${file}.new`, file);
  expect(await watch.next()).toBe('Nightly');
  expect(await watch.rest()).toEqual([]);
});

test('a folder that cannot be watched is told of once, with the reason', async () => {
  const folder = temporaryFolder();
  const warnings: JobError[] = [];
  const watch = watching([folder], { watchFolder: noWatch, warn: (warning) => void warnings.push(warning) });
  for (const name of ['A', 'B']) {
    write(join(folder, `${name}.yaml`), job);
    expect(await watch.next()).toBe(name);
  }
  expect(warnings).toMatchObject([{ code: 'DefinitionPathNotWatched', message: expect.stringMatching(/max_user_watches/) }]);
});

test('an error of the system in the middle of a watch is no end of it', async () => {
  const folder = temporaryFolder();
  const failing: ((cause: Error) => void)[] = [];
  const fragile: WatchParts['watchFolder'] = () => ({ on(_: string, listener: (cause: Error) => void) { failing.push(listener); return this as never; }, close() {} });
  const watch = watching([folder], { watchFolder: fragile });
  write(join(folder, 'Lost.yaml'), job);
  failing[0]?.(new Error('queue overflow'));
  expect(await watch.next()).toBe('Lost');
  expect(failing).toHaveLength(2);
});

test('a lost notice is made up for by the look that comes each 30 s', async () => {
  const folder = temporaryFolder();
  const slept: number[] = [];
  const impatient: Clock = { ...clock, sleep: (milliseconds, signal) => (slept.push(milliseconds), clock.sleep(Math.min(milliseconds, 50), signal)) };
  const silent: WatchParts['watchFolder'] = () => ({ on() { return this as never; }, close() {} });
  const watch = watching([folder], { watchFolder: silent, clock: impatient });
  write(join(folder, 'Lost.yaml'), job);
  expect(await watch.next()).toBe('Lost');
  expect(slept).toContain(30_000);
});

test('a folder with too many definitions to be read counts as it was until it can be read', async () => {
  const folder = temporaryFolder();
  write(join(folder, 'Nightly.yaml'), job);
  const file = write(join(folder, 'elsewhere', 'file'), job);
  let looks = 0;
  const counting: Clock = { ...hurried, sleep: (milliseconds, signal) => ((looks += 1), hurried.sleep(milliseconds, signal)) };
  const watch = watching([folder], { watchFolder: noWatch, clock: counting });
  for (let n = 0; n < 10_000; n += 1) linkSync(file, join(folder, `D${n}.yaml`));
  const before = looks;
  await expect.poll(() => looks, { timeout: 40_000 }).toBeGreaterThan(before + 1);
  for (let n = 0; n < 10_000; n += 1) unlinkSync(join(folder, `D${n}.yaml`));
  expect(await watch.rest()).toEqual([]);
}, 60_000);

test('a watch that is ended says nothing more and leaves no watcher and no timer', async () => {
  const folder = temporaryFolder();
  const before = inUse();
  const watch = watching([folder, join(folder, 'not-there')]);
  write(join(folder, 'A.yaml'), job);
  expect(await watch.next()).toBe('A');
  expect(inUse()).not.toEqual(before);
  write(join(folder, 'B.yaml'), job);
  const last = watch.next();
  watch.abort();
  expect(await last).toBeUndefined();
  await expect.poll(inUse).toEqual(before);
});

test('a watch that nobody listens to any longer leaves nothing either', async () => {
  const folder = temporaryFolder();
  const before = inUse();
  const signal = new AbortController().signal;
  const names = watchDefinitions([folder], { clock }, signal);
  write(join(folder, 'A.yaml'), job);
  for await (const { name } of names) {
    expect(name).toBe('A');
    break;
  }
  await expect.poll(inUse).toEqual(before);
});

test('a watch whose signal has fired before begins nothing', async () => {
  expect(await collect(watchDefinitions([temporaryFolder()], { clock }, AbortSignal.abort()))).toEqual([]);
});

test('definitions are watched where a clock is given, and a path stands for one folder in their place', async () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  const options = { folders: [folder], checkTrigger: anyTrigger };
  expect(createYamlDefinitions(options).watch).toBeUndefined();
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const source = createYamlDefinitions({ ...options, clock });
  const names = [undefined, other].map((path) => source.watch?.(path, ending.signal)[Symbol.asyncIterator]());
  write(join(folder, 'Here.yaml'), job);
  write(join(other, 'There.yaml'), job);
  expect(await names[0]?.next()).toMatchObject({ value: { name: 'Here' } });
  expect(await names[1]?.next()).toMatchObject({ value: { name: 'There' } });
});

/** Watchers of this process, and timers of its watches. */
function inUse(): { readonly watchers: number; readonly timers: number } {
  return { watchers: process.getActiveResourcesInfo().filter((kind) => kind === 'FSEventWrap').length, timers: timers.size };
}
