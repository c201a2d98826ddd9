/** The embedded engine: SQLite for the index, run folders for the bytes. */
export * from './embedded-store.ts';
export { readOnly } from './errors.ts';
export * from './firings.ts';
export * from './id-counter.ts';
export * from './network-file-system.ts';
export * from './owner.ts';
export { readOwner, type Owner, type OwnerStatus } from './owner-rows.ts';
export * from './rebuild.ts';
export * from './run-folder/exit-file.ts';
export * from './run-folder/layout.ts';
export type { CutRecord } from './run-folder/read-command.ts';
export * from './session-folder.ts';
export type { Alarm, Alarms, Outcome } from './telling/alarms.ts';
export type { Delivery, NewDelivery } from './telling/deliveries.ts';
export { openTellings, type EndedFacts, type MissedFacts, type News, type Tellings, type TellingSummary } from './tellings.ts';
