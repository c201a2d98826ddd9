import { join } from 'node:path';
import type { NewInstance } from '@nightshift/sdk';

/** Where run folders lie below a store's root. */
export type Layout = (job: NewInstance) => string;

/** One folder per instance id: `<session store>/<instanceId>/`. */
export const sessionLayout: Layout = (job) => job.instanceId;

/**
 * `output/<namespace>/<Name>/<yyyyMMdd-HHmmss-fff>-<8 hex>/`, without a definition `output/_/<stamp>-<8 hex>/`.
 * The stamp is the UTC moment in the instance id, the 8 digits are the id's last ones. Source: scheduled-jobs.md section 9.
 */
export const durableLayout: Layout = (job) => {
  const run = `${stampOf(job.instanceId)}-${job.instanceId.slice(-8)}`;
  if (job.definition === undefined) return join('output', '_', run);
  const namespace = job.definition.key.slice(0, job.definition.key.indexOf('/'));
  return join('output', namespace, job.definition.name, run);
};

/** The sub-folder of one attempt. */
export function attemptFolder(runFolder: string, attempt: number): string {
  return join(runFolder, String(attempt));
}

/** The files of an attempt. Those of JavaScript alone are in code-files.ts. */
export const RUN_FILES = { claim: 'claim', revoked: 'revoked', exit: 'exit.json', note: 'note', stop: 'stop', asked: 'asked', initialized: 'initialized', watchdog: 'watchdog', cleanUp: 'clean-up', debugger: 'debugger', stdin: 'stdin', stdout: 'stdout', stderr: 'stderr', records: 'records.ndjson' } as const;

/** The first 48 bits of a UUIDv7 are its milliseconds since 1970 (RFC 9562, section 5.7). */
function stampOf(instanceId: string): string {
  const milliseconds = Number.parseInt(instanceId.slice(0, 8) + instanceId.slice(9, 13), 16);
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}-${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}-${iso.slice(20, 23)}`;
}
