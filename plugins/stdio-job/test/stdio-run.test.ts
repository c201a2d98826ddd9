import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChildJob, JobOutcome, ReattachToken } from '@nightshift/sdk';
import { TestClock } from '@nightshift/testing';
import { atStart, COMPLETED, Desk, gone, heardBy, inNode, inSh, isAlive, newFolder, noStates } from './desk.ts';

/** Writes everything that it is told to standard error, as it is. */
const ECHO = `say() { printf '%s\\n' "$1"; }; while IFS= read -r line; do printf '%s\\n' "$line" >&2; case $line in`;
const HEARS = [`'{"type":"hello"'*) say '{"type":"ready","protocol":1}' ;;`, `'{"type":"prepare"'*) say '{"type":"prepared"}' ;;`, `'{"type":"start"'*) ${COMPLETED} ;;`, `'{"type":"dispose"'*) exit 0 ;;`, 'esac; done'].join('\n');

describe('what a program is told', () => {
  test('is compact JSON with "type" first, one object a line, in the order of the contract', async () => {
    const desk = new Desk({ argv: ['sh', '-c', `${ECHO} ${HEARS}`], spec: { seconds: 2 }, workingDirectory: '/srv/app', argumentList: [1, 'two'] });
    await desk.ended;
    const [hello, prepare, start] = heardBy(desk);
    expect(hello).toBe('{"type":"hello","protocols":[1],"nightshift":"1.0.0"}');
    expect(prepare).toBe('{"type":"prepare","jobType":"NoteJob","instance":{"id":4,"instanceId":"0199a000-0000-7000-8000-000000000004","name":"Job4","attempt":1},"origin":{"kind":"demand","runNow":false},"spec":{"seconds":2},"argumentList":[1,"two"],"workingDirectory":"/srv/app"}');
    expect(start).toBe('{"type":"start"}');
  });

  test('holds instants as ISO 8601 UTC', async () => {
    const dueAt = new Date('2026-03-29T01:00:00Z');
    const desk = new Desk({ argv: ['sh', '-c', `${ECHO} ${HEARS}`], origin: { kind: 'trigger', triggerId: '1', dueAt, catchUp: true } });
    await desk.ended;
    expect(heardBy(desk)[1]).toContain('"origin":{"kind":"trigger","triggerId":"1","dueAt":"2026-03-29T01:00:00.000Z","catchUp":true}');
  });

  test('has the input objects in order, and their end', async () => {
    async function* input(): AsyncGenerator<unknown> {
      yield { a: 1 };
      yield 'zwei\n2';
    }
    const argv = inNode(`seen: 0, input: ({ value }) => say('record', { stream: 'output', value }), inputEnd: () => say('outcome', { state: 'Completed' })`);
    const desk = new Desk({ argv, input: input() });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of('output')).toEqual([{ a: 1 }, 'zwei\n2']);
  });

  test('that there is no input comes after "start"', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"inputEnd"}') ${COMPLETED} ;;`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
  });

  test('is a "dispose" and the end of its input when everything is over; then it is gone', async () => {
    const folder = newFolder();
    const argv = ['sh', '-c', `say() { printf '%s\\n' "$1"; }; say '{"type":"ready","protocol":1}'; say '{"type":"prepared"}'; say "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":$$}"; ${COMPLETED}; cat > heard`] as const;
    const desk = new Desk({ argv, folder });
    await desk.ended;
    expect(desk.warnings).toEqual([]);
    expect((await import('node:fs')).readFileSync(join(folder, 'heard'), 'utf8').trimEnd().split('\n').at(-1)).toBe('{"type":"dispose"}');
    expect(isAlive(desk.of('output')[0] as number)).toBe(false);
  });

  test('larger than a line can hold is an error of the job before a program is started', async () => {
    const folder = newFolder();
    const desk = new Desk({ argv: ['sh', '-c', 'touch started'], folder, spec: { text: 'x'.repeat(1_100_000) } });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'ArgumentInvalid' } });
    expect(existsSync(join(folder, 'started'))).toBe(false);
  });
});

describe('a program runs', () => {
  test("in its plugin's folder, in a session of its own, with the job's environment and its secrets", async () => {
    const folder = realpathSync(newFolder());
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'facts.sh'), `say "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":[\\"$PWD\\",\\"$NIGHTSHIFT_INSTANCE_ID\\",\\"$TOKEN\\",\\"\${HOME-none}\\",$$,$(ps -o sid= -p $$)]}"`);
    const desk = new Desk({ argv: atStart(`. ./bin/facts.sh; ${COMPLETED}`), folder, environment: { PATH: process.env['PATH'] ?? '', NIGHTSHIFT_INSTANCE_ID: 'abc' }, secrets: { TOKEN: 's3cret' } });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    const [facts] = desk.of('output') as [unknown[]];
    expect(facts.slice(0, 4)).toEqual([folder, 'abc', 's3cret', 'none']);
    expect(facts[4]).toBe(facts[5]);
  });

  test.each([
    ['is not there', ['./missing'], 'ProgramNotFound'],
    ['is in no folder of PATH', ['no-such-program-of-ours'], 'ProgramNotFound'],
    ['may not be executed', ['./plain'], 'NotExecutable'],
  ] as const)('not at all when it %s: Failed (spawn)', async (_why, argv, code) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'plain'), 'text', { mode: 0o600 });
    const desk = new Desk({ argv, folder });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code } });
    expect(desk.log).toEqual(['ended Failed']);
  });

  test('not at all when the folder of its plugin has gone', async () => {
    const desk = new Desk({ argv: ['sh'], folder: join(newFolder(), 'gone') });
    expect(await desk.ended).toMatchObject({ state: 'Failed', reason: 'spawn', error: { code: 'DirectoryNotFoundException' } });
  });
});

describe('what a program says', () => {
  test.each([
    ['output', '{"any":["value",null]}', { any: ['value', null] }],
    ['output', 'null', null],
    ['error', '{"message":"m","code":"C","stack":"s","terminating":false,"more":1}', { message: 'm', code: 'C', stack: 's', terminating: false }],
    ['warning', '"w"', 'w'],
    ['verbose', '"v"', 'v'],
    ['debug', '"d"', 'd'],
    ['information', '{"message":{"a":1},"tags":["t"]}', { message: { a: 1 }, tags: ['t'] }],
    ['progress', '{"activity":"a","status":"s","percent":12.5,"completed":true}', { activity: 'a', status: 's', percent: 12.5, completed: true }],
  ] as const)('is a record of the stream %s: %s', async (stream, value, expected) => {
    const desk = new Desk({ argv: atStart(`say '{"type":"record","stream":"${stream}","value":${value}}'; ${COMPLETED}`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of(stream)).toEqual([expected]);
  });

  test('on standard error becomes one Error record a line, before the end, and a line without end counts', async () => {
    const desk = new Desk({ argv: atStart(`echo one >&2; echo >&2; printf 'two\\r\\n' >&2; ${COMPLETED}; printf late >&2`) });
    await desk.ended;
    expect(desk.of('error')).toEqual([{ message: 'one' }, { message: '' }, { message: 'two' }]);
  });

  test('on standard error in one very long line becomes records of 64 KiB, with nothing lost', async () => {
    const desk = new Desk({ argv: inNode(`start: () => process.stderr.write('ü'.repeat(100000) + '\\n', () => say('outcome', { state: 'Completed' }))`) });
    await desk.ended;
    const texts = desk.of('error').map((record) => (record as { message: string }).message);
    expect(texts.map((text) => Buffer.byteLength(text))).toEqual([65_536, 65_536, 65_536, 3_392]);
    expect(texts.join('')).toBe('ü'.repeat(100_000));
  });

  test('on standard error is text, whatever its bytes are', async () => {
    const desk = new Desk({ argv: atStart(`printf '\\377\\376a\\n' >&2; ${COMPLETED}`) });
    await desk.ended;
    expect(desk.of('error')).toEqual([{ message: '\uFFFD\uFFFDa' }]);
  });

  test.each([
    ['{"type":"outcome","state":"Completed","exitCode":0}', { state: 'Completed', exitCode: 0 }],
    ['{"type":"outcome","state":"Failed","error":{"code":"DiskAlmostFull","message":"over 90 %"}}', { state: 'Failed', reason: 'error', error: { code: 'DiskAlmostFull', message: 'over 90 %' } }],
    ['{"type":"outcome","state":"Failed","error":{"message":"no"},"exitCode":3}', { state: 'Failed', reason: 'exit', exitCode: 3, error: { message: 'no' } }],
    ['{"type":"outcome","state":"Failed"}', { state: 'Failed', error: { message: 'the program has not said why' } }],
    ['{"type":"outcome","state":"Stopped","reason":"enough"}', { state: 'Stopped', statusMessage: 'enough' }],
  ])('is the end: %s', async (line, end) => {
    const desk = new Desk({ argv: atStart(`say '${line}'`) });
    expect(await desk.ended).toMatchObject(end);
    expect(desk.warnings).toEqual([]);
  });

  test('may be of a type, or have members, that nobody knows yet', async () => {
    const desk = new Desk({ argv: atStart(`say '{"type":"telemetry","x":1}'; say '{"type":"constructor"}'; say '{"type":"outcome","state":"Completed","mood":"good"}'`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
  });

  test('may have line ends of Windows, a mark of byte order, and no line end at the end', async () => {
    const desk = new Desk({ argv: atStart(`printf '\\357\\273\\277{"type":"record","stream":"output","value":1}\\r\\n{"type":"outcome","state":"Completed"}'; exit 0`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of('output')).toEqual([1]);
  });

  test('may be a line of a mebibyte', async () => {
    const empty = JSON.stringify({ type: 'record', stream: 'output', value: '' }).length;
    const desk = new Desk({ argv: inNode(`start: () => { say('record', { stream: 'output', value: 'x'.repeat(1048576 - ${empty}) }); say('outcome', { state: 'Completed' }); }`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect((desk.of('output')[0] as string).length).toBe(1_048_576 - empty);
  });

  test('just before it exits counts, however much it is and however slow its reader', async () => {
    const desk = new Desk({
      argv: atStart(`i=0; while [ $i -lt 2000 ]; do echo '{"type":"record","stream":"output","value":"${'x'.repeat(100)}"}'; i=$((i+1)); done; ${COMPLETED}; exit 0`),
      room: () => new Promise((resolve) => setImmediate(resolve)),
    });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of('output')).toHaveLength(2_000);
  });
});

describe('back-pressure', () => {
  test('a slow reader makes the program wait: it is not read ahead of', async () => {
    const folder = newFolder();
    const reader = Promise.withResolvers<void>();
    const desk = new Desk({
      argv: inNode(`start: () => { let written = 0; const more = () => { while (written < 20000) { written++; if (!process.stdout.write('{"type":"record","stream":"output","value":"' + 'x'.repeat(1000) + '"}\\n')) { require('node:fs').writeFileSync('written', String(written)); return process.stdout.once('drain', more); } } say('outcome', { state: 'Completed' }); }; more(); }`),
      folder, room: () => reader.promise,
    });
    await desk.until(() => desk.records.length > 0);
    const before = process.memoryUsage().arrayBuffers;
    // The program stands still: what it has written does not grow over many rounds of looking.
    for (let same = 0, last = ''; same < 200; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = existsSync(join(folder, 'written')) ? (await import('node:fs')).readFileSync(join(folder, 'written'), 'utf8') : '';
      same = now === last ? same + 1 : 0;
      last = now;
    }
    expect(desk.records).toHaveLength(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
    reader.resolve();
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.records).toHaveLength(20_000);
  });

  test('a program that does not read its input is given no more than its pipe holds', async () => {
    const clock = new TestClock();
    let given = 0;
    async function* endless(): AsyncGenerator<unknown> {
      for (;;) {
        given++;
        yield 'x'.repeat(10_000);
      }
    }
    const desk = new Desk({ argv: atStart(`say '{"type":"record","stream":"output","value":1}'; exec sleep 100`), input: endless(), clock, ownProcess: false });
    await desk.until(() => desk.records.length > 0);
    void desk.run.wish({ is: 'stop', reason: 'stopped' });
    await clock.advance(10_000);
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
    expect(given).toBeLessThan(200);
  });

  test('a program that asks for children and never reads the answers is ended when they have waited for 30 s', async () => {
    const clock = new TestClock();
    let asked = 0;
    const never = new Promise<JobOutcome>(() => {});
    const startChild = async (): Promise<ChildJob> => ({ id: ++asked, instanceId: 'x'.repeat(36), name: 'n'.repeat(10_000), attempt: 1, finished: never, states: noStates, stop: async () => {} });
    const desk = new Desk({ argv: inNode(`start: () => { process.stdin.pause(); let ref = 0; setInterval(() => say('startChild', { ref: String(ref++), jobType: 'NoteJob', spec: {} }), 0) && [...Array(1000)].forEach(() => say('startChild', { ref: String(ref++), jobType: 'NoteJob', spec: {} })); }`), startChild, clock });
    await desk.until(() => desk.log.includes('started'));
    while (!desk.log.includes('ended Failed')) {
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await clock.advance(1_000);
    expect(await desk.ended).toMatchObject({ state: 'Failed', error: { code: 'PluginTimedOut', message: expect.stringContaining('has not read what it was sent for 30 s') } });
    expect(asked).toBeLessThan(300);
  });
});

describe('a stop', () => {
  test('is told with its reason and the grace period, and answered by the outcome', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"start"'*) say '{"type":"record","stream":"output","value":1}' ;; '{"type":"stop"'*) printf '%s\\n' "$line" >&2; say '{"type":"outcome","state":"Stopped","reason":"stopped"}' ;;`), gracePeriod: 7_000 });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'stop', reason: 'overlap' });
    expect(await desk.ended).toEqual({ state: 'Stopped', reason: 'overlap' });
    expect(heardBy(desk)).toEqual(['{"type":"stop","reason":"overlap","gracePeriod":7000}']);
    expect(desk.warnings).toEqual([]);
  });

  test('may be answered by an exit', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"start"'*) say '{"type":"record","stream":"output","value":1}' ;; '{"type":"stop"'*) exit 0 ;;`) });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await desk.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
  });

  test('that is ignored ends in SIGTERM, and that in SIGKILL; nothing of the program is left', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: atStart(`trap '' TERM; sleep 100 & say "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":[$$,$!]}"; while :; do sleep 1; done`), clock, ownProcess: false });
    await desk.until(() => desk.records.length === 1);
    void desk.run.wish({ is: 'stop', reason: 'stopped' });
    await clock.advance(10_000);
    await clock.advance(2_000);
    expect(await desk.ended).toMatchObject({ state: 'Stopped', reason: 'stopped' });
    expect(desk.of('warning')).toEqual([expect.stringMatching(/^PluginTimedOut: .*'notes'.* was not at its end 10 s after "stop"/)]);
    for (const pid of desk.of('output')[0] as number[]) await gone(pid);
  });

  test('ends in SIGTERM for a program that hears only that, and its outcome still counts', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: inNode(`start: () => { process.on('SIGTERM', () => say('outcome', { state: 'Failed', error: { code: 'Half', message: 'half done' } })); say('record', { stream: 'output', value: 1 }); }`), clock, ownProcess: false });
    await desk.until(() => desk.records.length === 1);
    void desk.run.wish({ is: 'stop', reason: 'stopped' });
    await clock.advance(10_000);
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
    expect(desk.warnings.map(({ message }) => message)).not.toContainEqual(expect.stringContaining('went on after'));
  });

  test('while it prepares lets go of it at once', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"prepare"'*) printf '%s\\n' $$ >&2 ;;`) });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'stop', reason: 'stopped' });
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
    expect(desk.log).toEqual(['ended Stopped']);
    await gone(Number(heardBy(desk)[0]));
  });

  test('reaches a program whose records nobody takes', async () => {
    const reader = Promise.withResolvers<void>();
    const desk = new Desk({ argv: inNode(`start: () => { for (let i = 0; i < 3000; i++) say('record', { stream: 'output', value: 'x'.repeat(1000) }); }, stop: () => say('outcome', { state: 'Stopped', reason: 'stopped' })`), room: () => reader.promise });
    await desk.until(() => desk.records.length === 1);
    const stopped = desk.run.wish({ is: 'stop', reason: 'stopped' });
    reader.resolve();
    await stopped;
    expect(await desk.ended).toMatchObject({ state: 'Stopped' });
  });
});

describe('a kill', () => {
  test('is told to a program that declares it, and is answered by the outcome', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"start"'*) say '{"type":"record","stream":"output","value":1}' ;; '{"type":"kill"'*) printf '%s\\n' "$line" >&2; say '{"type":"outcome","state":"Stopped"}' ;;`), capabilities: { kill: true } });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'kill', reason: 'stopped' });
    expect(await desk.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(heardBy(desk)).toEqual(['{"type":"kill","reason":"stopped"}']);
    expect(desk.warnings).toEqual([]);
  });

  test('that is ignored for 2 s is carried out', async () => {
    const clock = new TestClock();
    const desk = new Desk({ argv: atStart(`trap '' TERM; say "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":$$}"; while :; do sleep 1; done`), capabilities: { kill: true }, clock });
    await desk.until(() => desk.records.length === 1);
    void desk.run.wish({ is: 'kill', reason: 'stopped' });
    await clock.advance(1_900);
    expect(await desk.ended).toEqual({ state: 'Stopped', reason: 'stopped' });
    expect(isAlive(desk.of('output')[0] as number)).toBe(false);
  });
});

describe('suspend and resume', () => {
  const argv = inNode(`start: () => say('record', { stream: 'output', value: 1 }), suspend: ({ reason }) => { say('record', { stream: 'output', value: reason }); say('suspended'); }, resume: () => { say('resumed'); say('outcome', { state: 'Completed' }); }`);

  test('are told and answered', async () => {
    const desk = new Desk({ argv, capabilities: { suspend: true } });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'suspend', reason: 'lunch' });
    expect(desk.log).toEqual(['started', 'Suspending: lunch', 'Suspended: lunch']);
    await desk.run.wish({ is: 'resume', reason: 'back' });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of('output')).toEqual([1, 'lunch']);
  });

  test('are over with the run: a program that ends instead of answering leaves nobody waiting', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"start"'*) say '{"type":"record","stream":"output","value":1}' ;; '{"type":"suspend"'*) ${COMPLETED} ;;`), capabilities: { suspend: true } });
    await desk.until(() => desk.records.length === 1);
    await desk.run.wish({ is: 'suspend', reason: 'lunch' });
    expect(await desk.ended).toEqual({ state: 'Completed' });
  });
});

test('a question makes the job Blocked until it is answered', async () => {
  const desk = new Desk({ argv: inNode(`start: () => say('blocked', { prompt: 'Really?' }), unblock: ({ input }) => { say('record', { stream: 'output', value: input }); say('outcome', { state: 'Completed' }); }`), capabilities: { input: true } });
  await desk.until(() => desk.log.includes('Blocked: Really?'));
  await desk.run.wish({ is: 'unblock', input: { yes: true } });
  expect(await desk.ended).toEqual({ state: 'Completed' });
  expect(desk.of('output')).toEqual([{ yes: true }]);
});

describe('a token', () => {
  test('is what a prepared program hands out', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"prepare"'*) say '{"type":"prepared","token":"abc-1"}' ;; '{"type":"start"'*) ${COMPLETED} ;;`), capabilities: { reattach: true } });
    await desk.ended;
    expect(desk.log).toEqual(['started abc-1', 'ended Completed']);
  });

  test('of an earlier program is handed to the next, which carries on', async () => {
    const desk = new Desk({ argv: inNode(`prepare: ({ token }) => say('prepared', { token: token + '-2' }), start: () => say('outcome', { state: 'Completed' })`), capabilities: { reattach: true }, token: 'abc-1' as ReattachToken });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.log[0]).toBe('started abc-1-2');
  });

  test('is no business of a program that does not declare it', async () => {
    const desk = new Desk({ argv: inSh(`'{"type":"prepare"'*) say '{"type":"prepared","token":"abc-1"}' ;; '{"type":"start"'*) ${COMPLETED} ;;`) });
    await desk.ended;
    expect(desk.log[0]).toBe('started');
  });
});

describe('children', () => {
  test('are started, told of, stopped and heard from', async () => {
    const end = Promise.withResolvers<JobOutcome>();
    const asked: unknown[] = [];
    const desk = new Desk({
      argv: inNode(`start: () => say('startChild', { ref: 'a', jobType: 'MakeJob', name: 'First', spec: { target: 1 } }), childStarted: ({ ref, job }) => { say('record', { stream: 'output', value: [ref, job] }); say('stopChild', { ref, reason: 'enough' }); }, childFinished: ({ ref, outcome }) => { say('record', { stream: 'output', value: [ref, outcome] }); say('outcome', { state: 'Completed' }); }`),
      startChild: async (request) => {
        asked.push(request);
        return { id: 5, instanceId: 'i5', name: 'First', attempt: 1, finished: end.promise, states: noStates, stop: async (reason) => end.resolve({ state: 'Failed', error: Object.assign(new Error(String(reason)), { code: 'Enough' }), exitCode: 2 }) };
      },
    });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(asked).toEqual([{ type: 'MakeJob', name: 'First', spec: { target: 1 } }]);
    expect(desk.of('output')).toEqual([
      ['a', { id: 5, instanceId: 'i5', name: 'First' }],
      ['a', { state: 'Failed', error: { message: 'enough', code: 'Enough' }, exitCode: 2 }],
    ]);
  });

  test('may be programs', async () => {
    const asked: unknown[] = [];
    const desk = new Desk({
      argv: inNode(`start: () => say('startChild', { ref: 'a', name: 'web1', command: { argv: ['ssh', 'web1'] } }), childStarted: () => say('outcome', { state: 'Completed' })`),
      startChild: async (request) => {
        asked.push(request);
        return { id: 5, instanceId: 'i5', name: 'web1', attempt: 1, finished: new Promise(() => {}), states: noStates, stop: async () => {} };
      },
    });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(asked).toEqual([{ name: 'web1', command: { argv: ['ssh', 'web1'] } }]);
  });

  test('that could not be started are told of with the error', async () => {
    const desk = new Desk({ argv: inNode(`start: () => say('startChild', { ref: 'a', jobType: 'MakeJob' }), childRefused: ({ error }) => { say('record', { stream: 'output', value: error }); say('outcome', { state: 'Completed' }); }`) });
    await desk.ended;
    expect(desk.of('output')).toEqual([{ message: 'there are no children here' }]);
  });

  test('that nobody knows are answered with an error, and the run goes on', async () => {
    const desk = new Desk({ argv: inNode(`start: () => say('stopChild', { ref: 'zz' }), error: ({ code, message }) => { say('record', { stream: 'output', value: [code, message] }); say('outcome', { state: 'Completed' }); }`) });
    expect(await desk.ended).toEqual({ state: 'Completed' });
    expect(desk.of('output')).toEqual([['PluginMessageInvalid', 'no running child has the ref "zz"']]);
  });
});
