import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packages = (JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> }).packages;
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);

/** As Node looks a package up: below, beside, and above. */
function lockedFor(path: string, name: string): Locked | undefined {
  const here = packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`];
  return here ?? (path === '' ? undefined : lockedFor(path.slice(0, Math.max(0, path.lastIndexOf('node_modules/') - 1)), name));
}

/** Platform packages are named by exact versions; of a range it is enough that something is locked. */
function fits(version: string | undefined, wanted: string): boolean {
  return version !== undefined && (version === wanted || !/^\d+\.\d+\.\d+$/.test(wanted));
}

describe('the lock file', () => {
  test('records no download address', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined && /^https?:/.test(resolved)).map(([path]) => path)).toEqual([]);
    expect(installed.length).toBeGreaterThan(20);
  });

  test('has a checksum for every package', () => {
    expect(installed.filter(([, { integrity }]) => integrity === undefined || !integrity.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });

  test('locks every optional dependency that it names, so that npm ci accepts it on every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies).filter(([name, wanted]) => !fits(lockedFor(path, name)?.version, wanted)).map(([name, wanted]) => `${path} names ${name}@${wanted}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('the repository', () => {
  test('pins every dependency to one version', () => {
    const manifests = execFileSync('git', ['ls-files', 'package.json', '*/package.json'], { cwd: root, encoding: 'utf8' }).split('\n').filter((path) => path !== '' && !path.startsWith('test/') && !path.includes('/templates/'));
    const loose = manifests.flatMap((path) => {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(path)) as Record<string, Record<string, string>>;
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)).map(([name, version]) => `${path}: ${name}@${version}`);
    });
    expect(loose).toEqual([]);
  });

  test('opens its quick start with exactly the two commands', () => {
    const [, block] = /## Quick start\s+```sh\n([\s\S]*?)```/.exec(read('README.md')) ?? [];
    expect(block?.trim().split('\n')).toEqual(['npm ci && npm start', 'npm test']);
  });

  test.each(['packages/cli/dist/main.cjs', 'packages/cli/dist/umbrella.cjs', 'packages/cli/dist/container.cjs'])('publishes no failpoint in %s', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
    expect(read(path)).not.toContain('FAILPOINT');
    expect(read(path)).not.toMatch(/failpoint\(/);
    for (const variable of ['NIGHTSHIFT_CLOCK', 'NIGHTSHIFT_MACHINE']) expect(read(path)).not.toContain(variable);
  });

  test.each(['main', 'umbrella', 'container', 'doctor', 'fs-extra'])('has no syntax in %s.cjs that the oldest supported Node does not know', (name) => {
    expect(read(`packages/cli/dist/${name}.cjs`)).not.toMatch(/[;{}(]\s*(?:await )?using [\w$]+\s*=/);
  });

  test('publishes no failpoint in shim.sh', () => {
    expect(read('packages/cli/dist/shim.sh')).toBe(read('packages/host/src/launch/shim.sh'));
    expect(read('packages/cli/dist/shim.sh')).not.toMatch(/failpoint/i);
  });

  test('has the failpoints in the bundle of the crash tests, and in their shim', () => {
    expect(read('packages/cli/dist-test/main.cjs')).toContain('NIGHTSHIFT_FAILPOINTS');
    expect(read('packages/cli/dist-test/container.cjs')).toContain('NIGHTSHIFT_MACHINE');
    expect(read('packages/cli/dist-test/shim.sh').split('\n').filter((line) => !/failpoint/i.test(line) && line !== '}' && line !== '')).toEqual(
      read('packages/host/src/launch/shim.sh').split('\n').filter((line) => line !== '}' && line !== ''),
    );
    expect([...read('packages/cli/dist-test/shim.sh').matchAll(/^ {2}nightshift_failpoint (\S+)$/gm)].map(([, name]) => name)).toEqual(['shim.unclaimed', 'shim.claimed', 'shim.unrecorded', 'shim.recorded']);
  });
});
