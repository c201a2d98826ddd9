/**
 * The system knows one current folder for a whole process, and jobs of several folders share one. So that `./notes.txt` is what
 * it is for a command started in the same place, Node's own functions for files and programs are given whole paths here:
 * node:fs, its promises, and node:child_process. What a native addon makes of a relative path is not looked after.
 */
import { isAbsolute, resolve } from 'node:path';
import { syncBuiltinESMExports } from 'node:module';

type Any = (...values: unknown[]) => unknown;
type Functions = Record<string, Any | undefined>;

/** Those whose first word is a path; each with its forms that call back, wait, or promise. */
const ONE_PATH = ['access', 'appendFile', 'chmod', 'chown', 'exists', 'lchmod', 'lchown', 'lstat', 'lutimes', 'mkdir', 'mkdtemp', 'mkdtempDisposable', 'open', 'opendir', 'readdir', 'readFile', 'readlink', 'realpath', 'rm', 'rmdir', 'stat', 'statfs', 'truncate', 'unlink', 'utimes', 'writeFile'];
const OTHERS = ['createReadStream', 'createWriteStream', 'openAsBlob', 'unwatchFile', 'watch', 'watchFile'];
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename'];
/** Its first word is text that is kept as it is. */
const SECOND_PATH = ['symlink'];

let folder = '';
let isSet = false;

/** From now on relative paths begin here. */
export function workIn(workingDirectory: string, real: () => string): void {
  folder = workingDirectory;
  if (isSet || workingDirectory === real()) return;
  isSet = true;
  const fs = process.getBuiltinModule('node:fs') as unknown as Functions & { readonly promises: Functions };
  for (const functions of [fs, fs.promises]) {
    setAll(functions, [...ONE_PATH, ...OTHERS], [0]);
    setAll(functions, TWO_PATHS, [0, 1]);
    setAll(functions, SECOND_PATH, [1]);
    setAll(functions, ['glob'], 'options');
  }
  setPrograms();
  syncBuiltinESMExports();
}

/** `which`: the words that are paths, or where the folder is an option. */
function setAll(functions: Functions, names: readonly string[], which: readonly number[] | 'options'): void {
  for (const name of names.flatMap((one) => [one, `${one}Sync`])) {
    const original = functions[name];
    if (original !== undefined) functions[name] = likewise(original, (values) => (which === 'options' ? inFolder(values) : whole(values, which)));
  }
}

/** Another function with everything that hangs on the first, such as its form for promisify. */
function likewise(original: Any, change: (values: unknown[]) => unknown[]): Any {
  const changed = function (this: unknown, ...values: unknown[]): unknown {
    return Reflect.apply(original, this, change(values));
  };
  const facts = Object.getOwnPropertyDescriptors(original) as unknown as Record<PropertyKey, PropertyDescriptor>;
  delete facts['prototype'];
  const native = facts['native'];
  if (typeof native?.value === 'function') facts['native'] = { ...native, value: likewise(native.value as Any, change) };
  return Object.defineProperties(changed, facts);
}

function whole(values: unknown[], paths: readonly number[]): unknown[] {
  return values.map((value, at) => (paths.includes(at) && typeof value === 'string' && value !== '' && !isAbsolute(value) ? kept(value) : value));
}

/** A separator at the end means something. */
function kept(path: string): string {
  return path.endsWith('/') ? `${resolve(folder, path)}/` : resolve(folder, path);
}

/** Options are a map, before which a list, and behind which a function may stand. */
function inFolder(values: unknown[]): unknown[] {
  const place = values.findIndex((value, index) => index >= 1 && isOptions(value));
  const options = (place < 0 ? {} : values[place]) as { readonly cwd?: unknown };
  const changed = { ...options, cwd: typeof options.cwd === 'string' ? resolve(folder, options.cwd) : (options.cwd ?? folder) };
  if (place >= 0) return values.with(place, changed);
  const before = Array.isArray(values[1]) ? 2 : 1;
  const rest = values.slice(before).filter((value) => value !== undefined && value !== null);
  return [...values.slice(0, before), changed, ...rest];
}

function isOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function setPrograms(): void {
  const programs = process.getBuiltinModule('node:child_process');
  const functions = programs as unknown as Functions;
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) functions[name] = likewise(functions[name] as Any, (values) => inFolder(values));
  // All the others come through here.
  const { prototype } = programs.ChildProcess as unknown as { readonly prototype: Functions };
  prototype['spawn'] = likewise(prototype['spawn'] as Any, ([options]) => {
    const { cwd } = options as { readonly cwd?: unknown };
    return [{ ...(options as object), cwd: typeof cwd === 'string' ? resolve(folder, cwd) : (cwd ?? folder) }];
  });
}
