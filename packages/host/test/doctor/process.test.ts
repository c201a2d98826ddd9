import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeNode } from '../../src/doctor/node.ts';
import { processTable, programs, searchPath, umask } from '../../src/doctor/process.ts';
import { doctorPlace, told } from './place.ts';

test.each([
  ['22.17.9', 'bad'], ['20.20.0', 'bad'], ['22.18.0', 'ok'], ['22.18.1', 'ok'], ['24.0.0', 'ok'], ['26.10.0', 'ok'],
] as const)('Node %s is %s', (version, state) => {
  expect(judgeNode(version, '/x/node')).toMatchObject({ state, text: expect.stringContaining(`v${version} at /x/node`) });
});

test.each([
  [0o022, 'ok: 0022'], [0o077, 'ok: 0077'], [0o002, 'ok: 0002'],
  [0o000, 'warning: 0000: everybody can write the files that jobs make => umask 022'],
  [0o020, 'warning: 0020: everybody can write the files that jobs make => umask 022'],
  [0o777, 'warning: 0777: a job cannot use the files that it makes => umask 022'],
])('a umask of %o', (mask, words) => {
  expect(told(umask({ ...doctorPlace().surroundings(), umask: mask }))).toBe(words);
});

test.each([
  ['/usr/bin:/bin', /^ok: 2 folders, none of them relative$/],
  [undefined, /^warning: is not set/],
  ['/usr/bin:.:bin:/bin', /^warning: "\.", "bin" is searched .+ => export PATH=\/usr\/bin:\/bin$/],
  ['/bin:', /^warning: "" is searched/],
])('PATH=%s', (PATH, words) => {
  expect(told(searchPath(doctorPlace({ PATH }).surroundings()))).toMatch(words);
});

test('what the shim needs is there, or told', () => {
  const here = doctorPlace();
  expect(told(programs(here.surroundings()))).toBe('ok: /bin/sh, /usr/bin/env, sh, sleep');
  expect(told(programs(doctorPlace({ PATH: here.home }).surroundings()))).toMatch(/^bad: sh and sleep cannot be found in PATH .+ => export PATH=/);
  expect(told(programs({ ...here.surroundings(), shim: join(here.root, 'shim.sh') }))).toMatch(/^bad: .+shim\.sh cannot be read/);
});

test.runIf(process.platform === 'linux')('without the process table it is told that dead jobs look alive', () => {
  const place = doctorPlace();
  expect(processTable(place.surroundings())).toMatchObject({ state: 'bad' });
  place.plant('proc/self/stat', '1 (x) S');
  place.plant('proc/sys/kernel/random/boot_id', 'x');
  expect(processTable(place.surroundings())).toMatchObject({ state: 'ok' });
});
