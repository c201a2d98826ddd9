import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace, waitFor, type Place } from './product.ts';

interface Line { jobId: number; seq: number; time: string | null; stream: string; value: unknown; channel?: string }

/** Bytes of plain output that are read at a time. */
const PIECE = 131_072;

const AWKWARD: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['a line without an end', Buffer.from('last')],
  ['empty lines', Buffer.from('\n\n\n')],
  ['carriage returns', Buffer.from('a\r\nb\rc\r\n\r\n')],
  ['NUL bytes, control characters and no UTF-8', Buffer.from([0, 10, 255, 254, 10, 27, 91, 51, 49, 109, 10, 0xc3, 10, 0x80, 7, 10])],
  ['every byte', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ['a line of one piece', Buffer.from(`${'x'.repeat(PIECE - 1)}\n`)],
  ['a line of a piece and a byte', Buffer.from(`${'x'.repeat(PIECE)}\nend\n`)],
  ['a line of five megabytes', Buffer.from(`${'x'.repeat(5_000_000)}\nend`)],
  ['two colons within lines and at the end', Buffer.from('a ::warning::x\n :: \n::')],
];

describe('plain text into a pipe is delivered byte for byte', () => {
  test.each(AWKWARD)('%s', async (_what, bytes) => {
    const place = await finishedWith(newPlace(), bytes);
    expect((await place.run('receive-job', ['1', '--keep'])).bytes).toEqual(bytes);
    expect((await place.run('receive-job', ['1', '--raw', '--keep'])).bytes).toEqual(bytes);
    expect((await place.run('receive-job', ['1'])).bytes).toEqual(bytes);
    expect(await place.run('receive-job', ['1'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await place.job(1)).toMatchObject({ hasMoreData: false });
  });

  test('of standard error too, which ends with a line end', async () => {
    const place = newPlace();
    await place.start("printf 'a\\r\\n\\000\\377 b\\nlast' >&2");
    await place.finished(1);
    const { code } = await place.run('sh', ['-c', 'receive-job 1 2> errors']);
    expect(code).toBe(0);
    expect((await place.run('cat', ['errors'])).bytes).toEqual(Buffer.from('a\r\n\0\u00FF b\nlast\n', 'latin1'));
  });

  test('of several jobs, none of which is glued to the next', async () => {
    const place = newPlace();
    for (const text of ['printf a', 'printf "b\\n"', 'printf ""', 'printf c']) await place.start(text);
    await place.run('wait-job', ['*']);
    expect(await place.stdoutOf('receive-job', '*')).toBe('a\nb\nc');
  });

  test('while it is being written, a half line only when it is whole', async () => {
    const place = newPlace();
    await place.start("printf 'one\\ntwo'; until [ -e go ]; do sleep 0.05; done; printf ' and more\\nthree'");
    expect(await waitFor('the first line is there', () => place.stdoutOf('receive-job', '1'))).toBe('one\n');
    expect(await place.stdoutOf('receive-job', '1')).toBe('');
    writeFileSync(join(place.work, 'go'), '');
    await place.finished(1);
    expect(await place.stdoutOf('receive-job', '1')).toBe('two and more\nthree');
  });
});

describe('a stream command at the border of two pieces', () => {
  /** Lengths of what comes before it, so that its line, its colons or its end lie on the border. */
  const before = [PIECE - 30, PIECE - 20, PIECE - 12, PIECE - 3, PIECE - 2, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE - 1, 2 * PIECE];

  test.each(before)('is a record of its stream after %i bytes, and nothing around it is lost', async (length) => {
    const plain = `${'x'.repeat(99)}\n`.repeat(Math.floor(length / 100) - 1);
    const filler = `${'y'.repeat(length - plain.length - 1)}\n`;
    const place = await finishedWith(newPlace(), Buffer.from(`${plain}${filler}::warning::at the border\nafter\n`));
    expect(await place.run('receive-job', ['1', '--keep'])).toMatchObject({ stdout: `${plain}${filler}after\n`, stderr: 'WARNING: at the border\n' });
    const lines = (await jsonLines(place, '1')).filter(({ stream, value }) => stream === 'warning' || value === 'after');
    const count = Math.floor(length / 100) - 1;
    expect(lines).toMatchObject([{ seq: count + 2, stream: 'warning', value: 'at the border' }, { seq: count + 3, stream: 'output', value: 'after' }]);
  });

  test('also where a line longer than a piece comes before it', async () => {
    const place = await finishedWith(newPlace(), Buffer.from(`${'x'.repeat(2 * PIECE)}\n::warning::after a long line\n${'z'.repeat(PIECE - 1)}\n::error::last`));
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: `${'x'.repeat(2 * PIECE)}\n${'z'.repeat(PIECE - 1)}\n`, stderr: 'WARNING: after a long line\nlast\n' });
  });

  test('is none where two colons only begin a piece in the middle of a line', async () => {
    const text = `${'x'.repeat(PIECE)}::warning::no command\nend\n`;
    const place = await finishedWith(newPlace(), Buffer.from(text));
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: text, stderr: '' });
  });
});

describe('numbers of records are exact', () => {
  test('after bytes were received: as text, then --raw, then jsonl', async () => {
    const place = newPlace();
    await place.start('echo 1; echo 2; until [ -e one ]; do sleep 0.05; done; echo 3; echo ::warning::4; until [ -e two ]; do sleep 0.05; done; echo 5; echo 6 >&2');
    expect(await waitFor('two lines are there', () => place.stdoutOf('receive-job', '1', '--keep'), (text) => text.endsWith('2\n'))).toBe('1\n2\n');
    await place.stdoutOf('receive-job', '1');
    writeFileSync(join(place.work, 'one'), '');
    expect(await waitFor('two more lines are there', () => place.stdoutOf('receive-job', '1', '--raw', '--keep'), (text) => text.endsWith('4\n'))).toBe('3\n::warning::4\n');
    await place.stdoutOf('receive-job', '1', '--raw');
    writeFileSync(join(place.work, 'two'), '');
    await place.finished(1);
    expect(await jsonLines(place, '1')).toMatchObject([{ seq: 5, value: '5', channel: 'stdout' }, { seq: 1, value: '6', channel: 'stderr' }]);
    expect(await jsonLines(place, '1')).toEqual([]);
    expect((await jsonLines(place, '1', '--from', 'start')).map(({ seq, stream, value }) => [seq, stream, value])).toEqual([[1, 'output', '1'], [2, 'output', '2'], [3, 'output', '3'], [4, 'warning', '4'], [5, 'output', '5'], [1, 'error', '6']]);
  });

  test('when one stream is received before the others', async () => {
    const place = await finishedWith(newPlace(), Buffer.from('a\n::warning::b\nc\n::verbose::d\ne\n'));
    expect((await jsonLines(place, '1', '--stream', 'warning')).map(({ seq, value }) => [seq, value])).toEqual([[2, 'b']]);
    expect(await place.run('receive-job', ['1', '--stream', 'output'])).toMatchObject({ stdout: 'a\nc\ne\n', stderr: '' });
    expect((await jsonLines(place, '1')).map(({ seq, stream, value }) => [seq, stream, value])).toEqual([[4, 'verbose', 'd']]);
    expect(await place.job(1)).toMatchObject({ hasMoreData: false });
  });

  test('when plain text is received after another stream was', async () => {
    const place = await finishedWith(newPlace(), Buffer.from('a\n::warning::b\nc\n::warning::d\ne\n'));
    await jsonLines(place, '1', '--stream', 'warning');
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: 'a\nc\ne\n', stderr: '' });
  });
});

describe('with --output-format ndjson', () => {
  const VALUES = ['{"a":{"b":[1,2]}}', '[]', '12.5', '-1e3', 'true', 'null', '"text"', '"\\u00e4\\n"', '{"__proto__":1}'];

  test('each line is a value of its type, in jsonl and in text', async () => {
    const place = await finishedWith(newPlace(), Buffer.from(`${VALUES.join('\n')}\n`), '--output-format', 'ndjson');
    const { stdout } = await place.run('receive-job', ['1', '--keep', '-o', 'jsonl']);
    expect(stdout.trimEnd().split('\n').map((line) => line.slice(line.indexOf('"value":') + 8, line.lastIndexOf(',"channel"')))).toEqual(['{"a":{"b":[1,2]}}', '[]', '12.5', '-1000', 'true', 'null', '"text"', '"ä\\n"', '{"__proto__":1}']);
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: '{"a":{"b":[1,2]}}\n[]\n12.5\n-1000\ntrue\nnull\ntext\nä\n\n{"__proto__":1}\n', stderr: '' });
  });

  test('a line that is no JSON is kept as text, and only the first is warned of, however it is received', async () => {
    const place = await finishedWith(newPlace(), Buffer.from('1\noops\n2\nagain\n\n'), '--output-format', 'ndjson');
    const all = (await jsonLines(place, '1', '--keep')).map(({ seq, stream, value }) => [seq, stream, stream === 'warning' ? '' : value]);
    expect(all).toEqual([[1, 'output', 1], [2, 'output', 'oops'], [3, 'warning', ''], [4, 'output', 2], [5, 'output', 'again'], [6, 'output', '']]);
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: '1\noops\n2\nagain\n\n', stderr: expect.stringMatching(/^WARNING: .*oops\n$/) });
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: '', stderr: '' });
  });

  test('a cursor in the middle goes on with the right number, and does not warn again', async () => {
    const place = newPlace();
    await place.start('--output-format', 'ndjson', 'echo 1; echo oops; until [ -e go ]; do sleep 0.05; done; echo again; echo 3');
    await waitFor('two lines are there', () => jsonLines(place, '1', '--keep'), (lines) => lines.length === 3);
    expect((await jsonLines(place, '1')).map(({ seq, stream }) => [seq, stream])).toEqual([[1, 'output'], [2, 'output'], [3, 'warning']]);
    writeFileSync(join(place.work, 'go'), '');
    await place.finished(1);
    expect((await jsonLines(place, '1')).map(({ seq, stream, value }) => [seq, stream, value])).toEqual([[4, 'output', 'again'], [5, 'output', 3]]);
  });

  test('a cursor that bytes have moved goes on with the right number, and does not warn again', async () => {
    const place = newPlace();
    await place.start('--output-format', 'ndjson', 'echo 1; echo oops; until [ -e go ]; do sleep 0.05; done; echo again; echo 3');
    await waitFor('two lines are there', () => place.stdoutOf('receive-job', '1', '--raw', '--keep'), (text) => text === '1\noops\n');
    await place.stdoutOf('receive-job', '1', '--raw');
    writeFileSync(join(place.work, 'go'), '');
    await place.finished(1);
    expect((await jsonLines(place, '1')).map(({ seq, stream, value }) => [seq, stream, value])).toEqual([[4, 'output', 'again'], [5, 'output', 3]]);
  });

  test('the warning stays for a later call that asks for warnings', async () => {
    const place = await finishedWith(newPlace(), Buffer.from('1\noops\n'), '--output-format', 'ndjson');
    expect(await place.run('receive-job', ['1', '--stream', 'output'])).toMatchObject({ stdout: '1\noops\n', stderr: '' });
    expect(await jsonLines(place, '1')).toMatchObject([{ seq: 3, stream: 'warning' }]);
    expect(await place.job(1)).toMatchObject({ hasMoreData: false });
  });
});

describe('a reader that leaves consumes nothing', () => {
  test.each([
    ['text', []], ['raw bytes', ['--raw']], ['jsonl', ['-o', 'jsonl']], ['one stream', ['--stream', 'output']], ['a follower', ['--wait']],
  ])('of %s', async (_what, args) => {
    const place = newPlace();
    await place.start('--', 'seq', '1', '100000');
    await place.finished(1);
    const early = await place.run('sh', ['-c', 'receive-job 1 "$@" | head -n 1', 'sh', ...args]);
    expect(early).toMatchObject({ code: 0, stderr: '' });
    expect((await place.stdoutOf('receive-job', '1')).split('\n')).toHaveLength(100_001);
  });

  test('and --auto-remove-job removes nothing', async () => {
    const place = newPlace();
    await place.start('--', 'seq', '1', '100000');
    await place.run('sh', ['-c', 'receive-job 1 --wait --auto-remove-job | head -n 1']);
    expect(await place.jobs()).toMatchObject([{ id: 1, hasMoreData: true }]);
  });
});

describe('with --raw', () => {
  test('--from start gives all bytes again and leaves the cursor where it was', async () => {
    const place = await finishedWith(newPlace(), Buffer.from('a\nb\n'));
    await place.stdoutOf('receive-job', '1', '--raw');
    expect(await place.stdoutOf('receive-job', '1', '--raw')).toBe('');
    expect(await place.stdoutOf('receive-job', '1', '--raw', '--from', 'start')).toBe('a\nb\n');
    expect(await place.stdoutOf('receive-job', '1', '--raw')).toBe('');
  });

  test('the bytes of a running job come as they are written, half lines included', async () => {
    const place = newPlace();
    await place.start("printf 'half'; until [ -e go ]; do sleep 0.05; done; printf ' a line'");
    const following = place.run('receive-job', ['1', '--raw', '--follow']);
    await waitFor('the half is there', () => place.stdoutOf('receive-job', '1', '--raw', '--keep'), (text) => text === 'half');
    writeFileSync(join(place.work, 'go'), '');
    expect(await following).toMatchObject({ code: 0, stdout: 'half a line' });
  });

  test('of a Failed job the reason is still there for a later call', async () => {
    const place = newPlace();
    await place.start('echo x; exit 3');
    await place.finished(1);
    expect(await place.run('receive-job', ['1', '--raw'])).toMatchObject({ stdout: 'x\n', stderr: '' });
    expect(await place.run('receive-job', ['1'])).toMatchObject({ stdout: '', stderr: 'the command exited with code 3\n' });
  });
});

/** A job that has printed these bytes and ended. */
async function finishedWith(place: Place, bytes: Buffer, ...options: string[]): Promise<Place> {
  writeFileSync(join(place.work, 'bytes'), bytes);
  await place.start(...options, '--', 'cat', 'bytes');
  await place.finished(1);
  return place;
}

async function jsonLines(place: Place, ...args: string[]): Promise<Line[]> {
  const text = await place.stdoutOf('receive-job', ...args, '-o', 'jsonl');
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line);
}
