import { copyFileSync, mkdirSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig } from 'rolldown';

/**
 * Every verb starts from one file, main.cjs; what only some verbs need is a file of its own, loaded when it is needed. No
 * file shares a chunk with another: on the way of a start each further file would cost as much as opening a database.
 */
const LAZY = { umbrella: 'src/umbrella/umbrella.ts', container: '../host/src/container.ts', doctor: '../host/src/doctor.ts', 'fs-extra': 'fs-extra' };

const lazy = (self) => ({
  name: 'lazy',
  resolveId(source, _importer, { kind }) {
    const name = basename(source, '.ts');
    return kind === 'dynamic-import' && name in LAZY && name !== self ? { id: `./${name}.cjs`, external: true } : undefined;
  },
});

/** The shim is a file of its own: a shell reads it. */
const shim = (folder) => ({
  name: 'shim',
  writeBundle() {
    mkdirSync(folder, { recursive: true });
    copyFileSync('../host/src/launch/shim.sh', `${folder}/shim.sh`);
  },
});

const file = (folder, name, input, conditionNames) => ({
  input: { [name]: input },
  platform: 'node',
  logLevel: 'warn',
  // The oldest Node that we support knows no `using`.
  transform: { target: 'node22.18' },
  resolve: { conditionNames },
  plugins: [lazy(name), ...(name === 'main' ? [shim(folder)] : [])],
  output: {
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    codeSplitting: false,
    // The bundle is run as a script, which knows require but no import.
    dynamicImportInCjs: false,
    comments: false,
    minify: true,
    sourcemap: true,
  },
});

const product = (folder, conditionNames) => [
  file(folder, 'main', 'src/main.ts', conditionNames),
  ...Object.entries(LAZY).map(([name, input]) => file(folder, name, input, conditionNames)),
];

export default defineConfig([
  ...product('dist', ['source', 'import', 'node', 'default']),
  // The same product with the failpoints of the crash tests; never published.
  ...product('dist-test', ['failpoints', 'source', 'import', 'node', 'default']),
]);
