/** The embedded engine: SQLite for the index, run folders for the bytes. */
export * from './embedded-store.ts';
export { readOnly } from './errors.ts';
export * from './firings.ts';
export * from './id-counter.ts';
export * from './network-file-system.ts';
export * from './owner.ts';
export type { HistoryLimits } from './prune-firings.ts';
export { readOwner, type Owner, type OwnerStatus } from './owner-rows.ts';
export * from './rebuild.ts';
export * from './run-folder/exit-file.ts';
export * from './run-folder/layout.ts';
export type { CutRecord } from './run-folder/read-command.ts';
export { lockDefinitions } from './scheduler-lock.ts';
export * from './session-folder.ts';
