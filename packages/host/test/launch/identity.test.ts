import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isAlive, startTimeOf, statOf, thisMachine, thisProcess } from '../../src/launch/identity.ts';
import { contentOf, end, statField, temporaryFolder, until } from '../folder.ts';

function begin(program: string, ...words: string[]): number {
  const child = spawn(program, words, { stdio: 'ignore', detached: true });
  onTestFinished(() => end(child.pid as number));
  return child.pid as number;
}

describe('this process', () => {
  test('is alive', () => {
    expect(isAlive(thisProcess())).toBe(true);
  });

  test('has its pid, its start time and the boot', () => {
    expect(thisProcess()).toMatchObject({ pid: process.pid, startTime: statField(process.pid, 22), boot: contentOf('/proc/sys/kernel/random/boot_id') });
  });

  test.each([
    ['of another boot', { boot: '00000000-0000-0000-0000-000000000000' }],
    ['with another start time', { startTime: '1' }],
    ['without a start time', { startTime: '-' }],
    ['of another machine', { host: 'elsewhere' }],
    ['of another container', { host: `${thisMachine().host.split(' ')[0]} pid:[1]` }],
    ['with another pid', { pid: 1 }],
  ])('is not the one %s', (_, facts) => {
    expect(isAlive({ ...thisProcess(), ...facts })).toBe(false);
  });
});

describe('another process', () => {
  test('is alive until it has ended, and nobody is it afterwards', async () => {
    const pid = begin('sleep', '600');
    const identity = { ...thisMachine(), pid, startTime: startTimeOf(pid) as string };
    expect(isAlive(identity)).toBe(true);
    end(pid);
    await until('the process is gone', () => statOf(pid) === undefined);
    expect(isAlive(identity)).toBe(false);
    expect(startTimeOf(pid)).toBeUndefined();
  });

  test('is not called dead by one that has no descriptor left to look at it', () => {
    const looking = `
      import { closeSync, openSync } from 'node:fs';
      const { isAlive, thisProcess } = await import(${JSON.stringify(new URL('../../src/launch/identity.ts', import.meta.url).href)});
      const identity = thisProcess();
      const taken = [];
      try { for (;;) taken.push(openSync('/dev/null')); } catch {}
      let answer;
      try { answer = isAlive(identity); } catch (error) { answer = error.code; }
      taken.forEach((descriptor) => closeSync(descriptor));
      console.log(answer, isAlive(identity));`;
    const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -n 40; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', looking], { encoding: 'utf8' });
    expect(stdout, stderr).toBe('EMFILE true\n');
  });

  test('that has ended and was not collected is dead', async () => {
    const folder = temporaryFolder();
    begin('sh', '-c', `sleep 600 & echo $! >'${folder}/pid'; exec sleep 600`);
    const pid = Number(await until('the child is known', () => contentOf(join(folder, 'pid'))));
    const startTime = startTimeOf(pid) as string;
    end(pid);
    await until('the child is a zombie', () => statOf(pid)?.state === 'Z');
    expect(startTimeOf(pid)).toBeUndefined();
    expect(isAlive({ ...thisMachine(), pid, startTime })).toBe(false);
  });

  test.each(['a b', 'a) S 1 2 (b', ') Z 1 1 1 1', '((((', 'x) Z 0'])('is read rightly when it is named "%s"', async (name) => {
    const program = join(temporaryFolder(), name);
    copyFileSync('/bin/sleep', program);
    const pid = begin(program, '600');
    await until('the program has begun', () => contentOf(`/proc/${pid}/comm`) === name.slice(0, 15).trim());
    expect(statOf(pid)).toMatchObject({ session: pid, startTime: statField(pid, 22) });
    expect(['R', 'S', 'D']).toContain(statOf(pid)?.state);
  });

  test('that never was is none', () => {
    expect(statOf(4_194_305)).toBeUndefined();
    expect(startTimeOf(4_194_305)).toBeUndefined();
  });
});
