/** The composition root. */
export * from './create-host.ts';
export type { Wiring } from './container.ts';
export type { CheckedFile } from './validate.ts';
export type { Doctor, Finding } from './doctor.ts';
export { findProgram } from './launch/find-program.ts';
export { currentFolder, expandFolder, findLiteralScript, findScript } from './paths.ts';
export { stateFolderPath } from './places.ts';
export { systemClock } from './system-clock.ts';
export { hasWildcard, matchesWildcard } from '@nightshift/core';
export type { Handled, JobSelector, JobView, ReceiveRequest, Received, Receiving, RegisteredType, StartRequest, StopRequest, WaitRequest } from '@nightshift/core';
