import type { Host, ProjectTrust, Trust } from '@nightshift/host';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { trust } from '../../src/umbrella/trust.ts';
import { complaintOf } from '../complaint.ts';
import { printed, type Printed } from '../printed.ts';

const plugin = (name: string, version: string) => ({ name, version, path: `/p/node_modules/${name}` });
const project: ProjectTrust = {
  folder: '/p', file: '/p/nightshift.yaml', keys: ['hooks', 'safeOwners'], plugins: [], standing: 'changed', asks: true,
  changes: [
    { name: 'a', word: 'same', before: plugin('a', '1.0.0'), now: plugin('a', '1.0.0') },
    { name: 'b', word: 'changed', before: plugin('b', '1.0.0'), now: plugin('b', '2.0.0') },
    { name: 'c', word: 'new', now: plugin('c', '1.0.0') },
    { name: 'd', word: 'gone', before: plugin('d', '1.0.0') },
    { name: 'e', word: 'lost', before: plugin('e', '1.0.0'), now: { name: 'e', fault: 'it is nowhere' } },
  ],
};

/** The verb over a host that answers so; what it was asked comes with what was printed. */
async function answered(answer: ProjectTrust | undefined, ...argv: string[]): Promise<Printed<number> & { readonly asked: readonly unknown[] }> {
  const asked: unknown[] = [];
  const note = (name: string) => async (...words: unknown[]) => {
    asked.push([name, ...words]);
    return name === 'list' ? (answer === undefined ? [] : [answer]) : answer;
  };
  const keeper = { file: '/h/config.yaml', grant: note('grant'), revoke: note('revoke'), list: note('list') } as unknown as Trust;
  const host = { trust: async () => keeper } as unknown as Host;
  const seen = await printed(() => trust.run(parse(trust.table, argv), { voice: { verb: 'trust', json: false, debug: false }, host: () => host, interrupt: () => new AbortController().signal }));
  return { ...seen, asked };
}

describe('trusting', () => {
  test('shows what counts from now on, and what has changed', async () => {
    const { out, error, asked } = await answered(project, 'sub');
    expect(asked).toEqual([['grant', 'sub', { whatIf: false }]]);
    expect(out).toBe(`/p  trusted
  file    /p/nightshift.yaml
  key     hooks
  key     safeOwners
  plugin  a 1.0.0 in /p/node_modules/a
  plugin  b 2.0.0 in /p/node_modules/b; it was 1.0.0 in /p/node_modules/b
  plugin  c 1.0.0 in /p/node_modules/c (new)
  plugin  d is gone; it was 1.0.0 in /p/node_modules/d
  plugin  e cannot be found: it is nowhere
`);
    expect(error).toBe('trust: recorded in /h/config.yaml\n');
  });

  test('means the current folder without a word, and what would be is said before it is done', async () => {
    const { out, error, asked } = await answered(project, '--what-if');
    expect(asked).toEqual([['grant', '.', { whatIf: true }]]);
    expect(out).toMatch(/^\/p {2}changed\n/);
    expect(error).toBe('What if: trust /p as shown, in /h/config.yaml\n');
  });

  test.each([
    ['is trusted already', { ...project, standing: 'trusted' as const }, 'trust: it is trusted as it is\n'],
    ['asks for nothing', { ...project, asks: false, keys: [], changes: [], standing: 'untrusted' as const }, 'trust: nothing there asks for trust: neither plugins nor keys that need it\n'],
  ])('says when a project %s', async (_, answer, talk) => {
    expect(await answered(answer)).toMatchObject({ result: 0, error: talk });
  });

  test('in JSON gives each plugin with what it was', async () => {
    const { out, error } = await answered(project, '-o', 'json');
    expect(error).toBe('');
    expect(JSON.parse(out)).toEqual({
      apiVersion: 1,
      projects: [{
        folder: '/p', file: '/p/nightshift.yaml', standing: 'trusted', keys: ['hooks', 'safeOwners'],
        plugins: [
          { name: 'a', change: 'same', version: '1.0.0', path: '/p/node_modules/a', fault: null, before: { version: '1.0.0', path: '/p/node_modules/a' } },
          { name: 'b', change: 'changed', version: '2.0.0', path: '/p/node_modules/b', fault: null, before: { version: '1.0.0', path: '/p/node_modules/b' } },
          { name: 'c', change: 'new', version: '1.0.0', path: '/p/node_modules/c', fault: null, before: null },
          { name: 'd', change: 'gone', version: null, path: null, fault: null, before: { version: '1.0.0', path: '/p/node_modules/d' } },
          { name: 'e', change: 'lost', version: null, path: null, fault: 'it is nowhere', before: { version: '1.0.0', path: '/p/node_modules/e' } },
        ],
      }],
    });
  });
});

describe('revoking', () => {
  test.each([
    [project, [], /^\/p {2}untrusted\n/, 'trust: taken out of /h/config.yaml\n'],
    [project, ['--what-if'], /^\/p {2}changed\n/, 'What if: revoke the trust in /p, in /h/config.yaml\n'],
    [undefined, [], /^$/, 'trust: this folder is not trusted\n'],
  ] as const)('of %j with %j', async (answer, flags, out, error) => {
    const seen = await answered(answer, '--revoke', ...flags);
    expect(seen).toMatchObject({ result: 0, error, asked: [['revoke', '.', { whatIf: flags.length > 0 }]] });
    expect(seen.out).toMatch(out);
  });
});

describe('the list', () => {
  test('shows every project as it stands', async () => {
    expect((await answered(project, '--list')).out).toMatch(/^\/p {2}changed\n/);
    expect(await answered(undefined, '--list')).toMatchObject({ result: 0, out: '', error: 'trust: no project is trusted\n' });
    expect(JSON.parse((await answered(undefined, '--list', '-o', 'json')).out)).toEqual({ apiVersion: 1, projects: [] });
  });

  test.each([['x'], ['--revoke'], ['--what-if']])('stands alone: not with %s', async (other) => {
    expect(await complaintOf(() => answered(project, '--list', other))).toMatchObject({ code: 'InvalidParameterCombination' });
  });
});

test('nothing of a name can give orders to a terminal', async () => {
  const { out } = await answered({ ...project, changes: [{ name: 'x\u001b[2J\n', word: 'new', now: plugin('x\u009b', '1\u202e') }] });
  for (const order of ['\u001b', '\u009b', '\u202e']) expect(out).not.toContain(order);
  expect(out.trimEnd().split('\n')).toHaveLength(5);
});
