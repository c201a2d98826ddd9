import { leastFree, MEGABYTE, sizeText, spaceOf, type Space } from '../free-space.ts';
import { mountOf, NETWORK, standsOn, type Mount } from '../mount.ts';
import { bad, doubtful, well, type Finding } from './finding.ts';
import { systemText, type Surroundings } from './surroundings.ts';

export function diskSpace({ stores, environment }: Surroundings): Finding {
  return judgeSpace(spaceOf(standsOn(stores.state)), environment['NIGHTSHIFT_MIN_FREE']);
}

/** Not even the books of a run are sure to fit. */
const NOTHING_LEFT = 10 * MEGABYTE;

/** `bound`, in bytes, replaces the least that must be free. */
export function judgeSpace({ free, total, freeFiles, totalFiles }: Space, bound?: string): Finding {
  const subject = 'disk space';
  const least = leastFree({ total }, bound);
  const text = `${sizeText(free)} of ${sizeText(total)} free under the state folder`;
  const fix = 'remove-job --state Completed';
  if (totalFiles > 0 && freeFiles === 0) return bad(subject, 'no further file can be made under the state folder: all inodes are used', fix);
  if (free < NOTHING_LEFT) return bad(subject, text, fix);
  return free < least ? doubtful(subject, `${text}; below ${sizeText(least)} due jobs wait`, fix) : well(subject, text);
}

export function fileSystem(surroundings: Surroundings): Finding {
  const mount = mountOf(systemText(surroundings, '/proc/self/mountinfo') ?? '', standsOn(surroundings.stores.state));
  return mount === undefined ? well('file system', 'of a kind that cannot be told here') : judgeMount(mount);
}

/** Of a host that shares a folder with this machine. */
const SHARED = /^(?:9p|virtiofs|vboxsf|prl_fs|fuse\.vmhgfs-fuse|drvfs)$/;
const MEMORY = /^(?:tmpfs|ramfs)$/;

export function judgeMount({ at, type, readOnly }: Mount): Finding {
  const subject = 'file system';
  const text = `${type} at ${at}`;
  const fix = 'export NIGHTSHIFT_STATE_DIR=FOLDER';
  if (NETWORK.test(type)) return bad(subject, `${text} is a network file system: the stores may be damaged on it, and the scheduler refuses it`, fix);
  if (readOnly) return bad(subject, `${text} is read-only: no job can be started`, fix);
  if (SHARED.test(type)) return doubtful(subject, `${text} is shared with another system: the stores may be damaged when both use them`, fix);
  if (MEMORY.test(type)) return doubtful(subject, `${text} is memory: what is kept is gone when the machine is switched off`, fix);
  return well(subject, text);
}

