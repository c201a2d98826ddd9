import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MOVES } from '@nightshift/core';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each package may import of ours. Arrows point to sdk; only the host sees everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/sdk': [],
  'packages/core': ['@nightshift/sdk'],
  'packages/definitions': ['@nightshift/sdk'],
  'packages/scheduler': ['@nightshift/sdk'],
  'packages/store': ['@nightshift/sdk'],
  'packages/host': ['@nightshift/sdk', '@nightshift/core', '@nightshift/definitions', '@nightshift/scheduler', '@nightshift/store', '@nightshift/background-job', '@nightshift/crontab-job', '@nightshift/npm-script-job', '@nightshift/remote-job', '@nightshift/scheduled-job', '@nightshift/stdio-job', '@nightshift/thread-job', '@nightshift/workflow-job'],
  'packages/cli': ['@nightshift/crontab-job', '@nightshift/dashboard', '@nightshift/host', '@nightshift/sdk', '@nightshift/testing', '@nightshift/stdio-job'],
  'packages/dashboard': ['@nightshift/host', '@nightshift/sdk'],
  'plugins/background-job': ['@nightshift/sdk'],
  'packages/testing': ['@nightshift/sdk', '@nightshift/core', '@nightshift/store'],
  'plugins/container-job': ['@nightshift/sdk'],
  'plugins/crontab-job': ['@nightshift/sdk'],
  'plugins/engine-pgboss': ['@nightshift/sdk'],
  'plugins/http-job': ['@nightshift/sdk'],
  'plugins/npm-script-job': ['@nightshift/sdk'],
  'plugins/remote-job': ['@nightshift/sdk'],
  'plugins/scheduled-job': ['@nightshift/sdk'],
  'plugins/stdio-job': ['@nightshift/sdk'],
  'plugins/thread-job': ['@nightshift/sdk'],
  'plugins/workflow-job': ['@nightshift/sdk'],
};

/** The failpoints are no part of the contract, and of the published files neither. Who needs the tables of keys or the reading of one file alone loads no YAML. The reader of crontabs is the importer's too. */
const OTHER_ENTRIES = ['@nightshift/sdk/failpoint', '@nightshift/definitions/keys', '@nightshift/definitions/source-files', '@nightshift/host/keys', '@nightshift/crontab-job/crontab', '@nightshift/thread-job/pool'];

/** Each third-party library stands behind one file of ours. */
const ONE_HOME: Readonly<Record<string, string>> = {
  yaml: 'packages/definitions/src/yaml-library.ts',
  'node-cron': 'packages/scheduler/src/schedules/cron-language.ts',
  cronstrue: 'packages/scheduler/src/words/cron-sentence.ts',
  'fs-extra': 'packages/store/src/run-folder/disk.ts',
  cosmiconfig: 'packages/host/src/config/find-config.ts',
  tsyringe: 'packages/host/src/container.ts',
  'reflect-metadata': 'packages/host/src/container.ts',
  ajv: 'plugins/stdio-job/src/json-schema.ts',
  pg: 'plugins/engine-pgboss/src/database.ts',
  'pg-boss': 'plugins/engine-pgboss/src/boss.ts',
  aws4fetch: 'plugins/engine-pgboss/src/output/s3.ts',
  hono: 'packages/dashboard/src/app.ts',
  '@hono/node-server': 'packages/dashboard/src/listen.ts',
  '@opentelemetry/api': 'packages/cli/src/telemetry/open-telemetry.ts',
};

interface Import {
  readonly file: string;
  readonly line: number;
  readonly from: string;
  /** Gone after compilation. */
  readonly isType: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|\brequire\(\s*['"]([^'"]+)['"]\s*\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    from: (match[2] ?? match[3] ?? match[4]) as string,
    isType: match[1] !== undefined,
  }));
}

const sources = globSync('{packages,plugins}/*/src/**/*.ts', { cwd: root }).toSorted();
const imports = sources.flatMap(importsOf);
const shown = ({ file, line, from }: Import): string => `${file}:${line} imports ${from}`;
const packageOf = (file: string): string => file.split('/').slice(0, 2).join('/');

describe('the house', () => {
  test('every package of the workspace has its line in the table of arrows', () => {
    expect([...new Set(sources.map(packageOf))].toSorted()).toEqual(Object.keys(MAY_IMPORT).toSorted());
  });

  test('a package imports only what the table of arrows allows', () => {
    const ours = imports.filter(({ from }) => from.startsWith('@nightshift/') || from === 'nightshift');
    const allowed = ({ file, from }: Import): boolean => {
      const [scope, name, below] = from.split('/');
      const isEntry = below === undefined || OTHER_ENTRIES.includes(from);
      return isEntry && (MAY_IMPORT[packageOf(file)] as readonly string[]).includes(`${scope}/${name}`);
    };
    expect(ours.filter((one) => !allowed(one)).map(shown)).toEqual([]);
    expect(ours.length).toBeGreaterThan(50);
  });

  test('what a package imports is what its package.json names, and nothing else', () => {
    for (const folder of Object.keys(MAY_IMPORT)) {
      const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<'dependencies' | 'peerDependencies', Record<string, string> | undefined>;
      const used = imports.filter(({ file, from }) => packageOf(file) === folder && !/^[.#]|^node:/.test(from)).map(({ from }) => (from.startsWith('@') ? from.split('/').slice(0, 2).join('/') : (from.split('/')[0] as string)));
      expect({ folder, uses: [...new Set(used)].toSorted() }).toEqual({ folder, uses: Object.keys({ ...dependencies, ...peerDependencies }).toSorted() });
    }
  });

  test('nobody reaches into another package by a relative path', () => {
    const outside = imports.filter(({ file, from }) => from.startsWith('.') && relative(join(root, packageOf(file), 'src'), resolve(root, dirname(file), from)).startsWith('..'));
    expect(outside.map(shown)).toEqual([]);
  });

  test('the shim that is sent to other computers is the one that runs here, byte for byte', () => {
    expect(readFileSync(join(root, 'plugins/remote-job/src/shim.sh'), 'utf8')).toBe(readFileSync(join(root, 'packages/host/src/launch/shim.sh'), 'utf8'));
  });

  test.each(Object.entries(ONE_HOME))('%s is imported by %s alone', (library, home) => {
    const users = imports.filter(({ from }) => from === library || from.startsWith(`${library}/`));
    expect(users.filter(({ file }) => file !== home).map(shown)).toEqual([]);
    expect(users.some(({ file }) => file === home)).toBe(true);
  });

  test.each([
    ['node:child_process', ['packages/host/src/launch/spawn-detached.ts', 'packages/testing/src/memory/run-program.ts', 'plugins/remote-job/src/client/ssh.ts', 'plugins/stdio-job/src/program.ts', 'plugins/thread-job/src/worker/own-folder.ts']],
    ['node:sqlite', ['packages/store/src/database/open.ts']],
  ])('%s is loaded in %j alone', (module, homes) => {
    const users = sources.filter((file) => new RegExp(`getBuiltinModule\\('${module}'\\)|^import (?!type)[^;]*'${module}'`, 'm').test(readFileSync(join(root, file), 'utf8')));
    expect(users).toEqual(homes);
  });

  test('timers are touched in the clock alone', () => {
    const users = sources.filter((file) => /\b(setTimeout|setInterval)\(/.test(readFileSync(join(root, file), 'utf8')));
    expect(users).toEqual(['packages/host/src/system-clock.ts', 'packages/testing/src/real-time.ts']);
  });

  test('nobody passes by the clock that a test can put in its place', () => {
    const past = imports.filter(({ file, from }) => from.endsWith('/system-clock.ts') && file !== 'packages/host/src/system-clock-armed.ts');
    expect(past.map(shown)).toEqual([]);
  });

  test('no file takes part in a cycle of imports, types included', () => {
    const edges = new Map(sources.map((file) => [file, imports.filter((one) => one.file === file && one.from.startsWith('.')).map(({ from }) => relative(root, resolve(root, dirname(file), from)))]));
    expect(cyclesIn(edges)).toEqual([]);
  });

  test('core has no file, clock or process of its own', () => {
    const builtIns = imports.filter(({ file, from }) => packageOf(file) === 'packages/core' && from.startsWith('node:'));
    expect(builtIns.map(shown)).toEqual([]);
    const clocks = sources.filter((file) => packageOf(file) === 'packages/core' && /\bDate\.now\(|new Date\(\)|\bprocess\./.test(readFileSync(join(root, file), 'utf8')));
    expect(clocks).toEqual([]);
  });

  test('every export of the sdk has a doc comment', () => {
    const bare = sources.filter((file) => file.startsWith('packages/sdk/src') && !file.endsWith('index.ts')).flatMap((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      return lines.flatMap((line, index) => (/^export (?!\*|\{|type \{)/.test(line) && !documented(lines, index) ? [`${file}:${index + 1} ${line}`] : []));
    });
    expect(bare).toEqual([]);
  });

  test('the diagram of states in ARCHITECTURE.md is the transition table', () => {
    const [, text = ''] = /^stateDiagram-v2$([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')) ?? [];
    const drawn = [...text.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} --> ${to}`);
    const inTable = Object.entries(MOVES).flatMap(([from, list]) => list.map((to) => `${from} --> ${to}`));
    expect(drawn.toSorted()).toEqual(inTable.toSorted());
  });
});

function documented(lines: readonly string[], index: number): boolean {
  const above = lines.slice(0, index).reverse().find((line) => !line.startsWith('// oxlint') && !line.startsWith('/* @__'));
  return above !== undefined && above.trimEnd().endsWith('*/');
}

function cyclesIn(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}
