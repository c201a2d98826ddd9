import { accessSync, constants } from 'node:fs';
import { basename, extname } from 'node:path';
import { type CommandLine, JobError } from '@nightshift/sdk';

type Argv = CommandLine['argv'];

/** What `job.shell` may name. */
export type Shell = 'sh' | 'bash' | 'pwsh' | 'node' | 'python3';

/** Every shell, in the order in which a complaint lists them. */
export const SHELLS: readonly Shell[] = ['sh', 'bash', 'pwsh', 'node', 'python3'];

/** What reads a text when nobody says otherwise. */
export const DEFAULT_SHELL: Shell = process.platform === 'win32' ? 'pwsh' : 'sh';

/** How other interpreters take a text; all that are not here take it as shells do. */
const TEXT_FLAG: Readonly<Record<string, string>> = { bun: '-e', lua: '-e', perl: '-e', php: '-r', ruby: '-e' };

/**
 * The argv that runs a text. The text and each argument stay words of their own, so nothing in them needs quoting:
 * `$1` and on, `$args`, `process.argv.slice(2)` or `sys.argv[1:]` are exactly `words`. `shell` may be any program.
 */
export function scriptArgv(shell: string, text: string, words: readonly string[]): Argv {
  switch (shell) {
    case 'sh':
      // `--`: else a text that begins with "-" would be options.
      return ['sh', '-c', '--', text, 'sh', ...words];
    case 'bash':
      // Debian's bash reads ~/.bashrc even for -c where it believes itself started by sshd.
      return ['bash', '--noprofile', '--norc', '-c', '--', text, 'bash', ...words];
    case 'pwsh':
      // -Command would glue the words onto the text.
      return ['pwsh', '-NoProfile', '-NonInteractive', words.length === 0 ? '-Command' : '-CommandWithArgs', text, ...words];
    case 'node':
      // With --eval argv[1] is the first word after `--`, not a script's path: "[eval]", Node's own name for the text, takes that place.
      return [process.execPath, `--eval=${text}`, '--', '[eval]', ...words];
    case 'python3':
      return ['python3', '-c', text, ...words];
    default:
      return [shell, TEXT_FLAG[basename(shell)] ?? '-c', text, ...words];
  }
}

/** What stands before a file's path, by its extension. */
const INTERPRETERS: ReadonlyMap<string, Argv> = new Map<string, Argv>([
  ['.js', [process.execPath]],
  ['.mjs', [process.execPath]],
  ['.cjs', [process.execPath]],
  ['.ts', [process.execPath]],
  ['.sh', ['sh']],
  ['.bash', ['bash', '--noprofile', '--norc']],
  ['.py', ['python3']],
  ['.ps1', ['pwsh', '-NoProfile', '-File']],
]);

/** What stands before a file's path when its runtime is named. */
const NAMED: Readonly<Record<string, Argv>> = { bash: ['bash', '--noprofile', '--norc'], pwsh: ['pwsh', '-NoProfile', '-File'], deno: ['deno', 'run'] };

/** The interpreter of a file, by the runtime that was named or by its extension; undefined: the file itself is the program. */
export function interpreterOf(path: string, runtime: string | undefined): Argv | undefined {
  return runtime === undefined ? INTERPRETERS.get(extname(path).toLowerCase()) : (NAMED[runtime] ?? [runtime]);
}

/** The argv that runs an existing file: by its runtime or extension, else the file itself. Throws `InvalidFilePathParameter`. */
export function fileArgv(path: string, words: readonly string[], runtime?: string): Argv {
  const interpreter = interpreterOf(path, runtime);
  if (interpreter !== undefined) return [...interpreter, path, ...words];
  if (isExecutable(path)) return [path, ...words];
  throw new JobError({
    code: 'InvalidFilePathParameter',
    path: ['filePath'],
    message: `"${path}" cannot be run: no interpreter is known for its name and it is not executable`,
    hint: `make it executable (chmod +x), give it one of the extensions ${[...INTERPRETERS.keys()].join(' ')}, or name its interpreter in command`,
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
