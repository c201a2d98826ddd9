/**
 * Program plugins: a folder with `nightshift-plugin.json` and a program in any language becomes job types. `readManifest` reads
 * the folder as data, `stdioJobType` makes a code type of each entry; what is said over the pipes is told in `conversation.ts`.
 */
export { MANIFEST_FILE, type Manifest, type ManifestComplaint, type ManifestEntry, type ManifestReading, type ProgramCapabilities, readManifest } from './manifest.ts';
export type { ProgramPlugin } from './program-plugin.ts';
export { stdioJobType } from './stdio-job-type.ts';
export { openProgramPlugin, type OpenedProgramPlugin } from './open-program-plugin.ts';
export { readSchema } from './read-schema.ts';
