import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, Instance, OutputPlace } from '@nightshift/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/database.ts';
import type { PgbossOptions } from '../src/options.ts';
import { folderStore } from '../src/output/folder.ts';
import { outputOf } from '../src/output/output.ts';
import { s3Store } from '../src/output/s3.ts';
import { keepUp } from '../src/upkeep.ts';
import { contextOf, insertPair } from './jobs-of-engine.ts';
import { realTime } from './real-time.ts';
import { serverOfThisFile, type FileServer } from './server.ts';

const file = serverOfThisFile();
const KIB = 1_024;

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ns-output-'));
  folders.push(folder);
  return folder;
}

interface S3Server {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}
let s3: S3Server | undefined;
let port = 0;

beforeAll(async () => {
  const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => S3Server;
  s3 = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: newFolder(), configureBuckets: [{ name: 'jobs' }] });
  ({ port } = await s3.run());
});
afterAll(async () => {
  await s3?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const bucket = () => ({ endpoint: `http://127.0.0.1:${port}`, bucket: 'jobs', region: 'us-east-1', accessKey: 'S3RVER', secretKey: 'S3RVER' });
const PLACES = { folder: (): PgbossOptions['output'] => ({ folder: newFolder() }), s3: (): PgbossOptions['output'] => ({ s3: bucket() }) } as const;

interface Written {
  readonly engine: Engine;
  readonly run: Instance;
  readonly place: OutputPlace;
  readonly options: PgbossOptions;
  append(bytes: Uint8Array, offset?: number, fence?: number): Promise<unknown>;
}

async function runOf(server: FileServer, output?: PgbossOptions['output']): Promise<Written> {
  const options = { ...(await server.emptied()), ...(output === undefined ? {} : { output }) };
  const engine = await server.engine(options);
  const [, run] = await insertPair(engine.store);
  const place: OutputPlace = { instanceId: run.instanceId, attempt: 1, channel: 'stdout' };
  return {
    engine, run, place, options,
    append: async (bytes, offset, fence = 0) => engine.output.append({ ...place, fence, offset: offset ?? (await engine.output.size(place)) }, bytes),
  };
}

/** The same bytes each time, and hardly any twice. */
function noise(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let index = 0; index < size; index++) bytes[index] = (index * 31 + (index >> 8) + (index >> 15)) & 0xff;
  return bytes;
}

const all = ({ engine, place }: Written, size: number): Promise<Uint8Array> => engine.output.read({ ...place, offset: 0, limit: size });
async function segments({ options }: Written): Promise<readonly { readonly size: number; readonly object: string | null }[]> {
  await using database = openDatabase(options, realTime);
  return (await database.query<{ size: number; object: string | null }>('SELECT size, object FROM nightshift.segment ORDER BY position')).rows;
}

describe('output in rows', () => {
  test('is cut into rows of at most 4 KiB, and read across them', async () => {
    const written = await runOf(file);
    const bytes = noise(10 * KIB);
    await written.append(bytes.subarray(0, 5 * KIB));
    await written.append(bytes.subarray(5 * KIB));
    expect((await segments(written)).map(({ size }) => size)).toEqual([4_096, 1_024, 4_096, 1_024]);
    expect(Buffer.from(await written.engine.output.read({ ...written.place, offset: 3_000, limit: 5_000 }))).toEqual(bytes.subarray(3_000, 8_000));
    expect(await written.engine.output.read({ ...written.place, offset: bytes.length, limit: 9 })).toHaveLength(0);
  });

  test('that is sent twice is written once, and what is new of it is added', async () => {
    const written = await runOf(file);
    const bytes = noise(300);
    expect(await written.append(bytes.subarray(0, 100), 0)).toEqual({ is: 'written' });
    expect(await written.append(bytes.subarray(0, 100), 0)).toEqual({ is: 'written' });
    expect(await written.append(bytes.subarray(50), 50)).toEqual({ is: 'written' });
    expect(Buffer.from(await all(written, 999))).toEqual(bytes);
  });

  test('behind a gap is refused, with the place where the channel ends', async () => {
    const written = await runOf(file);
    await written.append(noise(10));
    expect(await written.append(noise(5), 11)).toEqual({ is: 'gap', size: 10 });
  });

  test('of another owner, or of a run that is gone, is refused', async () => {
    const written = await runOf(file);
    expect(await written.append(noise(10), 0, 1)).toEqual({ is: 'fenced' });
    await written.engine.store.remove([written.run]);
    expect(await written.append(noise(10), 0)).toEqual({ is: 'fenced' });
    expect(await written.engine.output.size(written.place)).toBe(0);
  });

  test('of two that send the same bytes at the same time is written once', async () => {
    const written = await runOf(file);
    const bytes = noise(9 * KIB);
    expect(await Promise.all([1, 2, 3, 4].map(() => written.append(bytes, 0)))).toEqual(Array(4).fill({ is: 'written' }));
    expect(Buffer.from(await all(written, 99_999))).toEqual(bytes);
  });
});

describe.each(['folder', 's3'] as const)('output with a store for large pieces: %s', (kind) => {
  test('lies there in whole pieces, and small ones in rows between them', async () => {
    const written = await runOf(file, PLACES[kind]());
    const bytes = noise(700 * KIB);
    await written.append(bytes.subarray(0, 1_000));
    await written.append(bytes.subarray(1_000, 400 * KIB));
    await written.append(bytes.subarray(400 * KIB, 401 * KIB));
    await written.append(bytes.subarray(401 * KIB));
    expect((await segments(written)).map(({ size, object }) => [size, object !== null])).toEqual([[1_000, false], [400 * KIB - 1_000, true], [KIB, false], [299 * KIB, true]]);
    expect(Buffer.from(await all(written, bytes.length))).toEqual(bytes);
    expect(Buffer.from(await written.engine.output.read({ ...written.place, offset: 399 * KIB, limit: 3 * KIB }))).toEqual(bytes.subarray(399 * KIB, 402 * KIB));
  });

  test('that has become large in small pieces is folded into one', async () => {
    const written = await runOf(file, PLACES[kind]());
    const bytes = noise(4_500 * KIB);
    // A large piece first: what comes behind it is folded by itself.
    await written.append(bytes.subarray(0, 1_000));
    await written.append(bytes.subarray(1_000, 1_000 + 300 * KIB));
    for (let from = 1_000 + 300 * KIB; from < bytes.length; from += 200 * KIB) await written.append(bytes.subarray(from, from + 200 * KIB));
    const kept = await segments(written);
    expect(kept.filter(({ object }) => object !== null)).toHaveLength(2);
    expect(kept.length).toBeLessThan(60);
    expect(Buffer.from(await all(written, bytes.length)).equals(bytes)).toBe(true);
  });

  test('of a large piece that is sent again behind what there is only the rest is kept', async () => {
    const written = await runOf(file, PLACES[kind]());
    const bytes = noise(600 * KIB);
    await written.append(bytes.subarray(0, 300 * KIB), 0);
    expect(await written.append(bytes, 0)).toEqual({ is: 'written' });
    expect(await written.append(bytes.subarray(0, 300 * KIB), 0)).toEqual({ is: 'written' });
    expect(Buffer.from(await all(written, bytes.length)).equals(bytes)).toBe(true);
    expect(await written.append(bytes, bytes.length + 1)).toEqual({ is: 'gap', size: bytes.length });
    expect(await written.append(bytes, bytes.length, 7)).toEqual({ is: 'fenced' });
  });

  test('that several send at the same time is there once, and what was refused of it goes', async () => {
    const written = await runOf(file, PLACES[kind]());
    const bytes = noise(800 * KIB);
    await Promise.all([written.append(bytes.subarray(0, 300 * KIB), 0), written.append(bytes, 0), written.append(bytes.subarray(0, 100), 0), written.append(bytes.subarray(0, 500 * KIB), 0)]);
    await written.append(bytes, 0);
    await using context = await contextOf({ ...written.options });
    await keepUp(context);
    expect(Buffer.from(await all(written, bytes.length)).equals(bytes)).toBe(true);
  });

  test('goes with its run, also when whoever removed it was killed before', async () => {
    const written = await runOf(file, PLACES[kind]());
    await written.append(noise(300 * KIB));
    const [{ object } = { object: null }] = await segments(written);
    const objects = kind === 's3' ? s3Store(bucket()) : folderStore((written.options.output as { folder: string }).folder);
    expect(Buffer.from(await objects.get(object ?? '', 0, 5))).toEqual(noise(5));
    await written.engine.store.remove([written.run]);
    expect(await objects.get(object ?? '', 0, 5)).toHaveLength(5);
    await using context = await contextOf({ ...written.options });
    await keepUp(context);
    await expect(objects.get(object ?? '', 0, 5)).rejects.toMatchObject({ code: 'InputOutputError' });
    expect((await context.database.query('SELECT * FROM nightshift.gone')).rows).toEqual([]);
  });

  test('whose object is not there any more is an error, not an end', async () => {
    const written = await runOf(file, PLACES[kind]());
    await written.append(noise(300 * KIB));
    const [{ object } = { object: null }] = await segments(written);
    const objects = kind === 's3' ? s3Store(bucket()) : folderStore((written.options.output as { folder: string }).folder);
    await objects.remove(object ?? '');
    await objects.remove(object ?? '');
    await expect(all(written, 9)).rejects.toMatchObject({ code: 'InputOutputError' });
  });

  test('is removed by the day', async () => {
    const objects = kind === 's3' ? s3Store(bucket()) : folderStore(newFolder());
    const keys = [1, 2, 3].map((index) => `2031-01-0${index === 3 ? 2 : 1}/019b7c2c-0000-7000-8000-00000000000${index}/1-stdout-0-0`);
    for (const key of keys) await objects.put(key, noise(10));
    await objects.remove('2031-01-01/');
    await objects.remove('2031-01-01/');
    await expect(objects.get(keys[0] ?? '', 0, 1)).rejects.toMatchObject({ code: 'InputOutputError' });
    expect(await objects.get(keys[2] ?? '', 0, 10)).toHaveLength(10);
  });
});

test('a folder has whole objects only, and no leftovers', async () => {
  const folder = newFolder();
  const key = '2031-01-01/019b7c2c-0000-7000-8000-000000000001/1-stdout-0-0';
  await folderStore(folder).put(key, noise(10));
  await folderStore(folder).put(key, noise(20));
  expect(readdirSync(join(folder, '2031-01-01/019b7c2c-0000-7000-8000-000000000001'))).toEqual(['1-stdout-0-0']);
  expect(await folderStore(folder).get(key, 0, 20)).toHaveLength(20);
});

test('a key that leads elsewhere is refused', async () => {
  await expect(folderStore(newFolder()).put('../outside', noise(1))).rejects.toThrow('no key');
  await expect(s3Store(bucket()).remove('2031-01-01/../../')).rejects.toThrow('no key');
});

test('an output store that is away keeps nobody from writing: what is small stays in rows, and it is told', async () => {
  const blocked = join(newFolder(), 'file');
  writeFileSync(blocked, '');
  const written = await runOf(file, { folder: blocked });
  const failures: unknown[] = [];
  await using context = await contextOf(written.options);
  const output = outputOf({ ...context, upkeep: { tend() {}, failed: (cause) => void failures.push(cause) } });
  const bytes = noise(4_400 * KIB);
  for (let offset = 0; offset < bytes.length; offset += 200 * KIB) expect(await output.append({ ...written.place, fence: 0, offset }, bytes.subarray(offset, offset + 200 * KIB))).toEqual({ is: 'written' });
  expect(failures.length).toBeGreaterThan(0);
  expect(Buffer.from(await all(written, bytes.length)).equals(bytes)).toBe(true);
});

test('an output store that takes nothing says why, and the bytes are not acknowledged', async () => {
  const blocked = join(newFolder(), 'file');
  writeFileSync(blocked, '');
  const written = await runOf(file, { folder: blocked });
  await expect(written.append(noise(300 * KIB))).rejects.toMatchObject({ code: expect.stringMatching(/^[A-Z][A-Za-z]+$/), message: expect.stringContaining('folder for output') });
  expect(await written.engine.output.size(written.place)).toBe(0);
  await expect(s3Store({ ...bucket(), bucket: 'nobody' }).put('2031-01-01/019b7c2c-0000-7000-8000-000000000001/1-stdout-0-0', noise(1))).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.stringContaining('NoSuchBucket') });
  await expect(s3Store({ ...bucket(), endpoint: 'http://127.0.0.1:1', secretKey: 'hunter2' }).put('2031-01-01/019b7c2c-0000-7000-8000-000000000001/1-stdout-0-0', noise(1))).rejects.toMatchObject({ code: 'StoreUnavailable', message: expect.not.stringContaining('hunter2') });
});
