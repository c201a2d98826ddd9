import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
// From source, without a build: the packages' exports name their sources under this condition.
const resolve = { conditions: ['source'] };
const ssr = { resolve };

export default defineConfig({
  root,
  test: {
    root,
    // Two more than there are processors: most tests wait for processes, and leave part of one free.
    maxWorkers: availableParallelism() + 2,
    projects: [
      // A process for each of these files would cost a quarter of a second of the processor each.
      { resolve, ssr, test: { name: 'unit', root, isolate: false, testTimeout: 120_000, hookTimeout: 120_000, include: ['packages/*/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'] } },
      { resolve, ssr, test: { name: 'product', root, include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
