import { accessSync, constants } from 'node:fs';
import { quoted } from '@nightshift/core';
import { findProgram } from '../launch/find-program.ts';
import { bad, count, doubtful, well, type Finding } from './finding.ts';
import { systemText, type Surroundings } from './surroundings.ts';

/** What jobs get of the caller: the mask of their files. Our own files are private whatever it says. */
export function umask({ umask: mask }: Surroundings): Finding {
  const text = mask.toString(8).padStart(4, '0');
  if ((mask & 0o700) !== 0) return doubtful('umask', `${text}: a job cannot use the files that it makes`, 'umask 022');
  return (mask & 0o002) === 0 ? doubtful('umask', `${text}: everybody can write the files that jobs make`, 'umask 022') : well('umask', text);
}

/** Named by their paths when a job is started. */
const FIXED = ['/bin/sh', '/usr/bin/env'];
/** Looked up in PATH: for texts, and for the time limit of a job. */
const SEARCHED = ['sh', 'sleep'];

/** What the shim needs. Its session is made by a system call: no setsid program is wanted. */
export function programs({ environment, shim }: Surroundings): Finding {
  const subject = 'programs';
  const missing = FIXED.filter((path) => !may(path, constants.X_OK));
  if (missing.length > 0) return bad(subject, `${missing.join(' and ')} cannot be run, without which no job starts`, `ls -l ${missing.join(' ')}`);
  if (!may(shim, constants.R_OK)) return bad(subject, `${shim} cannot be read, without which no job starts`, 'npm install --global nightshift');
  const lost = SEARCHED.filter((name) => !('path' in findProgram(name, environment, '/', true)));
  if (lost.length > 0) return bad(subject, `${lost.join(' and ')} cannot be found in PATH (${environment['PATH'] ?? 'not set'})`, 'export PATH="$PATH:/usr/bin:/bin"');
  return well(subject, `${[...new Set([...FIXED, ...SEARCHED])].join(', ')}`);
}

/** How a living job is told from a dead one. Other systems than Linux have no such files. */
export function processTable(surroundings: Surroundings): Finding {
  const subject = 'processes';
  if (process.platform !== 'linux') return well(subject, 'told by their numbers alone on this system');
  const missing = ['/proc/self/stat', '/proc/sys/kernel/random/boot_id'].filter((path) => (systemText(surroundings, path) ?? '') === '');
  if (missing.length > 0) return bad(subject, `${missing.join(' and ')} cannot be read: whether a job is alive cannot be told for sure`, 'sudo mount -t proc proc /proc');
  return well(subject, 'told apart by number, start time and boot');
}

/** PATH as a job would search it: a relative entry finds other programs in other folders. */
export function searchPath({ environment }: Surroundings): Finding {
  const subject = 'PATH';
  const entries = (environment['PATH'] ?? '').split(':');
  const relative = entries.filter((entry) => !entry.startsWith('/'));
  if (environment['PATH'] === undefined) return doubtful(subject, 'is not set: jobs look in /usr/local/bin, /usr/bin and /bin', 'export PATH=/usr/local/bin:/usr/bin:/bin');
  if (relative.length === 0) return well(subject, `${count(entries.length, 'folder')}, none of them relative`);
  return doubtful(subject, `${relative.map((entry) => JSON.stringify(entry)).join(', ')} is searched in the folder where a job starts`, `export PATH=${quoted([entries.filter((entry) => entry.startsWith('/')).join(':')])}`);
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
