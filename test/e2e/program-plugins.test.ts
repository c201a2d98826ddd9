import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive, isInstalled, newPlace, type Place, waitFor } from './product.ts';

const EXAMPLES = fileURLToPath(new URL('../../definitions/plugins', import.meta.url));

/** Hears nothing, and says only what it must. */
const DEAF = `trap '' TERM; echo '{"type":"ready","protocol":1}'; echo '{"type":"prepared"}'; echo "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":$$}"; while :; do sleep 1; done`;
const RUDE = `echo '{"type":"ready","protocol":1}'; echo '{"type":"prepared"}'; printf '\\033[2Jtext\\n'; cat`;

/** Says what it is given, to the end. */
const ECHO = `while IFS= read -r line; do case $line in
  '{"type":"hello"'*) echo '{"type":"ready","protocol":1}' ;;
  '{"type":"prepare"'*) echo '{"type":"prepared"}' ;;
  '{"type":"input"'*) echo "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":$line}" ;;
  '{"type":"inputEnd"'*) echo '{"type":"outcome","state":"Completed"}' ;;
  '{"type":"dispose"'*) exit 0 ;;
esac; done`;

/** Says how long its secret is, and what it is told of it. */
const KEY = `while IFS= read -r line; do case $line in
  '{"type":"hello"'*) echo '{"type":"ready","protocol":1}' ;;
  '{"type":"prepare"'*) case $line in *canary*) told=true ;; *) told=false ;; esac; echo '{"type":"prepared"}' ;;
  '{"type":"start"'*) echo "{\\"type\\":\\"record\\",\\"stream\\":\\"output\\",\\"value\\":[\${#TOKEN},$told]}"; echo '{"type":"outcome","state":"Completed"}' ;;
  '{"type":"dispose"'*) exit 0 ;;
esac; done`;

const manifest = (name: string, types: Readonly<Record<string, string>>): string =>
  JSON.stringify({ name, version: '1.0.0', apiVersion: 1, jobTypes: Object.entries(types).map(([type, text]) => ({ name: type, description: 'Is a test.', argv: ['sh', '-c', text] })) });

describe('a trusted project with plugins that are programs', () => {
  let place: Place;
  let clean: () => void;
  afterAll(() => clean());
  beforeAll(async () => {
    place = newPlace((cleaning) => (clean = cleaning));
    cpSync(EXAMPLES, join(place.work, 'plugins'), { recursive: true });
    const put = (path: string, text: string): void => {
      mkdirSync(join(place.work, path, '..'), { recursive: true });
      writeFileSync(join(place.work, path), text);
    };
    put('package.json', '{}');
    put('nightshift.yaml', 'plugins: [./plugins/disk-space, ./plugins/countdown, ./plugins/bad]\n');
    put('plugins/bad/nightshift-plugin.json', manifest('bad', { DeafJob: DEAF, RudeJob: RUDE, EchoJob: ECHO, KeyJob: KEY }));
    put('definitions/Disk.yaml', 'type: DiskSpaceJob\njob: { limit: 100 }\n');
    put('definitions/Full.yaml', 'type: DiskSpaceJob\njob: { limit: 0 }\n');
    put('definitions/Down.yaml', 'type: CountdownJob\njob: { seconds: 3600 }\n');
    put('definitions/Deaf.yaml', 'type: DeafJob\njob: {}\n');
    put('definitions/Echo.yaml', 'type: EchoJob\njob: {}\n');
    put('definitions/Key.yaml', 'type: KeyJob\njob: { secrets: { TOKEN: env:KEY_TOKEN } }\n');
    put('definitions/Told.yaml', 'type: KeyJob\njob: { secrets: { TOKEN: canary } }\n');
    put('definitions/Rude.yaml', 'type: RudeJob\njob: {}\n');
    put('definitions/Wrong.yaml', 'type: DiskSpaceJob\njob:\n  limits: 5\n');
    await place.stdoutOf('nightshift', 'trust');
  });

  test('runs the example in sh, which ends as the disk is', async () => {
    expect(await place.run('start-job', ['--definition-name', 'Disk', '--wait'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"usedPercent":\d+\}\n$/) });
    const full = await place.run('start-job', ['--definition-name', 'Full', '--wait']);
    expect(full).toMatchObject({ code: 10, stderr: expect.stringMatching(/\d+ % of the disk are used, the limit is 0/) });
  });

  test('knows a mistake in a definition by line and column', async () => {
    const { code, stderr } = await place.run('nightshift', ['validate', 'definitions/Wrong.yaml']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^validate: DefinitionKeyUnknown: unknown key "limits" \(definitions\/Wrong\.yaml:3:3\)\n/);
    expect(stderr).toContain('hint: did you mean "limit"?');
  });

  test.skipIf(!isInstalled('python3'))('stops the example in Python', async () => {
    const id = (await place.stdoutOf('start-job', '--definition-name', 'Down', '-o', 'id')).trim();
    await place.stdoutOf('stop-job', id);
    expect(await place.stdoutOf('get-job', id, '-o', 'json')).toContain('"state":"Stopped"');
  });

  test('ends a job whose program says what is no message, and shows the line without obeying it', async () => {
    const { code, stderr } = await place.run('start-job', ['--definition-name', 'Rude', '--wait']);
    expect(code).toBe(10);
    expect(stderr).toContain("the program of RudeJob ('bad') wrote a line that is not a JSON object: \\u001b[2Jtext");
  });

  test('gives a program the lines of start-job, said one by one or through a pipe', async () => {
    const given = (...lines: string[]): string => [...lines.map((value) => `${JSON.stringify({ type: 'input', value })}\n`)].join('');
    const start = ['--definition-name', 'Echo', '--wait'];
    expect(await place.run('start-job', [...start, '--input-object', 'a', '--input-object', 'b "c"'])).toMatchObject({ code: 0, stdout: given('a', 'b "c"') });
    expect(await place.run('start-job', [...start, '--input-object', '-'], { input: 'one\ntwo' })).toMatchObject({ code: 0, stdout: given('one', 'two') });
    expect(await place.run('start-job', start)).toMatchObject({ code: 0, stdout: '' });
  });

  test('gives a program the secrets of its definition as variables, and no other way', async () => {
    expect(await place.run('start-job', ['--definition-name', 'Key'])).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('the secret TOKEN: env:KEY_TOKEN is empty or not there (definitions/Key.yaml:2:') });
    expect(await place.run('start-job', ['--definition-name', 'Key', '--wait'], { env: { KEY_TOKEN: 'canary-0123' } })).toMatchObject({ code: 0, stdout: '[11,false]\n' });
    const told = await place.run('start-job', ['--definition-name', 'Told']);
    expect(told).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('"job.secrets.TOKEN" must be a reference to a secret, never the secret (definitions/Told.yaml:2:') });
    expect(told.stderr).not.toContain('canary');
  });

  test('leaves nothing of a program that hears no stop', async () => {
    const id = (await place.stdoutOf('start-job', '--definition-name', 'Deaf', '-o', 'id')).trim();
    const pid = Number(await waitFor('its process id', async () => (await place.stdoutOf('receive-job', id, '--keep')).trim()));
    expect(isAlive(pid)).toBe(true);
    await place.stdoutOf('stop-job', id, '--grace-period', '100ms');
    expect(isAlive(pid)).toBe(false);
  });
});
