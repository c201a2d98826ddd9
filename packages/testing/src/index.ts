/** Conformance kits for job types, stores and engines, and a host in memory whose clock the test moves. */
export * from './exercise-engine.ts';
export * from './exercise-job-store.ts';
export type { TestRunner } from './runner.ts';
export { TestClock } from './test-clock.ts';
export * from './exercise-job-type.ts';
export type { JobTypeSubject } from './job-type/subject.ts';
export * from './test-host.ts';
