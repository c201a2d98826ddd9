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
      { resolve, ssr, test: { name: 'unit', root, isolate: false, testTimeout: 30_000, include: ['packages/*/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'] } },
      { resolve, ssr, test: { name: 'house', root, include: ['test/*.test.ts'] } },
      { resolve, ssr, test: { name: 'product', root, include: ['test/{e2e,cases,crash,oracle,definitions,docs,fuzz}/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
