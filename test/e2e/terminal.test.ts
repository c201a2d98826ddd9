import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor, type Place } from './product.ts';

const hasScript = found('script', '--version');
const hasSetsid = found('setsid', '--version');
const restful = new Map<number, number>();
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';

function found(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a job outlives its terminal', () => {
  test.skipIf(!hasSetsid).each(['SIGHUP', 'SIGKILL'] as const)('whose processes all get %s', async (signal) => {
    const place = newPlace();
    const script = `start-job -o id 'echo $$; ${UNTIL_GO}; echo done' > id; exec sleep 600`;
    const terminal = place.begin('sh', ['-c', script], { detached: true });
    await waitFor('the job has an id', () => contentOf(join(place.work, 'id')));
    await waitFor('the job has printed its process id', () => place.stdoutOf('receive-job', '1', '--keep'));
    process.kill(-(terminal.pid as number), signal);
    await waitFor('the terminal is gone', () => !isAlive(terminal.pid as number));
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed', exitCode: 0 });
    expect((await place.stdoutOf('receive-job', '1')).split('\n').slice(1)).toEqual(['done', '']);
  });

  test.skipIf(!hasScript)('that hangs up', async () => {
    const place = newPlace();
    const terminal = place.begin('script', ['-qec', `start-job '${UNTIL_GO}; echo done' > started; echo $$ > shell; sleep 600`, '/dev/null'], { detached: true });
    await waitFor('the job was started', () => contentOf(join(place.work, 'shell')));
    terminal.kill('SIGKILL');
    await waitFor('the shell of the terminal is gone', () => !isAlive(Number(contentOf(join(place.work, 'shell')))));
    expect(await place.job(1)).toMatchObject({ state: 'Running' });
    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
  });

  test('in which start-job --wait is killed', async () => {
    const place = newPlace();
    await place.jobs();
    const waiting = place.begin('start-job', ['--wait', `echo early; ${UNTIL_GO}; echo late`]);
    await waitFor('the job runs', async () => (await place.jobs()).length === 1);
    waiting.kill('SIGKILL');
    writeFileSync(join(place.work, 'go'), '');
    expect(await place.finished(1)).toMatchObject({ state: 'Completed' });
    expect(await place.stdoutOf('receive-job', '1', '--from', 'start')).toBe('early\nlate\n');
  });
});

describe('Ctrl-C', () => {
  test.each([
    ['wait-job', ['1'], ''],
    ['receive-job', ['1', '--follow'], 'ready\n'],
    ['receive-job', ['1', '--wait'], 'ready\n'],
    ['start-job', ['--wait', `echo ready; ${UNTIL_GO}`], 'ready\nstart-job: job 3 goes on; receive-job 3 --follow follows it, stop-job 3 ends it\n'],
  ] as const)('ends %s %j with 130, and the job goes on', async (verb, args, saysInAll) => {
    const place = newPlace();
    await place.start(`echo ready; ${UNTIL_GO}`);
    const verbAlone = place.begin(verb, [...args]);
    const said: string[] = [];
    verbAlone.stdout.on('data', (text) => said.push(String(text)));
    verbAlone.stderr.on('data', (text) => said.push(String(text)));
    const ended = new Promise<unknown>((resolve) => verbAlone.on('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : code ?? signal)));
    const prints = verb === 'wait-job' ? '' : 'ready\n';
    await waitFor('the verb is at work', () => verb === 'wait-job' ? isAtRest(verbAlone.pid as number) : said.join(''), (seen) => seen === true || seen === prints);
    verbAlone.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said.join('')).toBe(saysInAll);
    const running = await place.jobs();
    expect(running.map(({ state }) => state)).toEqual(running.map(() => 'Running'));
  });
});

test('two terminals see the same jobs, and one may stop what the other started', async () => {
  const place = newPlace();
  await place.run('start-job', ['--name', 'shared', 'echo x; sleep 600'], { cwd: '/', env: { TERM: 'vt100', XDG_RUNTIME_DIR: '/nope' } });
  const [seen] = await place.jobs('shared');
  expect(seen).toMatchObject({ id: 1, state: 'Running' });
  await place.stdoutOf('stop-job', 'shared');
  const other = await place.run('get-job', ['shared', '-o', 'json'], { cwd: '/', env: { TERM: 'vt100' } });
  expect(JSON.parse(other.stdout)).toMatchObject([{ id: 1, instanceId: seen?.instanceId, state: 'Stopped' }]);
});

describe.skipIf(!hasScript)('on a terminal', () => {
  const hostile = String.raw`\033]0;title\007\033[31mred\033[0m\a\b\r\0233m\177\342\200\256rtl\tend`;

  test('control characters of a job become visible, but newline and tab', async () => {
    const place = newPlace();
    await place.start(`printf '${hostile}\\nsecond\\n'; printf '${hostile}\\n' >&2`);
    await place.finished(1);
    const shown = await onTerminal(place, 'receive-job 1');
    expect(controlsIn(shown)).toEqual([]);
    expect(shown).toContain('red');
    expect(shown).toContain('\tend\r\nsecond\r\n');
  });

  test('those of a name, a command and an error too', async () => {
    const place = newPlace();
    const name = 'a\u001B[31mb\u202Ec\u009Bd';
    await place.start('--name', name, '--', 'sh', '-c', 'sleep 600', '\u001B[2J');
    for (const line of ['get-job', 'get-job -o wide', 'get-job "$NAME"', 'get-job "$NAME"x', 'start-job --working-directory "/$NAME" -- true',
      'nightshift "$NAME"', 'start-job "--$NAME"', 'start-job --definition-name "$NAME"', 'remove-job 1', 'receive-job 1 --stream "$NAME"']) {
      const shown = await onTerminal(place, line, { NAME: name });
      expect(controlsIn(shown), line).toEqual([]);
    }
    expect((await place.job(1)).name).toBe(name);
  });

  test('raw bytes are refused, and stay to be received', async () => {
    const place = newPlace();
    await place.start("printf '\\033[2J'");
    await place.finished(1);
    const shown = await onTerminal(place, 'receive-job 1 --raw; echo "exit $?"');
    expect(shown).toMatch(/receive-job: RawOutputRefused: .*\r\n {2}hint: .*pipe.*\r\nexit 5\r\n/);
    expect(controlsIn(shown)).toEqual([]);
    expect((await place.run('receive-job', ['1', '--raw'])).stdout).toBe('\u001B[2J');
  });

  test('a wide table is cut to its width, and never in a pipe', async () => {
    const place = newPlace();
    const word = 'x'.repeat(300);
    await place.start('--', 'sleep', '600', word);
    expect(await place.stdoutOf('get-job')).toContain(word);
    const shown = await onTerminal(place, 'stty cols 80; get-job');
    expect(Math.max(...shown.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

/** What a command prints on a terminal of its own. */
async function onTerminal(place: Place, line: string, env: Record<string, string> = {}): Promise<string> {
  const log = join(place.root, 'typescript');
  await place.run('script', ['-qc', line, log], { env: { TERM: 'xterm', NO_COLOR: '1', ...env } });
  return readFileSync(log, 'utf8').split('\n').slice(1).filter((text) => !text.startsWith('Script done on')).join('\n');
}

function controlsIn(text: string): string[] {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll('\r\n', '\n').match(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFD]/g) ?? [];
}

/** A process that has been started up and waits: it slept at several looks in a row. */
function isAtRest(pid: number): boolean {
  const rest = (restful.get(pid) ?? 0) + 1;
  restful.set(pid, /^\d+ \(.*\) S/s.test(contentOf(`/proc/${pid}/stat`)) ? rest : 0);
  return rest > 20;
}
