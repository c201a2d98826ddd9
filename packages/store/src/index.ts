/** The embedded engine: SQLite for the index, run folders for the bytes. */
export * from './embedded-store.ts';
export * from './id-counter.ts';
export * from './rebuild.ts';
export * from './run-folder/exit-file.ts';
export * from './run-folder/layout.ts';
export type { CutRecord } from './run-folder/read-command.ts';
export * from './session-folder.ts';
