import { appendFileSync, closeSync, globSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogMatches, LogPiece, RecordsPage, Run } from '../src/api.ts';
import { ended, openPlace, start, type Place } from './place.ts';

const LONG = 65_536;
let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

/** The file that holds what a job of the session has written. */
async function stdoutOf(id: number): Promise<string> {
  const { jobs } = await place.host.getJobs({ ids: [id] });
  const [path = ''] = globSync(`session/*/${jobs[0]?.instanceId}/1/stdout`, { cwd: place.state });
  return join(place.state, path);
}

/** A job that has ended, whose output is then made to be what is wanted: nobody waits for a gigabyte to be printed. */
async function jobWith(write: (stdout: string) => void): Promise<number> {
  const id = await start(place.host, 'Talker', 'true');
  await ended(place.host, id);
  write(await stdoutOf(id));
  return id;
}

/** From now on a folder lies where the output was. */
async function spoil(id: number): Promise<void> {
  const path = await stdoutOf(id);
  rmSync(path);
  mkdirSync(path);
}

const piece = (id: number, query: string): Promise<LogPiece> => place.answer<LogPiece>(`/api/jobs/${id}/log?${query}`);
const texts = ({ lines }: LogPiece): readonly string[] => lines.map(({ text }) => text);

describe('a piece of a log', () => {
  test('is the end, unless another place is asked for', async () => {
    const id = await jobWith((path) => appendFileSync(path, Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join('')));
    const end = await piece(id, 'bytes=1024');
    expect(end).toMatchObject({ channel: 'stdout', ended: true, to: end.size });
    expect(texts(end).at(-1)).toBe('line 19999');
    const before = await piece(id, `before=${end.from}&bytes=1024`);
    expect(before.to).toBe(end.from);
    expect(Number(texts(before).at(-1)?.slice(5)) + 1).toBe(Number(texts(end)[0]?.slice(5)));
  });

  test('begins with a whole line wherever it is asked for, and all pieces together are the log, forwards and backwards', async () => {
    const whole = Array.from({ length: 3_000 }, (_, n) => 'x'.repeat((n * 37) % 400) + String(n));
    const id = await jobWith((path) => appendFileSync(path, `${whole.join('\n')}\n`));
    const forwards: string[] = [];
    for (let at = 0, size = 1; at < size; ) {
      const next = await piece(id, `from=${at}&bytes=20000`);
      expect(next.from).toBe(at);
      forwards.push(...texts(next));
      ({ to: at, size } = next);
    }
    expect(forwards).toEqual(whole);
    const backwards: string[] = [];
    for (let at = -1; at !== 0; ) {
      const next: LogPiece = await piece(id, at === -1 ? 'bytes=20000' : `before=${at}&bytes=20000`);
      backwards.unshift(...texts(next));
      at = next.from;
    }
    expect(backwards).toEqual(whole);
    const { lines } = await piece(id, 'from=5000&bytes=1024');
    expect(lines[0]?.text).toBe(whole[whole.findIndex((_, n) => whole.slice(0, n).reduce((sum, text) => sum + text.length + 1, 0) >= 5_000)]);
  });

  test('of a line without end comes in parts that are the same from wherever one begins', async () => {
    const id = await jobWith((path) => appendFileSync(path, `short\n${'abcdefgh'.repeat(40_000)}\nlast\n`));
    const parts = (await piece(id, 'from=0&bytes=1048576')).lines;
    expect(parts.map(({ at }) => at)).toEqual([0, 6, LONG, 2 * LONG, 3 * LONG, 4 * LONG, 320_007]);
    expect(parts.map(({ cut }) => cut === true)).toEqual([false, true, true, true, true, false, false]);
    expect(parts.map(({ text }) => text).join('').length).toBe(320_009);
    for (const from of [7, 1_000, LONG - 1, LONG, LONG + 1, 200_000, 300_000]) {
      const [first] = (await piece(id, `from=${from}&bytes=1024`)).lines;
      expect(parts).toContainEqual(first);
      expect(first?.at).toBeGreaterThanOrEqual(from);
    }
    expect((await piece(id, `before=${2 * LONG}&bytes=1024`)).lines.at(-1)).toEqual(parts[2]);
  });

  test('says of its last line that it has no end yet, while the job runs', async () => {
    const id = await start(place.host, 'Asking', 'printf "done\\nName? "; sleep 60');
    let seen: LogPiece;
    do seen = await piece(id, '');
    while (seen.lines.length < 2);
    expect(seen).toMatchObject({ ended: false, lines: [{ text: 'done' }, { text: 'Name? ', open: true }] });
    await place.host.stopJobs({ ids: [id] }, {});
    expect((await piece(id, '')).lines.at(-1)).toEqual({ at: 5, stream: 'output', text: 'Name? ', time: null });
  });

  test('knows the stream of each line', async () => {
    const id = await start(place.host, 'Streams', 'echo plain; echo "::warning::careful"; echo "::debug::deep"; echo bad >&2');
    await ended(place.host, id);
    expect((await piece(id, '')).lines.map(({ stream, text }) => [stream, text])).toEqual([['output', 'plain'], ['warning', 'careful'], ['debug', 'deep']]);
    expect((await piece(id, 'channel=stderr')).lines.map(({ stream, text }) => [stream, text])).toEqual([['error', 'bad']]);
    const { logs } = await place.answer<Run>(`/api/jobs/${id}`);
    expect(logs).toMatchObject([{ channel: 'stdout', attempt: 1, ended: true }, { channel: 'stderr', bytes: 4 }]);
  });

  test('shows what is no UTF-8 as such, and bytes stay in their places', async () => {
    const id = await jobWith((path) => appendFileSync(path, Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3, 0xa4, 0x0d, 0x0a, 0x1b, 0x5b, 0x31, 0x6d, 0x0a])));
    expect((await piece(id, '')).lines.map(({ at, text }) => [at, text])).toEqual([[0, 'a\ufffdb'], [4, 'ä'], [8, '\x1b[1m']]);
  });

  test('of a gigabyte opens at its end and in its middle', async () => {
    const id = await jobWith((path) => {
      const file = openSync(path, 'r+');
      // A hole takes no room, and reads as so many NULs: one line without end, then another.
      writeSync(file, Buffer.from('\nthe middle\n'), 0, 12, 2 ** 29);
      writeSync(file, Buffer.from('\nthe end\n'), 0, 9, 2 ** 30);
      closeSync(file);
      expect(statSync(path).size).toBeGreaterThan(2 ** 30);
    });
    expect(texts(await piece(id, 'bytes=1024')).at(-1)).toBe('the end');
    expect(texts(await piece(id, `from=${2 ** 29 + 1}&bytes=1024`))[0]).toBe('the middle');
  });

  test.each(['from=-1', 'from=x', 'from=1.5', 'bytes=1', 'bytes=9999999', 'channel=stdin', 'attempt=0', 'from=1&before=2', 'from=1&from=2', 'nothing=1', `from=${'9'.repeat(17)}`])('is refused where it is asked for by %s', async (query) => {
    const id = await start(place.host, 'Any', 'true');
    expect((await place.ask(`/api/jobs/${id}/log?${query}`)).status).toBe(400);
  });

  test('of an attempt or a job that there was none of is not found', async () => {
    const id = await start(place.host, 'Any', 'true');
    for (const path of [`${id}/log?attempt=2`, '999999/log', '01a20957-7875-7502-9feb-be36ae21e645/log']) expect((await place.ask(`/api/jobs/${path}`)).status).toBe(404);
  });
});

describe('a log that cannot be read', () => {
  test('leaves everything else of its run to be seen, and says why', async () => {
    const id = await start(place.host, 'Hurt', 'echo said; echo bad >&2; exit 3');
    await ended(place.host, id);
    await spoil(id);
    const { job, logs, sinceSuccess } = await place.answer<Run>(`/api/jobs/${id}`);
    expect([job, sinceSuccess]).toMatchObject([{ id, name: 'Hurt', state: 'Failed', exitCode: 3, message: 'bad' }, null]);
    expect(logs).toMatchObject([{ channel: 'stdout', bytes: 0, ended: true, error: { code: 'CantLoadScheduledJobDefinitionFromStore', message: expect.stringMatching(/^the stdout of Job\d+ \(\d+\) cannot be read: /) as string, hint: 'nightshift doctor' } }, { channel: 'stderr', bytes: 4 }]);
    expect(logs[1]).not.toHaveProperty('error');
    expect(texts(await piece(id, 'channel=stderr'))).toEqual(['bad']);
    for (const path of ['log', 'log/search?text=a', 'log/raw', 'records']) expect([path, (await place.ask(`/api/jobs/${id}/${path}`)).status]).toEqual([path, 500]);
  });

  test('is told as such to who follows it, and does not silence the feed for the others', async () => {
    const [hurt, talker] = [await start(place.host, 'Hurt', 'sleep 60'), await start(place.host, 'Talker', 'sleep 60')];
    await spoil(hurt);
    const left = new AbortController();
    const heard = async (id: number, what: string): Promise<void> => {
      const response = await place.ask(`/api/events?follow=${id}`, { signal: left.signal });
      let text = '';
      for await (const bytes of response.body as ReadableStream<Uint8Array>) if ((text += Buffer.from(bytes).toString()).includes(what)) return;
    };
    await heard(hurt, '"error":{"code":"');
    const [silent, other] = [heard(hurt, 'nothing'), heard(talker, '"bytes":7')];
    appendFileSync(await stdoutOf(talker), 'spoken\n');
    await other;
    left.abort();
    await expect(silent).rejects.toThrow();
    expect(place.troubles).toEqual([]);
  });
});

describe('a search in a log', () => {
  test('finds every line with a text, without case, and goes on where it has stopped', async () => {
    const id = await jobWith((path) => appendFileSync(path, Array.from({ length: 200_000 }, (_, n) => (n % 50_000 === 7 ? `An ERROR in ${n}\n` : `all is well with ${n}\n`)).join('')));
    const found: string[] = [];
    let next: number | null = 0;
    while (next !== null) {
      const matches: LogMatches = await place.answer<LogMatches>(`/api/jobs/${id}/log/search?text=error&limit=3&from=${next}`);
      found.push(...matches.matches.map(({ text }) => text));
      ({ next } = matches);
    }
    expect(found).toEqual([7, 50_007, 100_007, 150_007].map((n) => `An ERROR in ${n}`));
  });

  test('takes nothing for a pattern', async () => {
    const id = await jobWith((path) => appendFileSync(path, 'a.c\nabc\n(a|b)*\n'));
    const found = async (text: string): Promise<readonly number[]> => (await place.answer<LogMatches>(`/api/jobs/${id}/log/search?text=${encodeURIComponent(text)}`)).matches.map(({ at }) => at);
    expect([await found('a.c'), await found('(a|b)*'), await found('[')]).toEqual([[0], [8], []]);
  });
});

test('records come piece by piece, each once, and nothing is consumed', async () => {
  const id = await start(place.host, 'Lines', 'for i in 1 2 3 4 5; do echo $i; done; echo bad >&2');
  await ended(place.host, id);
  const seen: unknown[] = [];
  let cursor = '';
  for (let more = true; more; ) {
    const page: RecordsPage = await place.answer<RecordsPage>(`/api/jobs/${id}/records?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...page.records.map(({ value, stream }) => [stream, value]));
    ({ cursor, more } = page);
  }
  expect(seen).toEqual([...['1', '2', '3', '4', '5'].map((text) => ['output', text]), ['error', { message: 'bad' }]]);
  expect((await place.host.getJobs({ ids: [id] })).jobs[0]?.hasMoreData).toBe(true);
  for (const bad of ['x', Buffer.from('{"1":"{\\"stdout\\":{\\"output\\":{\\"offset\\":-5,\\"seq\\":0}}}"}').toString('base64url')]) expect((await place.ask(`/api/jobs/${id}/records?cursor=${bad}`)).status).toBe(400);
});
