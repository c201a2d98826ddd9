import type { Finding, Host } from '@nightshift/host';
import { JobError } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { doctor } from '../../src/umbrella/doctor.ts';
import { printed, type Printed } from '../printed.ts';

const ok: Finding = { subject: 'Node', state: 'ok', ok: true, text: 'v26 at /usr/bin/node' };
const warning: Finding = { subject: 'umask', state: 'warning', ok: true, text: '0000: everybody can write the files that jobs make', fix: 'umask 022' };
const bad: Finding = { subject: 'state folder', state: 'bad', ok: false, text: '/s, mode 0755', fix: 'chmod 700 /s' };

/** The verb over a host whose doctor finds these. */
function found(findings: readonly Finding[], ...argv: string[]): Promise<Printed<number>> {
  const host = { doctor: async () => ({ examine: async () => findings, repair: async () => findings.slice(0, 1) }) } as unknown as Host;
  return printed(() => doctor.run(parse(doctor.table, argv), { voice: { verb: 'doctor', json: false, debug: false }, host: () => host, interrupt: () => new AbortController().signal }));
}

test.each([
  ['nothing is bad', [ok], 0], ['there are warnings only', [ok, warning], 0], ['something is bad', [ok, bad, warning], 1], ['nothing was looked at', [], 0],
] as const)('the exit status when %s', async (_, findings, status) => {
  expect((await found(findings)).result).toBe(status);
});

test('one line a finding: state, subject, text; what is to be typed stands below', async () => {
  const { out, error } = await found([ok, warning, bad]);
  expect(out).toBe(`ok       Node          v26 at /usr/bin/node
warning  umask         0000: everybody can write the files that jobs make
                       fix: umask 022
bad      state folder  /s, mode 0755
                       fix: chmod 700 /s
`);
  expect(error).toBe('');
});

test('a long text is wrapped at 80 columns, and a command never', async () => {
  const fix = `export PATH=${'/a/very/long/folder:'.repeat(10)}`;
  const { out } = await found([{ ...warning, text: 'many words '.repeat(20).trim(), fix }]);
  const lines = out.trimEnd().split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([expect.stringContaining(fix)]);
  expect(lines.length).toBeGreaterThan(3);
});

test('nothing of a path or name can give orders to a terminal', async () => {
  const { out } = await found([{ ...bad, text: '/s\u001b[2J', fix: "rm '\u009b2J\n'" }]);
  for (const order of ['\u001b', '\u009b']) expect(out).not.toContain(order);
  expect(out.split('\n')).toHaveLength(3);
});

describe('in JSON', () => {
  test('every finding has the same keys', async () => {
    const { out, error } = await found([ok, bad], '-o', 'json');
    expect(JSON.parse(out)).toEqual({ apiVersion: 1, findings: [{ ...ok, fix: null }, bad] });
    expect(error).toBe('');
  });

  test('mended stores are told in the same form', async () => {
    expect(JSON.parse((await found([ok, bad], '--repair', '-o', 'json')).out)).toEqual({ apiVersion: 1, findings: [{ ...ok, fix: null }] });
  });
});

test('a machine without a home is a finding, not the end', async () => {
  const host = (): never => {
    throw new JobError({ code: 'HomeNotFound', message: 'there is no home folder to keep jobs in' });
  };
  const { result, out } = await printed(() => doctor.run(parse(doctor.table, ['-o', 'json']), { voice: { verb: 'doctor', json: true, debug: false }, host, interrupt: () => new AbortController().signal }));
  expect(result).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ findings: [{ subject: 'home', state: 'bad', ok: false, fix: expect.stringContaining('NIGHTSHIFT_STATE_DIR') }] });
});
