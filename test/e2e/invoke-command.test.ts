// Commands on other computers, which the helper of the cases plays: a sshd for each, without a port.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, isHere, isInstalled, newPlace, waitFor, type Ended, type Place } from './product.ts';

const HELPERS = fileURLToPath(new URL('../cases/bin', import.meta.url));
const untilGo = (place: Place): string => `until [ -e '${place.work}/go' ]; do sleep 0.05; done`;

interface Computers extends Place {
  invoke(...args: string[]): Promise<Ended>;
  /** Cuts every connection to a computer, as a network does it. */
  disconnect(name: string): Promise<string>;
  letGo(): void;
}

async function computers(...names: string[]): Promise<Computers> {
  const place = newPlace(onTestFinished);
  place.env['PATH'] = [HELPERS, place.env['PATH']].join(delimiter);
  await place.stdoutOf('computers', ...names);
  return {
    ...place,
    invoke: (...args) => place.run('invoke-command', ['--computer-name', names.join(), ...args]),
    disconnect: (name) => place.stdoutOf('disconnect', name),
    letGo: () => writeFileSync(join(place.work, 'go'), ''),
  };
}

/** A process by words of its command line; not the shim that runs it. */
function processesWith(words: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    const line = contentOf(`/proc/${pid}/cmdline`);
    return line.includes(words) && !line.includes('shim.sh');
  });
}

/** What is left on a computer of the runs that it had. */
function leftOn(place: Place, name: string): readonly string[] {
  const folder = join(place.home, name, '.local/state/nightshift/remote');
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe.skipIf(!isHere('sshd'))('invoke-command', () => {
  test('prints what comes, ends with 0, and leaves nothing here or there', async () => {
    const place = await computers('web1', 'web2');
    const { code, stdout, stderr } = await place.invoke('echo "up ${HOME##*/}"; echo oh >&2');
    expect([code, stdout.split('\n').toSorted(), stderr]).toEqual([0, ['', 'up web1', 'up web2'], 'oh\noh\n']);
    expect(await place.jobs()).toEqual([]);
    await waitFor('nothing is left there', () => [...leftOn(place, 'web1'), ...leftOn(place, 'web2')], (left) => left.length === 0);
  });

  test.each([
    [['exit 3'], 'the command exited with code 3\n'],
    [['--', 'no-such-program'], expect.stringContaining('no-such-program')],
    [['--timeout', '1s', 'sleep 600'], 'the command ran longer than 1s\n'],
    [['kill -KILL $$'], 'the command was ended by signal SIGKILL\n'],
  ])('ends with 10 where it fails, and says why once: %j', async (args, words) => {
    const place = await computers('web1');
    expect(await place.invoke(...args)).toMatchObject({ code: 10, stdout: '', stderr: words });
    expect(await place.jobs()).toEqual([]);
  });

  test.each([['exit 3', { state: 'Failed', reason: 'exit', exitCode: 3, signal: null }], ['true', { state: 'Completed', exitCode: 0 }], ['kill -KILL $$', { state: 'Failed', reason: 'signal', signal: 'SIGKILL' }]])('of a job on one computer the end is that of its child: %s', async (text, end) => {
    const place = await computers('web1');
    await place.invoke('--as-job', text);
    expect(await place.finished(1)).toMatchObject(end);
    expect(await place.job(2)).toMatchObject(end);
  });

  test('names the one of several that fails, and the others are heard', async () => {
    const place = await computers('web1', 'web2');
    const { code, stdout, stderr } = await place.invoke('[ "${HOME##*/}" = web1 ] || exit 3; echo up');
    expect([code, stdout, stderr]).toEqual([10, 'up\n', 'web2: the command exited with code 3\n']);
  });

  test('hands over arguments, variables and lines as they are', async () => {
    const place = await computers('web1');
    const hostile = ['a b', "it's", '$(id)', '`id`', '"', '*', '', '\\', 'ä\n', '{{ x }}'];
    const { stdout, stderr } = await place.invoke('--env', "V=$HOME 'x' \"y\"", '--input-object', 'first', '--input-object', ' second ', 'printf "<%s>" "$@" "$V"; cat', '--', ...hostile);
    expect([stdout, stderr]).toEqual([`${hostile.map((word) => `<${word}>`).join('')}<$HOME 'x' "y">first\n second \n`, '']);
    expect((await place.invoke('--', 'printf', '<%s>', ...hostile)).stdout).toBe(hostile.map((word) => `<${word}>`).join(''));
  });

  test('hands its own standard input to every computer', async () => {
    const place = await computers('web1', 'web2');
    const { code, stdout } = await place.run('invoke-command', ['--computer-name', 'web1,web2', '--input-object', '-', 'wc -l'], { input: 'x\n'.repeat(5_000) });
    expect([code, stdout.split(/\s+/).filter(Boolean)]).toEqual([0, ['5000', '5000']]);
  });

  test('hands over a standard input that is no text, byte for byte', async () => {
    const place = await computers('web1');
    const { code, stdout } = await place.run('invoke-command', ['--computer-name', 'web1', '--input-object', '-', 'od -An -tx1'], { input: Buffer.from([0x61, 0x0d, 0x0a, 0xff, 0x00, 0xfe]) });
    expect([code, stdout.trim()]).toEqual([0, '61 0d 0a ff 00 fe']);
  });

  test('sends a script file', async () => {
    const place = await computers('web1');
    writeFileSync(join(place.work, 'a.sh'), 'echo "$0 $1" | sed "s|.*/||"\n');
    expect(await place.invoke('--file-path', 'a.sh', '--', 'x')).toMatchObject({ code: 0, stdout: 'a.sh x\n', stderr: '' });
  });

  test('leaves a job behind when the connection is lost, and says what to do', async () => {
    const place = await computers('web1');
    const streaming = place.invoke(`echo early; ${untilGo(place)}; echo late`);
    await waitFor('the command runs', () => place.run('receive-job', ['1', '--keep']).then(({ stdout }) => stdout));
    await place.disconnect('web1');
    const { code, stdout, stderr } = await streaming;
    expect([code, stdout]).toEqual([10, 'early\n']);
    expect(stderr).toMatch(/^invoke-command: warning: InvalidJobState: job 1 is Disconnected: .*web1.*\n {2}hint: .*receive-job 1 --wait.*stop-job 1.*\n$/);
    place.letGo();
    expect(await place.run('receive-job', ['1', '--wait', '--auto-remove-job'])).toMatchObject({ code: 0, stdout: 'late\n', stderr: '' });
    expect(await place.jobs()).toEqual([]);
  });

  test('prints all that comes although the process of the job itself is killed, and says that the job is left', async () => {
    const place = await computers('web1', 'web2');
    const streaming = place.invoke(`echo early; ${untilGo(place)}; echo late`);
    await waitFor('both commands run', () => place.run('receive-job', ['1', '--keep']).then(({ stdout }) => stdout), (seen) => seen === 'early\nearly\n');
    const [host] = processesWith(`code-host.cjs\0${place.state}/`);
    process.kill(host as number, 'SIGKILL');
    place.letGo();
    const { code, stdout, stderr } = await streaming;
    expect([code, stdout.split('\n').toSorted(), stderr]).toEqual([10, ['', 'early', 'early', 'late', 'late'], expect.stringMatching(/^invoke-command: warning: InvalidJobState: job 1 is Disconnected: .+\n {2}hint: .*receive-job 1/)]);
    expect(await place.run('receive-job', ['1', '--wait', '--auto-remove-job'])).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(await place.jobs()).toEqual([]);
  });

  test('a job that ends leaves the connection to others that share it, also one through a jump host', async () => {
    const place = await computers('web1');
    for (let round = 0; round < 3; round += 1) {
      // It makes the connection, and ends while the next one has just begun to use it.
      await place.stdoutOf('invoke-command', '--computer-name', 'web1', '--as-job', 'sleep 0.3');
      expect(await place.invoke('echo one; sleep 0.5; echo two')).toMatchObject({ code: 0, stdout: 'one\ntwo\n', stderr: '' });
      await place.disconnect('web1');
    }
  });

  test('--in-disconnected-session prints the job that goes on unseen', async () => {
    const place = await computers('web1');
    const { code, stdout, stderr } = await place.invoke('--in-disconnected-session', '-o', 'json', `${untilGo(place)}; echo late`);
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, expect.objectContaining({ id: 1, state: 'Disconnected', location: 'web1' }), '']);
    place.letGo();
    expect(await place.stdoutOf('receive-job', '1', '--wait')).toBe('late\n');
    expect(await place.job(1)).toMatchObject({ state: 'Completed' });
  });

  test('--persist keeps it where the session is over', async () => {
    const place = await computers('web1');
    await place.invoke('--persist', '--in-disconnected-session', `${untilGo(place)}; echo late`);
    rmSync(join(place.state, 'session'), { recursive: true });
    place.letGo();
    expect(await place.stdoutOf('receive-job', '1', '--wait')).toBe('late\n');
  });

  test('--in-disconnected-session ends with 10 where it cannot be begun', async () => {
    const place = await computers('web1');
    const { code, stdout, stderr } = await place.run('invoke-command', ['--computer-name', 'web1,gone', '--in-disconnected-session', '-o', 'id', 'echo up']);
    expect([code, stdout, stderr]).toEqual([10, '1\n', expect.stringMatching(/^invoke-command: gone could not be reached: .*\n$/)]);
  });

  test('Ctrl-C leaves the job running, and says so', async () => {
    const place = await computers('web1');
    const verb = place.begin('invoke-command', ['--computer-name', 'web1', `echo ready; ${untilGo(place)}`]);
    const said: string[] = [];
    for (const stream of [verb.stdout, verb.stderr]) stream.on('data', (text) => said.push(String(text)));
    await waitFor('the command runs', () => said.join(''), (text) => text === 'ready\n');
    const ended = new Promise((resolve) => verb.on('close', resolve));
    verb.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said.join('')).toBe('ready\ninvoke-command: job 1 goes on; receive-job 1 --follow follows it, stop-job 1 ends it\n');
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
  });

  test.skipIf(!isInstalled('script')).each([
    ['web1,web2', '', /^web1: up\r\nweb2: up\r\n$/],
    ['web1,web2', '--hide-computer-name', /^up\r\nup\r\n$/],
    ['web1', '', /^up\r\n$/],
  ])('on a terminal names the computers %s of each line with "%s"', async (names, flags, shown) => {
    const place = await computers('web1', 'web2');
    const line = (verb: string): string => join(place.root, verb);
    const onTerminal = (command: string): string => {
      const log = line('typescript');
      spawnSync('script', ['-qec', command, log], { cwd: place.work, env: { ...place.env, TERM: 'xterm' }, stdio: 'ignore' });
      return readFileSync(log, 'utf8').split('\n').slice(1, -2).filter((text) => text !== '').map((text) => `${text}\n`).toSorted().join('');
    };
    expect(onTerminal(`invoke-command --computer-name ${names} ${flags} 'echo up'`)).toMatch(shown);
    await place.run('invoke-command', ['--computer-name', names, ...flags.split(' ').filter(Boolean), '--as-job', 'echo up']);
    expect(onTerminal('receive-job --name "*" --wait')).toMatch(shown);
  });
});
