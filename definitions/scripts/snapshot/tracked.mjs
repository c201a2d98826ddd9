// What git tracks, asked of git. Paths are bytes and need not be UTF-8; they travel as latin1 strings, one character
// a byte, which sort like bytes and become a Buffer again where the file system is asked.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Refusal } from './refusal.mjs';
import { quoted, quotedPath, visible, warn } from './report.mjs';

const SUBMODULE = '160000';
const NOT_CHECKED_OUT = 'S';

/** Makes the root of the repository the current folder, so that paths can stay relative, and thus bytes. */
export async function enterRepository() {
  const answer = await git('rev-parse', '--is-inside-work-tree', '--show-cdup');
  const [inside, upwards] = answer.toString().split('\n');
  if (inside !== 'true') throw notARepository();
  process.chdir(upwards || '.');
}

/** `{ path, executable, sparse }` of each tracked file, sorted by the bytes of its path. */
export async function trackedFiles() {
  const listing = await git('ls-files', '-z', '-t', '--stage');
  const entries = listing.toString('latin1').split('\0').slice(0, -1).map(entryOf);
  for (const { path } of entries.filter(isSubmodule)) {
    warn(`${quotedPath(path)} is a submodule; its files are not in this archive, snapshot it on its own`);
  }
  const files = onePerPath(entries.filter((entry) => !isSubmodule(entry)));
  if (files.length === 0) throw nothingTracked();
  return files;
}

function entryOf(record) {
  const [, tag, mode, path] = /^(\S) (\d+) \S+ \d\t(.*)$/s.exec(record);
  return { path, mode, executable: mode === '100755', sparse: tag === NOT_CHECKED_OUT };
}

const isSubmodule = ({ mode }) => mode === SUBMODULE;

// During a merge git lists a file up to three times. Git's own order is that of the bytes.
const onePerPath = (entries) => [...new Map(entries.map((entry) => [entry.path, entry])).values()];

async function git(...args) {
  // A file system monitor that the repository configures is a program; listing files is no reason to run it.
  const argv = ['-c', 'core.fsmonitor=false', ...args];
  // LC_ALL, since the messages are told apart below.
  const env = { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
  try {
    return (await promisify(execFile)('git', argv, { encoding: 'buffer', maxBuffer: Infinity, env, windowsHide: true })).stdout;
  } catch (error) {
    throw gitFailure(error);
  }
}

function gitFailure(error) {
  const said = error.stderr?.toString() ?? '';
  if (error.code === 'ENOENT') return new Refusal('there is no git program; install git or add its folder to PATH');
  if (said.includes('not a git repository')) return notARepository();
  if (said.includes('dubious ownership')) return foreignRepository();
  const [sentence] = said.split('\n');
  return new Refusal(`git could not list the tracked files (${visible(sentence || error.message)}); run "git status" there`);
}

const notARepository = () =>
  new Refusal(`${quoted(process.cwd())} is not in the work tree of a git repository; let workingDirectory of the definition name one`);

const foreignRepository = () =>
  new Refusal(`git refuses ${quoted(process.cwd())} because it belongs to another user; run the job as its owner, or run "git status" there as this user and do what it advises`);

// A lost index looks just like this. An empty archive a night would push out the good ones within a week.
const nothingTracked = () =>
  new Refusal(`git tracks no file in ${quoted(process.cwd())}, so there is nothing to archive; if that is a surprise, run "git status" there`);
