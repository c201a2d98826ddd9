import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@nightshift/host';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { completion, completionWords } from '../../src/umbrella/completion.ts';
import { complaintOf } from '../complaint.ts';
import { printed } from '../printed.ts';
import { VERBS } from '../tables.ts';

const surroundings = { voice: { verb: 'completion', json: false, debug: false }, interrupt: () => new AbortController().signal };

/** A folder with definitions, a store with jobs of these names, and the verb that answers a script there. */
async function place(names: readonly string[] = []) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'completion-')));
  const state = join(root, 'state');
  vi.stubEnv('NIGHTSHIFT_STATE_DIR', state);
  const host = createHost({ environment: { PATH: process.env['PATH'] as string, HOME: root, NIGHTSHIFT_STATE_DIR: state }, workingDirectory: root });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await host[Symbol.asyncDispose]();
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  });
  for (const name of names) {
    const job = await host.startJob({ what: { type: 'BackgroundJob', spec: { command: ['true'] }, isChecked: true }, name, callerDirectory: root, persist: false, warn: () => {} });
    await host.waitJobs({ ids: [job.id] }, {});
  }
  const verb = completionWords(VERBS);
  const ask = async (...words: string[]) => {
    const { out, error, result } = await printed(() => verb.run(parse(verb.table, words), { ...surroundings, host: () => host }));
    expect([result, error]).toEqual([0, '']);
    return out.split('\n').slice(0, -1);
  };
  return { root, ask };
}

describe('a script is answered', () => {
  test('the jobs that there are, by id and by name, with what they are', async () => {
    const { ask } = await place(['Build', 'My build']);
    expect(await ask('zsh', '=get-job', '=')).toEqual(['offers', '1\tBuild, Completed', '3\tMy build, Completed', 'Build\tjob 1, Completed', 'My build\tjob 3, Completed']);
    expect(await ask('zsh', '=nightshift', '=receive-job', '=my')).toEqual(['offers', 'My build\tjob 3, Completed']);
    expect(await ask('bash', '=get-job 1,M', '=1,M')).toEqual(['offers', String.raw`1,My\ build`]);
    expect(await ask('zsh', '=stop-job', '=')).toEqual(['offers']);
  });

  test('no name that a selector would read as something else: those jobs have their ids', async () => {
    const { ask } = await place(['-rf', '7', 'a*', 'a,b', '[x]', 'what?']);
    expect((await ask('zsh', '=get-job', '=')).slice(1).map((line) => line.split('\t')[0])).toEqual(['1', '3', '5', '7', '9', '11']);
  });

  test('nothing that moves a cursor, ends a line or turns it round', async () => {
    const { ask } = await place(['new\nline', 'tab\there', 'esc\u001b[31m', 'c1\u009b', 'rtl\u202e', 'nel\u0085', 'sep\u2028']);
    const lines = await ask('zsh', '=get-job', '=');
    expect(lines).toHaveLength(8);
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(lines.join('').match(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/g)).toBeNull();
  });

  test('the definitions, by the names of their files, which nobody opens', async () => {
    const { root, ask } = await place();
    mkdirSync(join(root, 'definitions'));
    for (const name of ['Nightly.yaml', 'Weekly.json', 'Broken.yml', 'notes.txt', '.hidden.yaml']) writeFileSync(join(root, 'definitions', name), '{{{', { mode: 0o000 });
    mkdirSync(join(root, 'definitions', 'Folder.yaml'));
    expect(await ask('zsh', '=start-job', '=--definition-name', '=')).toEqual(['offers', 'Broken\tdefinition', 'Nightly\tdefinition', 'Weekly\tdefinition']);
    expect(await ask('bash', '=start-job --definition-name=ni', '=ni')).toEqual(['offers', 'Nightly']);
  });

  test('nothing where there are no definitions, and nothing where the configuration is broken', async () => {
    const { root, ask } = await place();
    expect(await ask('zsh', '=start-job', '=--definition-name', '=')).toEqual(['offers']);
    writeFileSync(join(root, 'nightshift.yaml'), 'definitionPaht: x\n', { mode: 0o600 });
    expect((await ask('zsh', '=start-job', '=--definition-name', '=')).slice(1)).toEqual([]);
  });

  test.each([
    [['zsh', '=nightshift', '=start-j'], 'start-job'],
    [['zsh', '=nightshift', '=help', '=get-job-ty'], 'get-job-type'],
    [['zsh', '=get-job', '=--st'], '--state'],
    [['zsh', '=get-job', '=-inst'], '-InstanceId'],
    [['zsh', '=get-job', '=--state', '=run'], 'Running'],
    [['zsh', '=get-job', '=-o', '=jsonl'], 'jsonl'],
    [['zsh', '=start-job', '=--type', '=back'], 'BackgroundJob'],
    [['fish', '=receive-job', '=--stream', '=warn'], 'warning'],
    [['powershell', '=nightshift', '=get-job', '=--color', '=ne'], 'never'],
  ])('%j: %s', async (words, offer) => {
    const { ask } = await place();
    const [kind, ...offers] = await ask(...words);
    expect([kind, offers.map((line) => line.split('\t')[0])]).toEqual(['offers', [offer]]);
  });

  test('no option twice, but those that may be given again', async () => {
    const { ask } = await place();
    expect(await ask('zsh', '=get-job', '=--newest', '=3', '=--newe')).toEqual(['offers']);
    expect((await ask('zsh', '=get-job', '=--state', '=Failed', '=--stat')).map((line) => line.split('\t')[0])).toEqual(['offers', '--state']);
  });

  test.each([
    [['=start-job', '=--file-path', '=x'], 'files'], [['=start-job', '=--working-directory', '='], 'folders'], [['=start-job', '=--', '=make', '='], 'files'], [['=start-job', '=--', '=./x'], 'files'],
  ])('%j: its own %s', async (words, kind) => {
    expect(await (await place()).ask('fish', ...words)).toEqual([kind]);
  });

  test('programs of PATH behind the dashes, once something is typed', async () => {
    const { root, ask } = await place();
    mkdirSync(join(root, 'bin'));
    for (const name of ['frobnicate', 'frob $(x)']) writeFileSync(join(root, 'bin', name), '');
    vi.stubEnv('PATH', `${join(root, 'bin')}:/does/not/exist:relative:`);
    expect((await ask('bash', '=start-job -- frob', '=frob')).toSorted()).toEqual([String.raw`frob\ \$\(x\)`, 'frobnicate', 'offers']);
    expect(await ask('bash', '=start-job -- ', '=')).toEqual(['offers']);
  });

  test.each([[[]], [['bash']], [['zsh', '=xyzzy', '=']], [['tcsh', '=get-job', '=']], [['zsh', '=get-job', '=--xyzzy', '=x']]])('nothing, quietly, when it asks something strange: %j', async (words) => {
    expect((await (await place()).ask(...words)).slice(1)).toEqual([]);
  });

  test('without a trace on a machine on which nothing was ever started', async () => {
    const { root, ask } = await place();
    for (const words of [['=get-job', '='], ['=get-job', '=--name', '='], ['=start-job', '=--definition-name', '='], ['=nightshift', '=']]) await ask('zsh', ...words);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('nightshift completion', () => {
  const run = (...words: string[]) => {
    const verb = completion(VERBS);
    return printed(() => verb.run(parse(verb.table, words), { ...surroundings, host: () => createHost() }));
  };

  test.each(['bash', 'zsh', 'fish', 'powershell'])('%s is a script that says how to install it and asks in its own name', async (shell) => {
    const { out, error, result } = await run(shell);
    expect([result, error]).toEqual([0, '']);
    expect(out.split('\n').slice(0, 7).join('\n')).toMatch(/# Now: +.*nightshift completion/);
    expect(out).toContain(`completion-words ${shell} `);
    expect(out).not.toMatch(/\beval\b/);
  });

  test.each(['bash', 'zsh', 'fish'])('%s completes the umbrella and every verb with a program of its own', async (shell) => {
    const { out } = await run(shell);
    expect(out).toMatch(/ nightshift start-job get-job receive-job wait-job stop-job remove-job suspend-job resume-job debug-job get-job-type/);
    expect(out).not.toMatch(/ validate/);
  });

  test('of another shell there is none', async () => {
    expect(await complaintOf(() => run('tcsh'))).toMatchObject({ code: 'ParameterArgumentValidationError', hint: 'it is there for bash, zsh, fish, powershell' });
    expect(await complaintOf(() => run())).toMatchObject({ code: 'MissingMandatoryParameter' });
  });
});
