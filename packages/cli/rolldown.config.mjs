import { copyFileSync, mkdirSync } from 'node:fs';
import { defineConfig } from 'rolldown';

/** The shim is a file of its own: a shell reads it. */
const shim = (folder) => ({
  name: 'shim',
  writeBundle() {
    mkdirSync(folder, { recursive: true });
    copyFileSync('../host/src/launch/shim.sh', `${folder}/shim.sh`);
  },
});

const bundle = (folder, conditionNames) => ({
  input: { main: 'src/main.ts' },
  platform: 'node',
  resolve: { conditionNames },
  // What the lazy parts share with the verbs stays with the verbs: one file on the hot path.
  preserveEntrySignatures: 'allow-extension',
  plugins: [shim(folder)],
  output: { dir: folder, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs', comments: false, minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } } },
});

export default defineConfig([
  bundle('dist', ['source', 'import', 'node', 'default']),
  // The same product with the failpoints of the crash tests; never published.
  bundle('dist-test', ['failpoints', 'source', 'import', 'node', 'default']),
]);
