import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { unsteady } from './unsteady.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
// From source, without a build: the packages' exports name their sources under this condition.
const resolve = { conditions: ['source'] };
const CRASH = 'test/crash/**/*.test.ts';
/** The kits watch what a job type does to its process: nobody else may be at work there. */
const KITS = 'packages/testing/test/**/*.test.ts';

interface Files {
  readonly include: string[];
  readonly exclude?: string[];
  /** Default 1. */
  readonly retry?: number;
  /** Default true. */
  readonly isolate?: boolean;
}

/** Where processes are shared they are shared best when no others come in between: these come last. */
const project = (name: string, { include, exclude = [], retry = 1, isolate = true }: Files) => ({
  resolve,
  ssr: { resolve },
  test: { name, root, include, exclude: ['**/node_modules/**', ...exclude], retry, isolate, sequence: { groupOrder: isolate ? 0 : 1 }, testTimeout: 120_000, hookTimeout: 120_000 },
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
      project('crash', { include: [CRASH], retry: 0 }),
      // Hundreds of these wait for real processes, on any machine. What fails is tried once more, and told of at the end.
      project('product', { include: ['test/**/*.test.ts', 'plugins/*/test/**/*.test.ts', KITS], exclude: [CRASH] }),
      // A process for each of these would cost a quarter of a second of the processor each. What a file changes of its process it puts back.
      project('unit', { include: ['packages/*/test/**/*.test.ts'], exclude: [KITS], isolate: false }),
    ],
  },
});
