/**
 * Plants each bug of this folder in a copy of the repository and sees whether the tests that it names notice it.
 *
 *     node test/crash/planted/run.mjs [--list] [--no-baseline] [NUMBER…]
 *
 * The tests must be green without a bug, or a red one would prove nothing: they are run once before. Ends with 1 when more
 * than one in twenty survives, and with 2 when a patch does not apply, does not build, or a test is red by itself.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));
const words = process.argv.slice(2);
const numbers = words.filter((word) => /^\d+$/.test(word)).map((word) => word.padStart(2, '0'));
/** Enough kills for each point once; the teeth are not in their number. */
const CYCLES = process.env.CRASH_CYCLES ?? '30';
/** The share of bugs that must die. */
const GOAL = 0.95;
/** The longest that the tests of one bug may take, in milliseconds: whoever hangs is noticed as well. */
const PATIENCE = 300_000;

const bugs = readdirSync(here).filter((name) => name.endsWith('.patch')).toSorted().map(readBug).filter(({ name }) => numbers.length === 0 || numbers.includes(name.slice(0, 2)));

function readBug(file) {
  const text = readFileSync(join(here, file), 'utf8');
  const fact = (name) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1] ?? '';
  return { name: file.slice(0, -'.patch'.length), path: join(here, file), rule: fact('Rule'), tests: fact('Tests').split(' ').filter((word) => word !== '') };
}

if (words.includes('--list')) {
  for (const { name, rule, tests } of bugs) console.log(`${name}\n    ${rule}\n    ${tests.join('\n    ')}`);
  process.exit(0);
}

const copy = copyOfRepository();
const results = [];
try {
  build(copy);
  if (!words.includes('--no-baseline')) checkBaseline(copy);
  for (const bug of bugs) {
    const result = { bug, ...tried(copy, bug) };
    results.push(result);
    console.log(`${result.verdict.padEnd(8)} ${bug.name.padEnd(34)} ${result.seconds.toFixed(0).padStart(4)} s  ${result.by ?? ''}`);
  }
} finally {
  rmSync(dirname(copy), { recursive: true, force: true });
}
report();

/** Sources by themselves, node_modules as second names of the same files. */
function copyOfRepository() {
  const target = join(mkdtempSync(join(tmpdir(), 'nightshift-planted-')), 'copy');
  cpSync(root, target, { recursive: true, verbatimSymlinks: true, filter: (path) => !/\/(\.git|node_modules)$/.test(path) });
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(target, 'node_modules')]);
  // Its caches and its results are its own.
  for (const name of ['.cache', '.vite', '.vitest']) rmSync(join(target, 'node_modules', name), { recursive: true, force: true });
  return target;
}

/** Bundles only: a planted bug may well be one that the compiler would complain about. */
function build(folder) {
  execFileSync(process.execPath, [join(folder, 'node_modules/rolldown/bin/cli.mjs'), '-c', '--logLevel', 'warn'], { cwd: join(folder, 'packages/cli'), stdio: 'pipe' });
}

function runTests(folder, tests) {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', '--bail', '1', '--reporter', 'dot', ...tests], {
    cwd: folder, encoding: 'utf8', timeout: PATIENCE, killSignal: 'SIGKILL', maxBuffer: 1 << 28, env: { ...process.env, CRASH_CYCLES: CYCLES, NO_COLOR: '1' },
  });
  const seconds = (performance.now() - began) / 1_000;
  const output = stdout + stderr;
  // A run without a red test has proved nothing, whatever its status.
  return { isGreen: status === 0, hung: error?.code === 'ETIMEDOUT', seconds, output, by: /^ *FAIL +\S+ +(.+)$/m.exec(output)?.[1]?.slice(0, 160) };
}

function checkBaseline(folder) {
  const tests = [...new Set(bugs.flatMap((bug) => bug.tests))];
  const { isGreen, output } = runTests(folder, tests);
  if (isGreen) return;
  console.error(`without any bug, these tests are red:\n${output.slice(-4_000)}`);
  rmSync(dirname(folder), { recursive: true, force: true });
  process.exit(2);
}

function tried(folder, bug) {
  const files = [...readFileSync(bug.path, 'utf8').matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file]) => file);
  const before = new Map(files.map((file) => [file, readFileSync(join(folder, file))]));
  try {
    execFileSync('git', ['apply', '-C1', bug.path], { cwd: folder, stdio: 'pipe', env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') } });
    build(folder);
  } catch (cause) {
    restore(folder, before);
    return { verdict: 'ERROR', seconds: 0, by: String(cause.stderr ?? cause.message).trim().split('\n')[0] };
  }
  const { isGreen, hung, seconds, by, output } = runTests(folder, bug.tests);
  restore(folder, before);
  if (isGreen) return { verdict: 'SURVIVED', seconds };
  if (hung) return { verdict: 'killed', seconds, by: 'nothing ended any more' };
  return by === undefined ? { verdict: 'ERROR', seconds, by: output.trim().split('\n').slice(-3).join(' | ') } : { verdict: 'killed', seconds, by };
}

function restore(folder, before) {
  for (const [file, bytes] of before) writeFileSync(join(folder, file), bytes);
}

function report() {
  const count = (verdict) => results.filter((result) => result.verdict === verdict).length;
  const [killed, survived, errors] = ['killed', 'SURVIVED', 'ERROR'].map(count);
  console.log(`\n${killed} killed, ${survived} survived, ${errors} could not be planted`);
  for (const { bug, verdict, by } of results) if (verdict !== 'killed') console.log(`  ${verdict} ${bug.name}: ${bug.rule}${by === undefined ? '' : ` (${by})`}`);
  process.exitCode = errors > 0 ? 2 : killed < GOAL * results.length ? 1 : 0;
}
