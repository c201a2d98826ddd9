/** The composition root. */
export * from './create-host.ts';
export type { Authoring } from './authoring.ts';
export type { Wiring } from './container.ts';
export type { AskedTrigger, DueTimeView, Next, NextAnswer, NextRequest } from './next.ts';
export type { CheckedFile } from './validate.ts';
export type { Doctor, Finding } from './doctor.ts';
export type { Plugin, LostPlugin, FoundPlugin } from './trust/find-plugin.ts';
export type { ProjectTrust } from './trust/project-trust.ts';
export type { PluginChange, Standing } from './trust/standing.ts';
export type { Trust } from './trust/trust.ts';
export type { Example } from './examples.ts';
export type { Draft, NewDefinitions } from './new-definition.ts';
export { findProgram } from './launch/find-program.ts';
export { currentFolder, existingFolder, expandFolder, findLiteralScript, findScript } from './paths.ts';
export { stateFolderPath } from './places.ts';
export { systemClock } from './system-clock.ts';
export { hasWildcard, matchesWildcard } from '@nightshift/core';
export type { Handled, JobSelector, JobView, ReceiveRequest, Received, Receiving, RegisteredType, StartRequest, StopRequest, WaitRequest } from '@nightshift/core';
