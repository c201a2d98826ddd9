/** Conformance kits for job types and stores, and a host in memory whose clock the test moves. */
export * from './exercise-job-store.ts';
export type { TestRunner } from './runner.ts';
export { TestClock } from './test-clock.ts';
