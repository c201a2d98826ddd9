import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
// From source, without a build: the packages' exports name their sources under this condition.
const resolve = { conditions: ['source'] };

export default defineConfig({
  root,
  resolve,
  ssr: { resolve },
  test: {
    root,
    include: ['{packages,plugins}/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two more than there are processors: most tests wait for processes, and leave part of one free.
    maxWorkers: availableParallelism() + 2,
    // A process for each file would cost a quarter of a second of the processor each. What a file changes of its process it puts back.
    isolate: false,
  },
});
