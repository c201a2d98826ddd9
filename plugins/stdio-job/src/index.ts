export { MANIFEST_FILE, type Manifest, type ManifestComplaint, type ManifestEntry, type ManifestReading, type ProgramCapabilities, readManifest } from './manifest.ts';
export type { ProgramPlugin } from './program-plugin.ts';
export { stdioJobType } from './stdio-job-type.ts';
export { openProgramPlugin, type OpenedProgramPlugin } from './open-program-plugin.ts';
export { readSchema } from './read-schema.ts';
