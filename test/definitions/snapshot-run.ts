// What the tests of the snapshot need: a repository of their own, a run of the script in it, and its archive unpacked.

import { execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const SCRIPT = fileURLToPath(new URL('../../definitions/scripts/snapshot.mjs', import.meta.url));
const ARCHIVE = /^snapshot-\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{6}(-incomplete)?\.tar\.gz$/;
const SUMMARY = /^snapshot: \d+ files?, [\d.]+ [kMG]?B, verified, /;

const exists = (program: string, probe = ['--version']) => {
  try {
    execFileSync(program, probe, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
export const hasTar = exists('tar');
export const canUnpack = hasTar && exists('sha256sum');
export const hasFifo = process.platform !== 'win32' && exists('mkfifo');
export const hasSignals = process.platform !== 'win32';

const playground = mkdtempSync(join(tmpdir(), 'snapshot-test-'));

/** The repository of the test that is running. */
export let repo = '';

type Name = string | Buffer;
type Options = { cwd?: string; add?: boolean | string; env?: Record<string, string>; preload?: string };

export function oddNames(): Name[] {
  return [
    'plain.txt', ' spaces around ', '-', '--help', '-rf', 'new\nline', 'carriage\rreturn', 'end\r', 'tab\t', 'quote"\'`$(x)',
    'back\\slash', '\\n', '::error::name', '::progress activity=A,percent=1::x', '*?[a]', '#hash', '~', 'a=b\n9 c=d', '.hidden', 'ünï/çödé-😀',
    'e\u0301 and \u00e9', `${'x'.repeat(99)}/y`, `${'x'.repeat(100)}`, `${'x'.repeat(101)}`, `${'deep/'.repeat(60)}file`,
    `${'ü'.repeat(60)}/${'z'.repeat(150)}`, 'MANIFEST', 'folder/-', 'PaxHeaders/next',
    ...(process.platform === 'linux' ? [latin1('caf\xe9'), latin1(`${'l'.repeat(130)}\xff\xfe`), latin1('mixed-\xc3\xa9-\xe9\n')] : []),
  ];
}

export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function newRepository(): void {
  repo = newFolder();
  git('init', '--quiet');
  git('config', 'user.name', 'Test');
  git('config', 'user.email', 'test@example.invalid');
}

export function removeFolders(): void {
  rmSync(playground, { recursive: true, force: true });
}

export function newFolder(): string {
  return mkdtempSync(join(playground, 'x'));
}

export function inRepo(name: Name): Buffer {
  return Buffer.concat([Buffer.from(`${repo}/`), Buffer.from(name)]);
}

export function put(name: Name, content: string | Buffer, mode = 0o644): void {
  const path = inRepo(name);
  mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

// Larger than any test could wait for; a hole takes no room.
export function putEndlessFile(): void {
  put('a', '1');
  put('endless', '');
  git('add', '.');
  truncateSync(join(repo, 'endless'), 20_000_000_000);
}

export function environment(more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(inherited), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...more };
}

export function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repo, env: environment(), encoding: 'latin1', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Paths as git has them, in latin1 strings. */
export function tracked(): string[] {
  return git('ls-files', '-z').split('\0').slice(0, -1);
}

export async function snapshot(args: string[] = [], { cwd = repo, add = true, env = {}, preload }: Options = {}) {
  if (add) git('add', ...(add === true ? ['--all', ':!.snapshots'] : [add]));
  const options = preload === undefined ? [] : ['--import', preloaded(preload)];
  const argv = args.length > 0 ? args : ['--to', '.snapshots', '--keep', '7'];
  const begin = performance.now();
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number | string | null; stdout: string; stderr: string }>();
  execFile(process.execPath, [...options, SCRIPT, ...argv], { cwd, env: environment(env) }, (error, stdout, stderr) =>
    resolve({ exitCode: error ? error.code ?? error.signal ?? null : 0, stdout, stderr }));
  const { exitCode, stdout, stderr } = await promise;
  const lines = stdout.split('\n').slice(0, -1);
  const archive = SUMMARY.test(lines.at(-1) ?? '') ? /\S+\.tar\.gz/.exec(lines.at(-1) ?? '')?.[0] ?? '' : '';
  return {
    exitCode, stderr, lines,
    seconds: (performance.now() - begin) / 1000,
    warnings: lines.filter((line) => line.startsWith('::warning::')).map((line) => line.slice('::warning::'.length)),
    archive: join(repo, archive),
    name: archive.split(/[/\\]/).at(-1) ?? '',
  };
}

/** Something the machine does to the script: a module that replaces a function of Node. */
function preloaded(source: string): string {
  const file = join(newFolder(), 'preload.mjs');
  writeFileSync(file, `${source}\nimport { syncBuiltinESMExports } from 'node:module';\nsyncBuiltinESMExports();\n`);
  return pathToFileURL(file).href;
}

export function moduleOfScript(name: string): Promise<unknown> {
  return import(pathToFileURL(join(dirname(SCRIPT), 'snapshot', `${name}.mjs`)).href);
}

export function startSnapshot() {
  return spawn(process.execPath, [SCRIPT, '--to', '.snapshots', '--keep', '7'], { cwd: repo, env: environment(), stdio: 'ignore' });
}

export function ending(child: ReturnType<typeof spawn>): Promise<{ exitCode: number | null; signal: string | null }> {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number | null; signal: string | null }>();
  child.on('close', (exitCode, signal) => resolve({ exitCode, signal }));
  return promise;
}

export async function partialWithContent(): Promise<string> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline) {
    const name = inArchiveFolder().find((file) => file.endsWith('.partial'));
    if (name !== undefined && (lstatSync(join(repo, '.snapshots', name), { throwIfNoEntry: false })?.size ?? 0) > 0) return name;
    await setTimeout(5);
  }
  throw new Error(`no archive was begun within 20 s; the folder holds ${JSON.stringify(inArchiveFolder())}`);
}

export function inArchiveFolder(): string[] {
  const folder = join(repo, '.snapshots');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

export function archives(): string[] {
  return inArchiveFolder().filter((name) => ARCHIVE.test(name));
}

export function unpack(archive: string): string {
  const folder = newFolder();
  execFileSync('tar', ['-xzf', archive, '-C', folder], { stdio: 'ignore' });
  return folder;
}

export function members(archive: string): string[] {
  return execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).split('\n').slice(0, -1);
}

/** How many sums sha256sum has compared; it fails the test if one differs or a line is malformed. */
export function checkedSums(folder: string, manifest = 'MANIFEST.sha256'): number {
  const said = execFileSync('sha256sum', ['--check', '--strict', manifest], { cwd: folder, encoding: 'latin1' });
  return said.split('\n').filter((line) => line.endsWith(': OK')).length;
}

export function everyFileIn(folder: string): string[] {
  const found = readdirSync(Buffer.from(folder), { recursive: true, withFileTypes: true, encoding: 'buffer' });
  const prefix = `${folder}/`.length;
  return found.filter((entry) => !entry.isDirectory())
    .map((entry) => `${Buffer.from(entry.parentPath as unknown as string).toString('latin1')}/${entry.name.toString('latin1')}`.slice(prefix)).sort();
}

export function whatIs(folder: string, path: string) {
  const place = Buffer.concat([Buffer.from(`${folder}/`), latin1(path)]);
  const stats = lstatSync(place);
  if (stats.isSymbolicLink()) return { link: readlinkSync(place) };
  return { mode: stats.mode & 0o777, size: stats.size, sum: sha256(readFileSync(place)), modified: Math.floor(stats.mtimeMs / 1000) };
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}
