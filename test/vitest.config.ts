import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { unsteady } from './unsteady.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// From source, without a build: the packages' exports name their sources under this condition.
const resolve = { conditions: ['source'] };
const CRASH = 'test/crash/**/*.test.ts';

/** `groupOrder`: a process changes from the files of one project to those of the other once. */
const project = (name: string, include: readonly string[], exclude: readonly string[], groupOrder: number, retry: number) => ({
  resolve,
  ssr: { resolve },
  test: {
    name, root, retry,
    include: [...include],
    exclude: ['**/node_modules/**', ...exclude],
    sequence: { groupOrder },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A process for each file would cost a quarter of a second of the processor each. What a file changes of its process it puts back.
    isolate: false,
  },
});

export default defineConfig({
  root,
  test: {
    root,
    // Two more than there are processors: most tests wait for processes, and leave part of one free.
    maxWorkers: availableParallelism() + 2,
    reporters: ['default', unsteady],
    projects: [
      // These look for what happens rarely: once is enough.
      project('crash', [CRASH], [], 0, 0),
      // Hundreds of these wait for real processes, on any machine. What fails is tried once more, and told of at the end.
      project('tests', ['{packages,plugins}/*/test/**/*.test.ts', 'test/**/*.test.ts'], [CRASH], 1, 1),
    ],
  },
});
