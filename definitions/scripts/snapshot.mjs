// An archive of every file that git tracks, written, read back, and only then given its name.
//
//   node snapshot.mjs --to FOLDER --keep NUMBER      (FOLDER is relative to the root of the repository)
//
// What it promises, in the order in which things can go wrong:
//   - Until the archive has been read back and every sum compared, it is a hidden `.partial` file. A run that fails
//     or is stopped removes it; after a run that was killed, the next one does.
//   - Older archives are pruned last of all, and only files with our own name pattern.
//   - Exit code 0: everything git tracks and that exists is in the archive. Files deleted in the work tree are named
//     in a warning and no failure: the archive shows the work tree as it is.
//   - Exit code 3: the archive is verified, but something that exists could not be read, or changed meanwhile. It has
//     `incomplete` in its name, so that whoever restores from it sees that without the log.
//   - Exit code 1: there is no new archive, and one sentence on stderr says why; 2: the arguments are wrong.

import { writeArchive } from './snapshot/archive.mjs';
import { ArchiveFolder } from './snapshot/archive-folder.mjs';
import { readOptions } from './snapshot/options.mjs';
import { Refusal } from './snapshot/refusal.mjs';
import { inWords, output, surviveClosedOutput, visible } from './snapshot/report.mjs';
import { removeWhenStopped } from './snapshot/stop.mjs';
import { enterRepository, trackedFiles } from './snapshot/tracked.mjs';
import { verifyArchive } from './snapshot/verify.mjs';
import { WorkTree } from './snapshot/work-tree.mjs';

const INCOMPLETE = 3;

async function snapshot(argv) {
  const { to, keep } = readOptions(argv);
  await enterRepository();
  const tracked = await trackedFiles();
  const folder = await ArchiveFolder.open(to);
  const packed = await packInto(folder, tracked);
  const pruned = await folder.prune(keep, packed.archive);
  output(summaryOf(packed, pruned));
  return packed.unread > 0 ? INCOMPLETE : 0;
}

async function packInto(folder, tracked) {
  const draft = folder.newDraft();
  removeWhenStopped(draft.path);
  try {
    const packed = await writeArchive(draft.path, tracked, new WorkTree(folder));
    await verifyArchive(draft.path, packed);
    return { ...packed, archive: await folder.publish(draft, packed.unread === 0) };
  } finally {
    await folder.discard(draft);
  }
}

function summaryOf({ archive, files, bytes, unread }, pruned) {
  return [
    `snapshot: ${inWords.count(files, 'file')}, ${inWords.size(bytes)}, verified`,
    ...(unread > 0 ? [`${inWords.count(unread, 'file')} missing or damaged`] : []),
    visible(archive),
    `${pruned} older pruned`,
  ].join(', ');
}

function explain(error) {
  const known = error instanceof Refusal;
  process.stderr.write(`snapshot: ${known ? error.message : `stopped by an unforeseen error: ${visible(String(error))}`}\n`);
  return known ? error.exitCode : 1;
}

surviveClosedOutput();
process.exitCode = await snapshot(process.argv.slice(2)).catch(explain);
