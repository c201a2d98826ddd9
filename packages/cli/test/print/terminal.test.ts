import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

const HERE = new URL('.', import.meta.url);
const source = (script: string): string[] => [
  '--conditions=source', '--input-type=module', '-e',
  `const { writeOut, writeError, isTerminal, terminalWidth, isBrokenPipe } = await import(${JSON.stringify(new URL('../../src/print/terminal.ts', HERE).href)});\n${script}`,
];
const hasScript = spawnSync('script', ['--version']).status === 0;

describe('what is written', () => {
  test('arrives whole and in order, however much it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const child = spawn(process.execPath, source(`for (let n = 0; n < 200; n++) writeOut(String(n).padStart(9_999, '.') + '\\n')`), { stdio: ['ignore', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => parts.push(bytes));
    await once(child, 'close');
    const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
    expect(lines.map((line) => Number(line.replace(/^\.+/, '')))).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  test('is bytes as they are and text as UTF-8', () => {
    expect(spawnSync(process.execPath, source(`writeOut(Uint8Array.of(0xff, 0)); writeOut('ä')`)).stdout).toEqual(Buffer.from([0xff, 0, 0xc3, 0xa4]));
  });

  test('for a reader who has gone is a broken pipe', async () => {
    const child = spawn(process.execPath, source(`process.stdin.resume(); process.stdin.on('end', () => { try { writeOut('x'); process.exit(1); } catch (error) { process.exit(isBrokenPipe(error) ? 7 : 2); } })`), { stdio: 'pipe' });
    child.stdout.destroy();
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  test('to standard error is lost quietly when nobody reads it', async () => {
    const child = spawn(process.execPath, source(`process.stdin.resume(); process.stdin.on('end', () => { writeError('x'); process.exit(7); })`), { stdio: 'pipe' });
    child.stderr.destroy();
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([7, null]);
  });

  test('to a full device is a failure that is told', () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    expect(spawnSync(process.execPath, source(`try { writeOut('x'); } catch (error) { writeError(error.code); }`), { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' }).stderr).toBe('StoreFull');
  });
});

describe('a terminal', () => {
  const ASK = `writeError(JSON.stringify([isTerminal(1), isTerminal(2), terminalWidth()]))`;

  test('is neither a pipe nor a file nor nowhere', () => {
    for (const out of ['pipe', 'ignore'] as const) expect(spawnSync(process.execPath, source(ASK), { stdio: ['ignore', out, 'pipe'], encoding: 'utf8' }).stderr).toBe('[false,false,80]');
  });

  test.skipIf(!hasScript)('is known as one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const script = source(`process.exitCode = isTerminal(1) && isTerminal(2) ? 7 : 1; writeOut('done')`).map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    expect(spawnSync('script', ['-qec', `${process.execPath} ${script}`, join(folder, 'seen')], { stdio: ['pipe', 'pipe', 'pipe'] }).status).toBe(7);
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toContain('done');
  });

  /** What a terminal of so many columns sees of a list of one job. */
  function seenOf(job: object, format: string, columns: number, environment: Record<string, string> = { NO_COLOR: '1' }): string {
    const script = [
      '--conditions=source', '--input-type=module', '-e',
      `const { printJobs } = await import(${JSON.stringify(new URL('../../src/print/job.ts', HERE).href)}); printJobs([${JSON.stringify(job)}], '${format}')`,
    ].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    return spawnSync('script', ['-qec', `stty cols ${columns}; ${process.execPath} ${script}`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'pipe'], encoding: 'utf8', env: { PATH: process.env['PATH'], TERM: 'xterm', LANG: 'C.UTF-8', ...environment },
    }).stdout;
  }
  const job = {
    id: 7, name: 'a\u009b31m\u202e\u007f', type: 'T', state: 'Running', location: 'here', command: '\u001b[31m', exitCode: 0, reason: null, origin: { kind: 'demand', runNow: false }, beginTime: null, endTime: null,
  };

  test.skipIf(!hasScript).each(['json', 'jsonl', 'yaml', 'table', 'wide'])('gets no control character from a job in %s', (format) => {
    const seen = seenOf(job, format, 200);
    expect(seen).toContain('31m');
    expect([...seen].filter((letter) => letter === '\u001b' || letter === '\u009b' || letter === '\u202e' || letter === '\u007f')).toEqual([]);
  });

  test.skipIf(!hasScript)('gets a table that is cut to its width, or to 80 columns when it does not say', () => {
    const wide = { ...job, name: 'x'.repeat(300) };
    for (const [columns, width] of [[70, 70], [200, 200], [0, 80]] as const) {
      const lines = seenOf(wide, 'table', columns).trimEnd().split('\r\n');
      expect(lines[1]).toMatch(/^7 {3}x+… {2}T +● Running/);
      expect(lines[1]).toMatch(/\S$/);
      expect(Math.max(...lines.map((line) => line.length))).toBe(width);
    }
  });

  test.skipIf(!hasScript).each([
    ['colour and symbols, where nothing speaks against it', {}, '\u001b[36m● Running\u001b[0m'],
    ['symbols alone with NO_COLOR', { NO_COLOR: '1' }, '  ● Running'],
    ['colour alone without UTF-8', { LANG: 'C' }, '\u001b[36mRunning\u001b[0m'],
    ['colour alone on the console of Linux', { TERM: 'linux' }, '\u001b[36mRunning\u001b[0m'],
    ['words alone when it is dumb', { TERM: 'dumb' }, 'T     Running'],
  ])('gets %s', (_, environment, seen) => {
    expect(seenOf({ ...job, command: 'x' }, 'table', 200, environment as unknown as Record<string, string>)).toContain(seen);
  });
});
