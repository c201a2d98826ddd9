import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { contentOf, isAlive, newPlace, waitFor } from './product.ts';
import { runOf } from './runs.ts';

const PLUGIN = fileURLToPath(new URL('../../plugins/container-job', import.meta.url));

/** Writes down what it was asked for, and runs the command behind the image `here`. */
const ENGINE = '#!/bin/sh\nprintf "%s\\n" "$@" > "$0.asked"\nwhile [ "$1" != here ]; do shift; done\nshift\nexec "$@"\n';

test('an installed ContainerJob runs by the engine in PATH, and a stop reaches the program', async () => {
  const place = newPlace();
  for (const folder of ['definitions', 'bin']) mkdirSync(join(place.work, folder));
  const put = (path: string, text: string, mode = 0o644): void => writeFileSync(join(place.work, path), text, { mode });
  put('package.json', '{}');
  put('nightshift.yaml', `plugins: [${PLUGIN}]\n`);
  put('bin/docker', ENGINE, 0o755);
  put('definitions/Inside.yaml', 'type: ContainerJob\njob: { image: here, command: [sh, -c, "echo in $MODE"], env: { MODE: canary } }\n');
  put('definitions/Long.yaml', `type: ContainerJob\njob: { image: here, command: [sh, -c, "trap 'echo ended; exit 0' TERM; echo yes > begun; while :; do sleep 0.05; done"] }\n`);
  const env = { PATH: [join(place.work, 'bin'), place.env['PATH']].join(delimiter) };
  await place.stdoutOf('nightshift', 'trust');
  expect(await place.run('start-job', ['--definition-name', 'Inside', '--wait'], { env })).toMatchObject({ code: 0, stdout: 'in canary\n' });
  expect(readFileSync(join(place.work, 'bin/docker.asked'), 'utf8').split('\n')).toEqual(expect.arrayContaining(['run', '--rm', '--init', 'nightshift.job=Inside', 'MODE', 'here']));
  const { stdout } = await place.run('start-job', ['-o', 'id', '--definition-name', 'Long'], { env });
  await waitFor('the program runs', () => ['', 'definitions'].some((folder) => contentOf(join(place.work, folder, 'begun')) === 'yes'));
  await place.stdoutOf('stop-job', stdout.trim());
  expect(await place.finished(Number(stdout))).toMatchObject({ state: 'Stopped' });
  expect(await place.stdoutOf('receive-job', stdout.trim())).toBe('ended\n');
});

test.each([
  ['stop-job', ['--grace-period', '100ms'], 'Stopped'],
  ['stop-job', ['--force'], 'Stopped'],
  ['a signal', [], 'Failed'],
])('a container whose client is killed by %s %j is removed by its id before the job has ended', async (verb, args, state) => {
  const place = newPlace();
  for (const folder of ['definitions', 'bin']) mkdirSync(join(place.work, folder));
  const put = (path: string, text: string, mode = 0o644): void => writeFileSync(join(place.work, path), text, { mode });
  put('package.json', '{}');
  put('nightshift.yaml', `plugins: [${PLUGIN}]\n`);
  // A container is no process of its client: it lives elsewhere, in no session of ours and without our variables.
  put('bin/docker', `#!/bin/sh\nif [ "$1" = rm ]; then kill -KILL "$3"; echo "$@" > "$0.cleaned"; exit; fi\ntrap : TERM\nenv -i setsid sleep 600 </dev/null >/dev/null 2>&1 &\necho $! > "$3"\necho begun\nwhile :; do sleep 600; done\n`, 0o755);
  put('definitions/Deaf.yaml', 'type: ContainerJob\njob: { image: here }\n');
  await place.stdoutOf('nightshift', 'trust');
  const { stdout } = await place.run('start-job', ['-o', 'id', '--definition-name', 'Deaf'], { env: { PATH: [join(place.work, 'bin'), place.env['PATH']].join(delimiter) } });
  const id = Number(stdout);
  await waitFor('it has begun', () => place.stdoutOf('receive-job', String(id), '--keep'), (said) => said === 'begun\n');
  expect((await place.job(id)).command).toMatch(/^docker run --rm --init .* here$/);
  const { folder, processes } = await runOf(place, id);
  const container = Number(contentOf(join(folder, 'container')));
  onTestFinished(() => void (isAlive(container) && process.kill(container, 'SIGKILL')));
  expect(isAlive(container)).toBe(true);
  if (verb === 'stop-job') await place.stdoutOf(verb, String(id), ...args);
  else for (const { pid } of processes()) process.kill(pid, 'SIGKILL');
  expect(await place.finished(id)).toMatchObject({ state });
  expect(isAlive(container)).toBe(false);
  expect(contentOf(join(place.work, 'bin/docker.cleaned'))).toBe(`rm --force ${container}`);
});
