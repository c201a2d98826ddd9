import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TestClock } from '@nightshift/testing';
import { atStart, COMPLETED, Desk, gone, heardBy, inNode, inSh, isAlive, newFolder, noStates, onceAsleep } from './desk.ts';

/** A program that says one thing instead of the right one, then tells on standard error what it hears. */
const says = (when: 'hello' | 'prepare' | 'start', ...lines: string[]): readonly [string, ...string[]] =>
  inSh(`'{"type":"${when}"'*) ${lines.map((line) => `say '${line}'`).join('; ')} ;;\n'{"type":"error"'*) printf '%s\\n' "$line" >&2 ;;`);

const wrongLines = [
  ['no JSON', 'start', 'hello there', 'StdioProtocolViolation', 'wrote a line that is not a JSON object: hello there'],
  ['an empty line', 'start', '', 'StdioProtocolViolation', 'wrote a line that is not a JSON object: '],
  ['a list', 'start', '[1]', 'StdioProtocolViolation', 'wrote a line that is not a JSON object: [1]'],
  ['null', 'start', 'null', 'StdioProtocolViolation', 'wrote a line that is not a JSON object: null'],
  ['an object without "type"', 'start', '{"typo":1}', 'StdioProtocolViolation', 'wrote a JSON object without a "type": {"typo":1}'],
  ['a "type" that is no text', 'start', '{"type":1}', 'StdioProtocolViolation', 'wrote a JSON object without a "type": {"type":1}'],
  ['two objects in a line', 'start', '{"type":"x"}{"type":"x"}', 'StdioProtocolViolation', 'wrote a line that is not a JSON object'],
  ['no version in common', 'hello', '{"type":"ready","protocol":2}', 'StdioProtocolUnsupported', 'speaks version 2 of the stdio protocol; this Nightshift speaks 1'],
  ['a version that is no number', 'hello', '{"type":"ready","protocol":"1"}', 'PluginMessageInvalid', '"protocol" must be a whole number'],
  ['something before "ready"', 'hello', '{"type":"prepared"}', 'StdioProtocolViolation', 'said "prepared" before it was "ready"'],
  ['"ready" twice', 'prepare', '{"type":"ready","protocol":1}', 'StdioProtocolViolation', 'said "ready" while it was to prepare'],
  ['a success before the start', 'prepare', '{"type":"outcome","state":"Completed"}', 'StdioProtocolViolation', 'said the outcome Completed before it was started'],
  ['"prepared" twice', 'start', '{"type":"prepared"}', 'StdioProtocolViolation', 'said "prepared" though it is running'],
  ['"suspended" unasked', 'start', '{"type":"suspended"}', 'StdioProtocolViolation', 'said "suspended" without having been asked to'],
  ['"resumed" unasked', 'start', '{"type":"resumed"}', 'StdioProtocolViolation', 'said "resumed" without having been asked to'],
  ['"blocked" without the capability', 'start', '{"type":"blocked","prompt":"?"}', 'StdioProtocolViolation', 'said "blocked", though its manifest does not declare "input"'],
  ['a stream that is none', 'start', '{"type":"record","stream":"stdout","value":1}', 'PluginMessageInvalid', '"stream" must be one of output, error'],
  ['a record without value', 'start', '{"type":"record","stream":"output"}', 'PluginMessageInvalid', '"value" is missing'],
  ['a warning that is no text', 'start', '{"type":"record","stream":"warning","value":1}', 'PluginMessageInvalid', '"value" must be a text'],
  ['an error without message', 'start', '{"type":"record","stream":"error","value":{"code":"X"}}', 'PluginMessageInvalid', '"value.message" must be a text'],
  ['an error that is no object', 'start', '{"type":"record","stream":"error","value":"bad"}', 'PluginMessageInvalid', '"value" must be an object'],
  ['progress beyond 100', 'start', '{"type":"record","stream":"progress","value":{"activity":"a","percent":101}}', 'PluginMessageInvalid', '"value.percent" must be a number from 0 to 100'],
  ['tags that are no texts', 'start', '{"type":"record","stream":"information","value":{"message":1,"tags":[1]}}', 'PluginMessageInvalid', '"value.tags" must be a list of texts'],
  ['a number that JSON cannot give back', 'start', '{"type":"record","stream":"output","value":1e999}', 'RecordNotSerializable', 'Infinity'],
  ['a value nested too deeply', 'start', `{"type":"record","stream":"output","value":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'RecordNotSerializable', 'too deeply'],
  ['a question that is no text', 'start', '{"type":"blocked"}', 'PluginMessageInvalid', '"prompt" must be a text'],
  ['a child without ref', 'start', '{"type":"startChild","jobType":"X"}', 'PluginMessageInvalid', '"ref" must be a text'],
  ['a child that is a program and a job', 'start', '{"type":"startChild","ref":"a","jobType":"X","command":{"argv":["true"]}}', 'PluginMessageInvalid', '"command" stands in the place of "jobType"'],
  ['a child whose program is a text', 'start', '{"type":"startChild","ref":"a","command":"true"}', 'PluginMessageInvalid', '"command" must be an object with "argv"'],
  ['a child without type', 'start', '{"type":"startChild","ref":"a"}', 'PluginMessageInvalid', '"jobType" must be the name of a job type'],
  ['a stop without ref', 'start', '{"type":"stopChild"}', 'PluginMessageInvalid', '"ref" must be a text'],
  ['a state that is no end', 'start', '{"type":"outcome","state":"Running"}', 'PluginMessageInvalid', '"state" must be Completed, Failed or Stopped'],
  ['an error that is a text', 'start', '{"type":"outcome","state":"Failed","error":"bad"}', 'PluginMessageInvalid', '"error" must be an object with a text "message"'],
  ['an exit code below 0', 'start', '{"type":"outcome","state":"Completed","exitCode":-1}', 'PluginMessageInvalid', '"exitCode" must be a whole number, not below 0'],
] as const;

describe('a bad message', () => {
  test.each(wrongLines)('(%s at "%s") ends the run as Failed, and the program is told why', async (_what, when, line, code, why) => {
    const desk = new Desk({ argv: says(when, line) });
    const end = await desk.ended;
    expect(end).toMatchObject({ state: 'Failed', reason: when === 'start' ? 'error' : 'spawn', error: { code, message: expect.stringContaining(why) } });
    expect(desk.log).toEqual(when === 'start' ? ['started', 'ended Failed'] : ['ended Failed']);
  });

  test('is quoted by its first 200 characters, with what a terminal could obey escaped', async () => {
    const desk = new Desk({ argv: inNode(`start: () => process.stdout.write('\\u001b[2J\\u202e\\t\\\\\\ud83d\\ude00' + 'x'.repeat(300) + '\\n')`) });
    const { error } = await desk.ended;
    expect(error?.message).toBe(`the program of NoteJob ('notes') wrote a line that is not a JSON object: \\u001b[2J\\u202e\\t\\\\\u{1f600}${'x'.repeat(192)}…`);
  });

  test('is answered by the message "error", and there is time to hear it', async () => {
    const folder = newFolder();
    const desk = new Desk({ argv: inNode(`start: () => console.log('text'), error: ({ code, message }) => { require('node:fs').writeFileSync('heard', JSON.stringify([code, message])); process.exit(0); }`), folder });
    const { error } = await desk.ended;
    expect(error).toMatchObject({ code: 'StdioProtocolViolation' });
    expect(JSON.parse(readFileSync(join(folder, 'heard'), 'utf8'))).toEqual([error?.code, error?.message]);
  });

  test('that is not UTF-8 ends the run', async () => {
    const desk = new Desk({ argv: atStart(`printf '{"type":"record","stream":"output","value":"\\377"}\\n'`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'StdioProtocolViolation', message: expect.stringContaining('wrote a line that is not UTF-8: {"type":"record"') } });
  });

  test('of more than a mebibyte ends the run before it has an end of its own, and costs no memory', async () => {
    const before = process.memoryUsage().rss;
    const desk = new Desk({ argv: ['sh', '-c', `echo '{"type":"ready","protocol":1}'; echo '{"type":"prepared"}'; exec cat /dev/zero`] });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'StdioProtocolViolation', message: expect.stringContaining('wrote a line of more than 1048576 bytes: \\u0000\\u0000') } });
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  });
});

describe('a program that', () => {
  test('floods its standard output with garbage is ended at the first line', async () => {
    const desk = new Desk({ argv: atStart(`printf '%s\\n' $$ >&2; exec yes`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'StdioProtocolViolation', message: expect.stringContaining(': y') } });
    await gone(Number(heardBy(desk)[0]));
  });

  test('floods its standard error can be stopped, and nothing is kept in memory', async () => {
    const desk = new Desk({ argv: inNode(`start: () => { const line = 'x'.repeat(1000) + '\\n'; const more = () => { while (process.stderr.write(line)); process.stderr.once('drain', more); }; more(); }, stop: () => process.exit(0)`), room: () => new Promise((resolve) => setImmediate(resolve)) });
    await desk.until(() => desk.records.length > 500);
    await desk.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
  });

  test.each([
    ['an exit code', 'exit 3', { reason: 'exit', exitCode: 3 }, 'ended with exit code 3 before it said how it ended'],
    ['exit code 0', 'exit 0', { reason: 'exit', exitCode: 0 }, 'ended with exit code 0 before it said how it ended'],
    ['a signal', 'kill -9 $$', { reason: 'signal', signal: 'SIGKILL' }, 'was ended by SIGKILL before it said how it ended'],
  ])('goes with %s and without a word has failed', async (_how, body, facts, why) => {
    const desk = new Desk({ argv: atStart(`echo 'no more paper' >&2; ${body}`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', ...facts, error: { code: 'PluginCrashed', message: `the program of NoteJob ('notes') ${why}; the last thing it wrote to standard error: no more paper` } });
    expect(desk.of('error')).toEqual([{ message: 'no more paper' }]);
  });

  test.each([
    ['at once', ['sh', '-c', 'echo "no lock" >&2; exit 4']],
    ['when it is to prepare', inSh(`'{"type":"prepare"'*) echo 'no lock' >&2; exit 4 ;;`)],
  ] as const)('goes %s has failed to be prepared', async (_when, argv) => {
    const desk = new Desk({ argv });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'PluginCrashed', message: expect.stringMatching(/ended with exit code 4 before it was prepared; .*: no lock$/) } });
  });

  test('says at "prepare" that it cannot has failed to be prepared, with its own words', async () => {
    const desk = new Desk({ argv: says('prepare', '{"type":"outcome","state":"Failed","error":{"code":"NoLock","message":"somebody has it"}}') });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'NoLock', message: 'somebody has it' } });
  });

  test('writes half a line and goes has failed by its exit', async () => {
    const desk = new Desk({ argv: atStart(`printf '{"type":"outco'; exit 5`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'exit', exitCode: 5, error: { code: 'PluginCrashed' } });
  });

  test('writes half a line and waits is waited for: it can be stopped', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"start"'*) printf '{"type":"outcome",'; echo x >&2 ;; '{"type":"stop"'*) say '"state":"Stopped"}' ;;`) });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
    expect(desk.warnings).toEqual([]);
  });

  test('closes its standard output and lives on has failed', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: atStart(`printf '%s\\n' $$ >&2; exec >&-; exec sleep 100`), clock });
    await desk.until(() => desk.records.length === 1);
    await onceAsleep(clock);
    await clock.advance(2_000);
    // Before SIGTERM it may go by itself.
    await onceAsleep(clock);
    await clock.advance(1_000);
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'StdioProtocolViolation', message: expect.stringContaining('closed its standard output before it said how it ended') } });
    expect(isAlive(Number(heardBy(desk)[0]))).toBe(false);
  });

  test('closes its standard input goes on, and ends as it says', async () => {
    const desk = new Desk({ argv: ['sh', '-c', `echo '{"type":"ready","protocol":1}'; echo '{"type":"prepared"}'; exec <&-; sleep 0.1; echo '{"type":"outcome","state":"Completed"}'`], input: (async function* () { for (;;) yield 1; })() });
    expect(await desk.ended).toEqual({ state: 'Completed' });
  });

  test('says two outcomes has ended as the first says, and that is told of', async () => {
    const desk = new Desk({ argv: atStart(`${COMPLETED}; say '{"type":"outcome","state":"Failed"}'; say '{"type":"record","stream":"output","value":1}'`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.records).toEqual([]);
    expect(desk.warnings.map(({ code, message }) => [code, message])).toEqual([['PluginMessageInvalid', `the program of NoteJob ('notes') went on after its outcome; that is refused: {"type":"outcome","state":"Failed"} (and 1 more)`]]);
  });

  test('writes to standard error when it is over is told of', async () => {
    const desk = new Desk({ argv: inNode(`start: () => say('outcome', { state: 'Completed' }), dispose: () => { process.stderr.write('bye\\nbye\\n'); process.exit(0); }`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.warnings.map(({ message }) => message)).toEqual([`the program of NoteJob ('notes') wrote to standard error after its end: bye (and 1 more)`]);
    expect(desk.of('error')).toEqual([]);
  });

  test('explains a wrong line on standard error is heard', async () => {
    const desk = new Desk({ argv: atStart(`echo 'df: not found' >&2; say ''`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'StdioProtocolViolation' } });
    expect(desk.of('error')).toEqual([{ message: 'df: not found' }]);
  });

  test('does not exit after "dispose" is killed, with a warning that names it', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: ['sh', '-c', `echo '{"type":"ready","protocol":1}'; echo '{"type":"prepared"}'; printf '%s\\n' $$ >&2; echo '{"type":"outcome","state":"Completed"}'; trap '' TERM; while :; do sleep 1; done`], clock });
    await desk.until(() => desk.log.includes('ended Completed'));
    await clock.advance(9_500);
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.warnings.map(({ code, message }) => [code, message])).toEqual([['PluginTimedOut', expect.stringContaining(`the program of NoteJob ('notes') did not exit in 10 s after "dispose"`)]]);
    expect(isAlive(Number(heardBy(desk)[0]))).toBe(false);
  });

  test('exits with something else than 0 after "dispose" is told of', async () => {
    const desk = new Desk({ argv: inNode(`start: () => say('outcome', { state: 'Completed' }), dispose: () => process.exit(9)`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.warnings.map(({ code, message }) => [code, message])).toEqual([['PluginCrashed', expect.stringContaining('ended with exit code 9 when it was to release everything')]]);
  });

  test('never says "ready" is given up after 10 s', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: ['sh', '-c', 'echo $$ >&2; exec sleep 100'], clock });
    await desk.until(() => desk.records.length === 1);
    await clock.advance(10_000);
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'PluginTimedOut', message: expect.stringContaining('did not say "ready" in 10 s') } });
    await gone(Number(heardBy(desk)[0]));
  });

  test('never says "prepared" is given up after 30 s, and nothing of it is left', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: inSh(`'{"type":"prepare"'*) trap '' TERM; echo $$ >&2; sleep 100 ;;`), clock });
    await desk.until(() => desk.records.length === 1);
    await clock.advance(29_000);
    // The rest for SIGKILL, and all of it within the 30 s of the host.
    await clock.advance(500);
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'PluginTimedOut', message: expect.stringContaining('did not say "prepared" in 30 s') } });
    await gone(Number(heardBy(desk)[0]));
  });

  test('is prepared without the token that its manifest promises has failed to be prepared', async () => {
    const desk = new Desk({ argv: says('hello', '{"type":"ready","protocol":1}'), capabilities: { reattach: true } });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'PluginMessageInvalid', message: expect.stringContaining('without a "token"') } });
  });

  test('names two running children alike has failed', async () => {
    const child = { id: 1, instanceId: 'i', name: 'n', attempt: 1, finished: new Promise<never>(() => {}), states: noStates, stop: async () => {} };
    const desk = new Desk({ argv: says('start', '{"type":"startChild","ref":"a","jobType":"X"}', '{"type":"startChild","ref":"a","jobType":"X"}'), startChild: async () => child });
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'PluginMessageInvalid', message: expect.stringContaining('named two children alike') } });
  });

  test('says everything without listening is understood all the same', async () => {
    const desk = new Desk({ argv: ['sh', '-c', `printf '%s\\n' '{"type":"ready","protocol":1}' '{"type":"prepared"}' '{"type":"record","stream":"output","value":1}' '{"type":"outcome","state":"Completed"}'`] });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.log).toEqual(['started', 'ended Completed']);
    expect(desk.of('output')).toEqual([1]);
  });
});

describe('children of the program', () => {
  test('that hold its pipes end with it', async () => {
    const desk = new Desk({ argv: atStart(`sleep 100 & printf '%s\\n' $! >&2; ${COMPLETED}; exit 0`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    await gone(Number(heardBy(desk)[0]));
  });

  test('that hold its pipes in a session of their own keep nobody waiting, when it goes without a word too', async () => {
    const desk = new Desk({ argv: atStart(`setsid sleep 100 & printf '%s\\n' $! >&2; exit 6`) });
    expect(await desk.ended).toMatchObject({ state: 'Failed', exitCode: 6 });
    process.kill(Number(heardBy(desk)[0]), 'SIGKILL');
  });
});
