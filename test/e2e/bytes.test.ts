import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newPlace, waitFor, type Place } from './product.ts';

const PAYLOADS = [
  '', ' ', '  two  blanks  ', '-', '--', '-n', '--help', '--wait', '-rf', '*', '?', '[a-z]*', '~', '~root', '$HOME', '${HOME}', '$(id)', '`id`', '$((1+1))',
  'a;b', 'a&b', 'a&&b', 'a||b', 'a|b', 'a>b', 'a<b', '#comment', '!history', "it's", '"double"', `'"'"'`, String.raw`back\slash`, '\\', String.raw`\n\0`,
  'new\nline', '\n', 'tab\tend', 'carriage\rreturn', '\u0001\u001B[31m', '{{ x }}', '%s%n%d', '@file', 'ünï😀', '‮rtl', 'a=b', '{a,b}', '\u00A0',
];
const ZERO = '\0';

describe('forty payloads of metacharacters arrive byte for byte', () => {
  test('there are forty of them', () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(40);
  });

  test.each([
    ['as words of a program', ['--', './save', ...PAYLOADS]],
    ['as arguments of a text', ['--script-block', './save "$@"', '--', ...PAYLOADS]],
    ['as arguments of a file', ['--file-path', 'save', '--', ...PAYLOADS]],
    ['as an argument list', ['./save "$@"', ...PAYLOADS.map((word) => `--argument-list=${word}`)]],
  ])('%s', async (_, args) => {
    const place = newPlace();
    savingProgram(place);
    const { code, stderr } = await place.run('start-job', ['--wait', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(saved(place)).toEqual(PAYLOADS);
  });

  test('as values of variables', async () => {
    const place = newPlace();
    const variables = PAYLOADS.flatMap((value, index) => ['--env', `P${index}=${value}`]);
    await place.stdoutOf('start-job', '--wait', ...variables, '--', 'sh', '-c', 'cat /proc/self/environ > saved');
    const environment = new Map(saved(place).map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]));
    expect(PAYLOADS.map((_, index) => environment.get(`P${index}`))).toEqual(PAYLOADS);
  });

  test('as command of a job that is quoted for a shell', async () => {
    const place = newPlace();
    savingProgram(place);
    const id = await place.start('--', './save', ...PAYLOADS);
    const { command } = await place.finished(id);
    await place.stdoutOf('sh', '-c', command);
    expect(saved(place)).toEqual(PAYLOADS);
  });

  test('as a text of the shell', async () => {
    const place = newPlace();
    const text = PAYLOADS.filter((payload) => payload !== '').map((payload) => `printf '%s\\0' '${payload.replaceAll("'", String.raw`'\''`)}' >> saved`).join('\n');
    expect((await place.run('start-job', ['--wait', '--', 'sh', '-c', text])).code).toBe(0);
    expect((await place.job(1)).state).toBe('Completed');
    expect(saved(place)).toEqual(PAYLOADS.filter((payload) => payload !== ''));
  });

  test('as names of jobs', async () => {
    const place = newPlace();
    const names = PAYLOADS.filter((name) => name !== '').slice(0, 20);
    for (const name of names) await place.start(`--name=${name}`, '--', 'true');
    expect((await place.jobs('--all')).map(({ name }) => name)).toEqual(names);
  });

  test('as names of working directories', async () => {
    const place = newPlace();
    const names = ['$(id)', "it's", 'new\nline', '-n', '*', 'ünï😀'];
    for (const name of names) {
      mkdirSync(join(place.work, name));
      expect(await place.stdoutOf('start-job', '--wait', `--working-directory=${name}`, '--', 'pwd')).toBe(`${place.work}/${name}\n`);
    }
  });
});

describe('output is byte-exact', () => {
  const bytes = Buffer.concat([randomBytes(300_000), Buffer.from(Array.from({ length: 256 }, (_, code) => code)), Buffer.from('no end of line')]);

  test.each([
    ['receive-job', 'binary', bytes],
    ['receive-job', 'with CR LF', Buffer.from('a\r\nb\r\n')],
    ['receive-job', 'without a last line end', Buffer.from('a\nb')],
    ['receive-job', 'of empty lines', Buffer.from('\n\n\n')],
    ['start-job --wait', 'binary', bytes],
  ] as const)('from %s into a pipe: %s', async (verb, _, wanted) => {
    const place = newPlace();
    writeFileSync(join(place.work, 'wanted'), wanted);
    if (verb === 'receive-job') {
      await place.start('--', 'cat', 'wanted');
      await place.finished(1);
    }
    const { bytes: seen } = verb === 'receive-job' ? await place.run('receive-job', ['1']) : await place.run('start-job', ['--wait', '--', 'cat', 'wanted']);
    expect({ length: seen.length, sum: sha256(seen) }).toEqual({ length: wanted.length, sum: sha256(wanted) });
  });

  test('and follows bit by bit, across the middle of a character', async () => {
    const place = newPlace();
    await place.start(String.raw`printf 'a\342'; touch half; until [ -e go ]; do sleep 0.05; done; printf '\202\254 b'`);
    const following = place.begin('receive-job', ['1', '--follow']);
    const seen: Buffer[] = [];
    following.stdout.on('data', (part: Buffer) => seen.push(part));
    const ended = new Promise((resolve) => following.on('close', resolve));
    await waitFor('half a character is written', () => place.run('test', ['-e', 'half']).then(({ code }) => code === 0));
    writeFileSync(join(place.work, 'go'), '');
    expect(await ended).toBe(0);
    expect(Buffer.concat(seen).toString().trimEnd()).toBe('a€ b');
  });
});

test('listing does not read what jobs have written', async () => {
  const place = newPlace();
  await place.start('truncate -s 200G "$NIGHTSHIFT_RUN_DIR/1/stdout"; until [ -e go ]; do sleep 0.05; done');
  await waitFor('the output is large', async () => (await place.run('sh', ['-c', 'find "$NIGHTSHIFT_STATE_DIR" -name stdout -size +100G | grep .'])).code === 0);
  expect((await place.run('get-job', ['-o', 'json'], { deadline: 5000 })).code).toBe(0);
  writeFileSync(join(place.work, 'go'), '');
  expect(await place.finished(1)).toMatchObject({ state: 'Completed', hasMoreData: true });
});

describe('a reader that leaves', () => {
  test.each([
    ['receive-job 1', 'a0000'],
    ['start-job --wait "seq -f a%04.0f 0 9999"', 'a0000'],
    ['receive-job 1 --follow', 'a0000'],
    ['receive-job 1 -o jsonl', '{"jobId":2,'],
  ])('ends "%s" quietly with 0, and no cursor moves', async (line, first) => {
    const place = newPlace();
    await place.start('seq -f a%04.0f 0 9999');
    await place.finished(1);
    const { stdout, stderr } = await place.run('bash', ['-c', `{ ${line}; echo "exit $?" >&2; } | head -1`]);
    expect(stdout).toMatch(new RegExp(`^${first}.*\\n$`));
    expect(stderr).toBe('exit 0\n');
    for (const { id } of await place.jobs()) {
      const again = (await place.stdoutOf('receive-job', String(id))).split('\n');
      expect(again).toHaveLength(10_001);
      expect(again[0]).toBe('a0000');
    }
  });
});

/** A program that writes its arguments, each with a zero byte behind it, into the file "saved". */
function savingProgram(place: Place): void {
  writeFileSync(join(place.work, 'save'), `#!/bin/sh\nprintf '%s\\0' "$@" > saved\n`);
  chmodSync(join(place.work, 'save'), 0o755);
}

function saved(place: Place): string[] {
  return readFileSync(join(place.work, 'saved'), 'utf8').split(ZERO).slice(0, -1);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
