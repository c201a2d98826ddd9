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
  plugins: [shim(folder)],
  output: { dir: folder, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs', comments: false },
});

export default defineConfig([
  bundle('dist', ['source', 'import', 'node', 'default']),
  // The same product with the failpoints of the crash tests; never published.
  bundle('dist-test', ['failpoints', 'source', 'import', 'node', 'default']),
]);
