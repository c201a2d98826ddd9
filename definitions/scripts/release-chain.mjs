// The steps of a release: each is run by a job of its own, and hands on to the next what it has found out.
//
//   test FOLDER [--break yes]   runs the tests of the project in that folder; with "yes" it fails on purpose. Hands on PROJECT, VERSION
//   pack                        packs the project's own files. Hands on ARCHIVE, SHA256
//   check                       unpacks the archive in memory and holds every file against the project
//
// What is handed on are lines NAME=value in the file named by NIGHTSHIFT_CHECKPOINT; the later steps have them as
// variables, also after a suspend, a crash or a boot. Archives are kept under the hash of what they hold, so that a step
// that runs again makes nothing twice. Exit code 0: done. 1: failed, and one sentence on stderr says why. 2: wrong usage.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const STEPS = { test, pack, check };

class Refusal extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function test(folder, option, value) {
  if (!folder || (option !== undefined && option !== '--break')) throw new Refusal('test FOLDER [--break yes|no] is expected', 2);
  const project = resolve(folder);
  const { name, version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  if (value === 'yes') throw new Refusal('a test fails on purpose: --break says so');
  // As in a shell of its own: the runner must not take itself for a part of another one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], { cwd: project, env, encoding: 'utf8' });
  if (status !== 0) throw new Refusal(`the tests of ${name} fail:\n${stdout.trim()}`);
  handOn({ PROJECT: project, VERSION: version });
  return `the tests of ${name} ${version} pass`;
}

function pack() {
  const { PROJECT: project, VERSION: version } = handedOn('PROJECT', 'VERSION');
  const files = Object.fromEntries(filesOf(project).map((path) => [relative(project, path), readFileSync(path, 'base64')]));
  const bytes = gzipSync(JSON.stringify(files), { level: 9 });
  const hash = hashOf(bytes);
  const folder = join(homedir(), '.local', 'state', 'nightshift-examples', 'release-chain');
  const archive = join(folder, `${version}-${hash.slice(0, 12)}.gz`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(archive)) {
    const partial = `${archive}.${process.pid}.partial`;
    writeFileSync(partial, bytes, { flush: true });
    renameSync(partial, archive);
  }
  handOn({ ARCHIVE: archive, SHA256: hash });
  return `${Object.keys(files).length} files packed, ${bytes.length} bytes`;
}

function check() {
  const { PROJECT: project, ARCHIVE: archive, SHA256: hash } = handedOn('PROJECT', 'ARCHIVE', 'SHA256');
  const bytes = readFileSync(archive);
  if (hashOf(bytes) !== hash) throw new Refusal(`${archive} is not what was packed`);
  const files = Object.entries(JSON.parse(gunzipSync(bytes).toString()));
  for (const [path, content] of files) if (readFileSync(join(project, path), 'base64') !== content) throw new Refusal(`${path} has changed since it was packed`);
  return `${files.length} files are as they were packed, ${archive}`;
}

/** The project's own files, in the order of their names. */
function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function handOn(values) {
  const { NIGHTSHIFT_CHECKPOINT: file } = process.env;
  if (file) appendFileSync(file, Object.entries(values).map(([name, value]) => `${name}=${value}\n`).join(''));
}

function handedOn(...names) {
  for (const name of names) if (!process.env[name]) throw new Refusal(`${name} is missing: a step before this one hands it on`, 2);
  return process.env;
}

const [step, ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(STEPS, step)) throw new Refusal(`a step is expected: ${Object.keys(STEPS).join(', ')}`, 2);
  console.log(`release-chain: ${step}: ${STEPS[step](...args)}`);
} catch (error) {
  console.error(`release-chain: ${step}: ${error.message}`);
  process.exitCode = error.exitCode ?? 1;
}
