import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import containerJob from '@nightshift/container-job';
import type { CommandJobType, CommandLine, SpecIssue } from '@nightshift/sdk';
import { exerciseJobType } from '@nightshift/testing';
import { afterAll, describe, expect, test } from 'vitest';
import type { ContainerSpec } from '../src/spec.ts';

const type = containerJob.jobTypes?.[0] as CommandJobType<ContainerSpec>;

/** An engine that writes down what it was asked for, and runs the command behind the image `here` on this machine. */
const ENGINE = `#!/bin/sh
printf '%s\\n' "$@" > "$0.asked"
while [ "$1" != here ]; do shift; done
shift
exec "$@"
`;
const folder = mkdtempSync(join(tmpdir(), 'engines-'));
const PATH = process.env['PATH'];
process.env['PATH'] = [folder, PATH].join(delimiter);
for (const name of ['docker', 'podman']) {
  writeFileSync(join(folder, name), ENGINE);
  chmodSync(join(folder, name), 0o755);
}
afterAll(() => {
  process.env['PATH'] = PATH;
  rmSync(folder, { recursive: true });
});

exerciseJobType({ describe, test, skip: (title: string) => test.skip(title) }, {
  type, completes: { image: 'here', command: ['true'] }, fails: { image: 'here', command: ['sh', '-c', 'exit 7'] }, runsUntilStopped: { image: 'here', command: ['sleep', '60'] },
  invalid: [{}, { image: '--privileged' }, { image: 'a', engine: 'lxc' }, { image: 'a', command: 'ls' }],
});

function read(value: unknown): { spec?: ContainerSpec; issues?: readonly SpecIssue[] } {
  const result = type.spec['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('it answers at once');
  return result.issues === undefined ? { spec: result.value } : { issues: result.issues };
}
const described = (value: object): CommandLine => type.command({ spec: read(value).spec as ContainerSpec, name: 'Nightly', origin: { kind: 'demand', runNow: false }, workingDirectory: '/project', argumentList: [] }) as CommandLine;
const START = ['--rm', '--init', '--sig-proxy=true', '--pull', 'missing', '--label', 'nightshift.job=Nightly'];

function withPath<T>(path: string, act: () => T): T {
  const before = process.env['PATH'];
  process.env['PATH'] = path;
  try {
    return act();
  } finally {
    process.env['PATH'] = before;
  }
}

test('every key has its option, and the values of variables are in no argument', () => {
  const spec = { image: 'alpine:3', command: ['ls', '-l'], env: { MODE: 'canary' }, secrets: { TOKEN: 'file:token' }, volumes: ['./data:/data:ro', 'cache:/cache'], workdir: '/data', network: 'none', user: '1000:1000', memory: '512m', cpus: 0.5, pull: 'never', engine: 'podman' };
  expect(described(spec)).toEqual({
    argv: ['sh', '-c', expect.stringContaining('run --cidfile'), 'podman', ...START.with(4, 'never'), '--workdir', '/data', '--network', 'none', '--user', '1000:1000', '--memory', '512m', '--cpus', '0.5', '--volume', '/project/data:/data:ro', '--volume', 'cache:/cache', '--env', 'MODE', '--env', 'TOKEN', 'alpine:3', 'ls', '-l'],
    commandWords: ['podman', 'run', ...START.with(4, 'never'), '--workdir', '/data', '--network', 'none', '--user', '1000:1000', '--memory', '512m', '--cpus', '0.5', '--volume', '/project/data:/data:ro', '--volume', 'cache:/cache', '--env', 'MODE', '--env', 'TOKEN', 'alpine:3', 'ls', '-l'],
    cleanUp: ['sh', '-c', expect.stringContaining('rm --force'), 'podman'],
    environment: { MODE: 'canary' },
    secrets: { TOKEN: 'file:token' },
  });
});

test('the engine is the first of docker and podman in PATH, and docker where there is none', () => {
  const only = mkdtempSync(join(folder, 'only-'));
  expect(withPath(only, () => described({ image: 'a' }))).toEqual({ argv: ['docker', 'run', ...START, 'a'] });
  writeFileSync(join(only, 'podman'), ENGINE, { mode: 0o755 });
  expect(withPath(only, () => described({ image: 'a' })).commandWords?.[0]).toBe('podman');
  expect(described({ image: 'a' }).commandWords?.[0]).toBe('docker');
});

test('the engine gets the arguments, and the program the variables', () => {
  const { argv: [program, ...args], environment } = described({ image: 'here', command: ['sh', '-c', 'echo $MODE'], env: { MODE: 'canary' } });
  const { stdout } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...environment, NIGHTSHIFT_RUN_DIR: folder, NIGHTSHIFT_ATTEMPT: '1' } as NodeJS.ProcessEnv });
  expect(stdout).toBe('canary\n');
  expect(readFileSync(join(folder, 'docker.asked'), 'utf8')).not.toContain('canary');
});

test.each<[object, string, string]>([
  [{}, 'DefinitionKeyMissing', 'has no "image"'],
  [{ image: 'a', comand: [] }, 'DefinitionKeyUnknown', 'is not a key of a ContainerJob'],
  [{ image: '-v' }, 'DefinitionValueInvalid', 'does not begin with a dash'],
  [{ image: 'a', env: { DOCKER_HOST: 'tcp://x' } }, 'DefinitionValueInvalid', 'has a name that cannot be used'],
  [{ image: 'a', secrets: { TOKEN: 'canary' } }, 'DefinitionValueInvalid', 'never the secret'],
  [{ image: 'a', secrets: { DOCKER_HOST: 'env:X' } }, 'DefinitionValueInvalid', 'has a name that cannot be used'],
  [{ image: 'a', env: { TOKEN: 'a' }, secrets: { TOKEN: 'env:X' } }, 'DefinitionKeysExclusive', 'and "job.env.TOKEN" exclude each other'],
  [{ image: 'a', volumes: ['/etc'] }, 'DefinitionValueInvalid', 'must be a list of SOURCE:/TARGET'],
  [{ image: 'a', memory: 'much' }, 'DefinitionValueInvalid', 'must be a number of bytes'],
  [{ image: 'a', cpus: 0 }, 'DefinitionValueInvalid', 'must be a number above 0'],
])('%j is refused with %s', (value, code, message) => {
  const { issues = [] } = read(value);
  expect(issues.map((issue) => ({ code: 'DefinitionValueInvalid', ...issue }))).toEqual([expect.objectContaining({ code, message: expect.stringContaining(message) })]);
});

const hasEngine = withPath(PATH ?? '', () => spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 }).status === 0);

test.skipIf(!hasEngine)(`a real engine runs a command in a container${hasEngine ? '' : ' (skipped: "docker info" fails, no daemon answers)'}`, { timeout: 120_000 }, () => {
  const { argv: [engine, ...args], environment } = withPath(PATH ?? '', () => described({ image: 'alpine', command: ['echo', 'inside'] }));
  expect(withPath(PATH ?? '', () => spawnSync(engine, args, { encoding: 'utf8', env: { ...process.env, ...environment, NIGHTSHIFT_RUN_DIR: folder, NIGHTSHIFT_ATTEMPT: '.' } as NodeJS.ProcessEnv })).stdout).toBe('inside\n');
});
