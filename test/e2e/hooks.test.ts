import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, newPlace, waitFor, type Job, type Place } from './product.ts';

interface Told {
  id: string; event: string; time: string; definition: { name: string; key: string; path: string | null };
  instance: Job | null; dueAt: string | null; count: number; message: string; output: string;
}
interface Request { body: Told; headers: IncomingMessage['headers']; path: string | undefined }

/** A receiver on this machine. `answer` is called when a request is there whole; by default everything is 204. */
async function receiver(answer: (response: ServerResponse, request: Request, count: number) => void = (response) => void response.writeHead(204).end()) {
  const requests: Request[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (bytes: Buffer) => (text += String(bytes)));
    request.on('end', () => {
      const whole = { body: JSON.parse(text) as Told, headers: request.headers, path: request.url };
      requests.push(whole);
      answer(response, whole, requests.length);
    });
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const told = () => requests.map(({ body }) => body);
  return { url: `http://127.0.0.1:${port}/hook`, port, requests, told, gets: (count: number) => waitFor(`${count} events arrive`, told, (all) => all.length >= count) };
}

/** The environment of a place is enough for trust: its configuration is named. */
function placeWith(definitions: Record<string, string>, hooks: object) {
  const place = newPlace();
  const config = join(place.root, 'nightshift.json');
  const configure = (now: object) => writeFileSync(config, JSON.stringify({ definitionPath: join(place.work, 'definitions'), hooks: now }));
  configure(hooks);
  mkdirSync(join(place.work, 'definitions'));
  const define = (name: string, text: string) => writeFileSync(join(place.work, 'definitions', `${name}.yaml`), text);
  for (const [name, text] of Object.entries(definitions)) define(name, text);
  place.env['NIGHTSHIFT_CONFIG'] = config;
  place.env['NIGHTSHIFT_MIN_FREE'] = '0';
  return { ...place, define, configure };
}

function schedule({ begin }: Place, ...args: string[]) {
  const child = begin('nightshift', ['scheduler', 'run', '-o', 'jsonl', ...args]);
  let stderr = '';
  child.stderr.on('data', (bytes: Buffer) => (stderr += String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const events = () => stderr.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = (event: string, facts: object = {}) => waitFor(`it says ${event}`, events, (all) => all.some((one) => one['event'] === event && Object.entries(facts).every(([key, value]) => one[key] === value)));
  return { child, ended, events, said };
}

const once = (place: Place) => place.run('nightshift', ['scheduler', 'run', '--once']);
const shortly = (place: Place) => place.run('nightshift', ['scheduler', 'run', '--until', '1s']);
const AGAIN = 'job: { scriptBlock: "exit 3" }\ntriggers: [ { every: 200ms } ]\n';
const FAILS = 'job: { scriptBlock: "echo one; echo two >&2; exit 3" }\ntriggers: [ { atStartup: {} } ]\n';
const webhook = (url: string, more: object = {}) => ({ webhook: url, allowPrivate: true, ...more });

describe('a failed run', () => {
  test('is told to a webhook: what, when, the job as get-job prints it, and its last lines', async () => {
    const { url, requests } = await receiver();
    const place = placeWith({ Nightly: FAILS, Other: FAILS }, { onFailure: [webhook(url, { definitions: ['night*'], headers: { Authorization: 'env:OPS_TOKEN', 'X-Room': 'ops' } })] });
    place.env['OPS_TOKEN'] = 'Bearer s3cr3t-s3cr3t';
    expect(await once(place)).toMatchObject({ code: 0 });
    expect(requests).toHaveLength(1);
    const [{ body, headers }] = requests as [Request];
    const [job] = await place.jobs('--name', 'Nightly') as [Job];
    expect(body).toMatchObject({
      apiVersion: 1, id: `failure-${job.instanceId}`, event: 'failure', time: job.endTime, dueAt: job.origin['dueAt'], count: 1, instance: job,
      definition: { name: 'Nightly', path: join(place.work, 'definitions', 'Nightly.yaml') },
      message: `Nightly: job ${job.id} failed: the command exited with code 3`, output: 'one\ntwo\n',
    });
    expect(headers).toMatchObject({ 'nightshift-event-id': body.id, authorization: 'Bearer s3cr3t-s3cr3t', 'x-room': 'ops', 'content-type': 'application/json' });
  });

  test('is told after its last attempt, once', async () => {
    const { url, told } = await receiver();
    const place = placeWith({ Flaky: `${FAILS}options: { retry: { limit: 2, delay: 10ms } }\n` }, { onFailure: [webhook(url)] });
    await once(place);
    expect(told()).toMatchObject([{ event: 'failure', instance: { attempt: 3 } }]);
  });

  test('is told of although get-job was first to see its end, with no scheduler there', async () => {
    const { url, told, gets } = await receiver();
    const place = placeWith({ Gate: 'job: { scriptBlock: "until [ -e ../go ]; do sleep 0.05; done; exit 1" }\ntriggers: [ { atStartup: {} } ]\n' }, { onFailure: [webhook(url)] });
    const first = schedule(place);
    await first.said('started');
    await waitFor('it runs', () => place.jobs(), ([job]) => job?.state === 'Running');
    first.child.kill('SIGKILL');
    await first.ended;
    writeFileSync(join(place.work, 'go'), '');
    await waitFor('get-job sees the end', () => place.jobs(), ([job]) => job?.state === 'Failed');
    expect(told()).toEqual([]);
    await once(place);
    expect(await gets(1)).toMatchObject([{ event: 'failure' }]);
  });

  test('hides secrets in its output: those of the hook, those of the job, and those that look like some', async () => {
    const { url, told } = await receiver();
    const place = placeWith({ Leak: 'job: { scriptBlock: "echo x s3cr3t-s3cr3t y; echo $MINE; echo password: hunter22; exit 1", secrets: { MINE: env:OWN_WORD } }\ntriggers: [ { atStartup: {} } ]\n' }, { onFailure: [webhook(url, { headers: { 'X-Key': 'env:OPS_TOKEN' } })] });
    Object.assign(place.env, { OPS_TOKEN: 's3cr3t-s3cr3t', OWN_WORD: 'of-the-job' });
    await once(place);
    expect(told()[0]?.output).toBe('x *** y\n***\npassword: ***\n');
  });

  test('is told no output in which a secret of the job cannot be hidden, since it is not to be had any more', async () => {
    const { url, told } = await receiver();
    const place = placeWith({ Leak: 'job: { scriptBlock: "echo $MINE; rm mine; exit 1", secrets: { MINE: file:mine } }\ntriggers: [ { atStartup: {} } ]\n' }, { onFailure: [webhook(url)] });
    writeFileSync(join(place.work, 'definitions/mine'), 'of-the-job', { mode: 0o600 });
    await once(place);
    expect(told()[0]?.output).toBe('not shown: a secret of the job is not to be had, and could not be hidden\n');
  });

  test('hides what follows a scheme, and no half of a secret is left where the output is cut', async () => {
    const { url, told } = await receiver();
    const script = `echo x s3cr3t-s3cr3t; printf 'Bearer s3cr3t-s3cr3t'; printf '%016370d' 0; exit 1`;
    const place = placeWith({ Leak: `job: { scriptBlock: ${JSON.stringify(script)} }\ntriggers: [ { atStartup: {} } ]\n` }, { onFailure: [webhook(url, { headers: { 'X-Key': 'env:OPS_TOKEN' } })] });
    place.env['OPS_TOKEN'] = 'Bearer s3cr3t-s3cr3t';
    await once(place);
    expect(told()[0]?.output).toMatch(/^x \*\*\*\n\*\*\*0{16370}\n$/);
  });
});

test('a receiver that hangs does not put off the next try at another one', async () => {
  const hanging = await receiver(() => {});
  const other = await receiver((response, _, count) => void response.writeHead(count === 1 ? 500 : 204).end());
  const place = placeWith({ Nightly: FAILS, Weekly: FAILS }, { onFailure: [webhook(hanging.url), webhook(other.url, { retry: { delay: '500ms', factor: 1 } })] });
  const running = schedule(place);
  // Both events wait for the one that hangs: what is due there already must not be waited for.
  await other.gets(3);
  expect(hanging.requests).toHaveLength(1);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});

test('a run that completes after one that failed is told as a success and as recovered', async () => {
  const { url, told } = await receiver();
  const place = placeWith({ Effect: 'job: { scriptBlock: "test -e ../good" }\ntriggers: [ { every: 100ms } ]\nmaxResultCount: 1\n' }, { onFailure: [webhook(url)], onSuccess: [webhook(url)], onRecovered: [webhook(url)] });
  const running = schedule(place);
  await waitFor('it fails', told, (all) => all.some(({ event }) => event === 'failure'));
  writeFileSync(join(place.work, 'good'), '');
  const all = await waitFor('it recovers', told, (events) => events.some(({ event }) => event === 'recovered') && events.filter(({ event }) => event === 'success').length > 2);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(all.filter(({ event }) => event === 'recovered')).toHaveLength(1);
  expect(all.find(({ event }) => event === 'recovered')?.message).toMatch(/^Effect: job \d+ completed; the run before it had failed$/);
});

test('the past is not told, neither by a first hook nor by one that is added', async () => {
  const [first, second] = [await receiver(), await receiver()];
  const place = placeWith({ Nightly: FAILS }, {});
  await once(place);
  place.configure({ onFailure: [webhook(first.url)] });
  await once(place);
  expect(first.told()).toEqual([]);
  place.define('Later', AGAIN);
  await shortly(place);
  const { length } = first.told();
  expect(new Set(first.told().map(({ definition }) => definition.name))).toEqual(new Set(['Later']));
  place.configure({ onFailure: [webhook(first.url), webhook(second.url)] });
  await shortly(place);
  expect(first.told().length).toBeGreaterThan(length);
  expect(second.told()).toEqual(first.told().slice(length));
});

describe('a telling', () => {
  test('that the scheduler did not live to see arrive is repeated with the same id', async () => {
    const place = placeWith({ Nightly: FAILS }, {});
    const { url, told } = await receiver((response, _, count) => (count === 1 ? running.child.kill('SIGKILL') : response.writeHead(200).end('ok')));
    place.configure({ onFailure: [webhook(url)] });
    const running = schedule(place);
    await running.ended;
    await once(place);
    expect(told()).toHaveLength(2);
    expect(told()[1]).toEqual(told()[0]);
    await once(place);
    expect(told()).toHaveLength(2);
  });

  test('that fails twice is tried again, and a retry that waits survives the kill of its scheduler', async () => {
    const { url, told, gets } = await receiver((response, _, count) => void response.writeHead(count < 3 ? 503 : 204).end());
    const place = placeWith({ Nightly: FAILS }, { onFailure: [webhook(url, { retry: { limit: 5, delay: '300ms' } })] });
    const first = schedule(place);
    await gets(1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = schedule(place);
    await gets(3);
    await waitFor('nothing is left', async () => (JSON.parse(await place.run('nightshift', ['scheduler', 'status', '-o', 'json']).then(({ stdout }) => stdout)) as { telling: object }).telling, (telling) => JSON.stringify(telling) === '{"waiting":0,"failed":0,"lastFailure":null}');
    second.child.kill('SIGTERM');
    await second.ended;
    expect(new Set(told().map(({ id }) => id)).size).toBe(1);
  });

  test('that is given up is reported once and stays visible', async () => {
    const { url, told } = await receiver((response) => void response.writeHead(500).end());
    const place = placeWith({ Nightly: FAILS }, { onFailure: [webhook(url, { retry: { limit: 1, delay: '10ms' } })] });
    const running = schedule(place);
    await running.said('untold', { hook: 'onFailure 1', definition: 'Nightly', tries: 2, problem: 'the receiver answered 500' });
    const status = JSON.parse((await place.run('nightshift', ['scheduler', 'status', '-o', 'json'])).stdout) as { telling: object };
    expect(status.telling).toMatchObject({ waiting: 0, failed: 1, lastFailure: { hook: 'onFailure 1', definition: 'Nightly', problem: 'the receiver answered 500', id: told()[0]?.id } });
    expect((await place.run('nightshift', ['scheduler', 'status'])).stdout).toMatch(/^not told +1 event; last at .+, of Nightly: the receiver answered 500$/m);
    running.child.kill('SIGTERM');
    await running.ended;
    expect(running.events().filter(({ event }) => event === 'untold')).toHaveLength(1);
    await once(place);
    expect(told()).toHaveLength(2);
  });

  test('to a receiver that never answers delays no firing and no other hook, and ends after ten seconds', async () => {
    const [silent, quick] = [await receiver(() => {}), await receiver()];
    const place = placeWith({ Effect: 'job: { scriptBlock: "exit 1" }\ntriggers: [ { every: 200ms } ]\nmaxResultCount: 1000\n' }, { onFailure: [webhook(silent.url, { retry: { limit: 0 } }), webhook(quick.url)] });
    const running = schedule(place);
    await silent.gets(1);
    const { length } = quick.told();
    await quick.gets(length + 10);
    const rows = running.events().filter(({ event }) => event === 'started').map(({ at, dueAt }) => Date.parse(at as string) - Date.parse(dueAt as string));
    expect(Math.max(...rows.slice(1))).toBeLessThan(1_000);
    await running.said('untold', { problem: 'no answer in 10 s' });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  });

  test.each([
    ['this machine', (port: number) => `http://127.0.0.1:${port}/inside`, '127.0.0.1'],
    ['the metadata service of a cloud', () => 'http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['this machine by a name', (port: number) => `http://localhost:${port}/inside`, '(?:127.0.0.1|::1)'],
  ])('does not follow a redirect to %s, whatever is allowed for its own address', async (_, target, named) => {
    const inside = await receiver();
    const { url } = await receiver((response) => void response.writeHead(307, { location: target(inside.port) }).end());
    const place = placeWith({ Nightly: FAILS }, { onFailure: [webhook(url, { retry: { limit: 0 } })] });
    const { stderr } = await once(place);
    expect(stderr).toMatch(new RegExp(`hook onFailure 1: not told of failure-.+, after 1 attempt: ${named} is an address of this machine`));
    expect(inside.told()).toEqual([]);
  });

  test('follows a redirect on the same server, with its body', async () => {
    const { url, requests } = await receiver((response, { path }) => void (path === '/hook' ? response.writeHead(308, { location: '/there' }) : response.writeHead(200)).end());
    await once(placeWith({ Nightly: FAILS }, { onFailure: [webhook(url, { headers: { 'X-Key': 'k' } })] }));
    expect(requests.map(({ path, headers }) => [path, headers['x-key']])).toEqual([['/hook', 'k'], ['/there', 'k']]);
    expect(requests[1]?.body).toEqual(requests[0]?.body);
  });

  test('goes to no private address unless that is allowed', async () => {
    const { url, told } = await receiver();
    const { stderr } = await once(placeWith({ Nightly: FAILS }, { onFailure: [{ webhook: url, retry: { limit: 0 } }] }));
    expect(stderr).toMatch(/127\.0\.0\.1 is an address of this machine/);
    expect(told()).toEqual([]);
  });

  test('of a hook that was taken out is dropped, and that is said', async () => {
    const { url } = await receiver((response) => void response.writeHead(500).end());
    const place = placeWith({ Nightly: FAILS }, { onFailure: [webhook(url)] });
    await once(place);
    place.configure({});
    expect((await once(place)).stderr).toMatch(/hook onFailure 1: 1 event is not told: the hook is not in the configuration any more/);
  });

  test('that needs a secret which is not there says which, and not the secrets that are', async () => {
    const { url, told } = await receiver();
    const place = placeWith({ Nightly: FAILS }, { onFailure: [webhook(url, { headers: { Authorization: 'file:token' }, retry: { limit: 0 } })] });
    expect((await once(place)).stderr).toMatch(/hook onFailure 1: .+token/);
    writeFileSync(join(place.root, 'token'), 'Bearer t0ken-t0ken\n', { mode: 0o600 });
    place.define('Second', AGAIN);
    await shortly(place);
    expect(told().map(({ definition }) => definition.name)).toContain('Second');
  });
});

describe('a definition that a hook starts', () => {
  test('has its end written down, also when its scheduler did not live to see it, and keeps as many runs as it says', async () => {
    const place = placeWith({ Nightly: AGAIN, Tell: 'job: { scriptBlock: "sleep 0.3; touch ../told" }\nmaxResultCount: 2\n' }, { onFailure: [{ definition: 'Tell' }] });
    const status = async () => JSON.parse((await place.run('nightshift', ['scheduler', 'status', '-o', 'json'])).stdout.toString()) as { runningJobs: number; telling: { waiting: number } };
    const first = schedule(place);
    await waitFor('a telling runs', status, ({ runningJobs }) => runningJobs > 0);
    first.child.kill('SIGKILL');
    await first.ended;
    place.define('Nightly', AGAIN.replace('200ms', '1h'));
    const second = schedule(place);
    // Nobody asks get-job: only the scheduler looks.
    await waitFor('all is told and over', status, ({ runningJobs, telling }) => runningJobs === 0 && telling.waiting === 0);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect((await place.jobs('--name', 'Tell')).length).toBeLessThanOrEqual(2);
  });

  const TELLS = 'job: { scriptBlock: \'cat >> ../told; echo "$NIGHTSHIFT_EVENT $NIGHTSHIFT_EVENT_DEFINITION $NIGHTSHIFT_EVENT_STATE [$HIDDEN]" >> ../words; exit 1\' }\nmaxResultCount: 2\n';

  test('gets the event on standard input and in variables, nothing of the scheduler\'s own, and its failure is no news', async () => {
    const place = placeWith({ Nightly: FAILS, TellOps: TELLS }, { onFailure: [{ definition: 'TellOps' }] });
    place.env['HIDDEN'] = 'x';
    await once(place);
    const event = await waitFor('it was told', () => contentOf(join(place.work, 'told')));
    expect(JSON.parse(event)).toMatchObject({ event: 'failure', definition: { name: 'Nightly' }, instance: { state: 'Failed' }, output: 'one\ntwo\n' });
    expect(await waitFor('it says it', () => contentOf(join(place.work, 'words')))).toBe('failure Nightly Failed []');
    const job = await waitFor('it ends', () => place.jobs('--name', 'TellOps'), ([one]) => one?.state === 'Failed');
    expect(job).toMatchObject([{ origin: { kind: 'demand', runNow: false } }]);
    await once(place);
    expect(await place.jobs('--name', 'TellOps')).toHaveLength(1);
  });

  test('that is broken is tried again and given up', async () => {
    const place = placeWith({ Nightly: FAILS }, { onFailure: [{ definition: 'TelOps', retry: { limit: 0 } }] });
    expect((await once(place)).stderr).toMatch(/hook onFailure 1: not told of failure-.+ after 1 attempt: .*TelOps/);
  });
});

describe('what did not run', () => {
  test('is an alarm after so long, told once until a run completes, through restarts', async () => {
    const { url, told, gets } = await receiver();
    const place = placeWith({ Nightly: 'job: { scriptBlock: "test -e ../good" }\ntriggers: [ { every: 300ms } ]\n', Other: FAILS }, { onMissed: [webhook(url, { definitions: ['Nightly'], within: '1s' })] });
    const first = schedule(place);
    expect(await gets(1)).toMatchObject([{ event: 'didNotRun', definition: { name: 'Nightly' }, instance: null, message: expect.stringMatching(/^Nightly has never completed since it was first seen at .+, which is longer than 1s$/) as string }]);
    first.child.kill('SIGKILL');
    await first.ended;
    // Killed before it could write down that it was delivered, it is delivered once more, with the same id.
    const alarms = () => [...new Map(told().map((one) => [one.id, one])).values()];
    const second = schedule(place);
    await waitFor('it has run again', second.events, (events) => events.filter(({ event }) => event === 'ended').length > 2);
    expect(alarms()).toHaveLength(1);
    writeFileSync(join(place.work, 'good'), '');
    await waitFor('it completes', () => place.jobs('--name', 'Nightly'), (jobs) => jobs.some(({ state }) => state === 'Completed'));
    place.define('Nightly', 'job: { command: [echo] }\ntriggers: [ { every: 1h } ]\n');
    expect(await waitFor('it is told again', alarms, (seen) => seen.length === 2)).toMatchObject([{}, { event: 'didNotRun', message: expect.stringMatching(/^Nightly has not completed since /) as string }]);
    second.child.kill('SIGTERM');
    await second.ended;
  });
});
