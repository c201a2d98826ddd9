/**
 * An initialization script runs in the very process of what follows it, so that its functions and variables are there; what
 * follows must not run when it ends with a non-zero status or throws. When it has gone well, the file `initialized` is made
 * in the attempt's folder: that is how a reader tells whose failure it was. Before a program it holds what the program is
 * looked up by (its name, PATH and the current folder, each followed by a NUL), since the script may have changed them: so a
 * reader can tell a program that is not there from one that ended with 127. Source: jobs.md 2.8, 8.2 and 8.3.
 *
 * `strict`, of a run that a trigger or run-now starts: a word on standard error is a failure as well. What has been written
 * there stands in the attempt's folder at that moment, since the command writes into the file itself. Source: scheduled-jobs.md 2.8.
 */
import { basename } from 'node:path';
import { type CommandLine, JobError } from '@nightshift/sdk';
import { fileArgv, interpreterOf, scriptArgv } from './shells.ts';

type Argv = CommandLine['argv'];
type Words = readonly string[];

/** Before a text, in the text's interpreter. */
export function initializedText(shell: string, first: string, body: string, words: Words, strict: boolean): Argv {
  return scriptArgv(shell, languageOf(shell)(first, { text: body }, strict), words);
}

/** Before a file, in the file's interpreter; where the file is a program by itself, as before an argument vector. */
export function initializedFile(path: string, first: string, words: Words, runtime: string | undefined, strict: boolean): Argv {
  const interpreter = interpreterOf(path, runtime)?.[0];
  if (interpreter === undefined) return initializedArgv('sh', first, fileArgv(path, words), strict);
  const shell = interpreter === process.execPath ? 'node' : interpreter;
  const text = languageOf(shell)(first, { file: path }, strict);
  // A shell's $0 is the script, which looks for its neighbours by it.
  return scriptArgv(shell, text, words).map((word, index, all) => (languageOf(shell) === posix && all[index - 1] === text ? path : word)) as unknown as Argv;
}

/** Before a program: in `shell`, whose exported variables and current folder the program inherits. */
export function initializedArgv(shell: string, first: string, argv: Argv, strict: boolean): Argv {
  return scriptArgv(shell, languageOf(shell)(first, { program: true }, strict), argv);
}

/** What follows: a text, a script file, or the program that the words name. */
type Then = { readonly text: string } | { readonly file: string } | { readonly program: true };

type Language = (first: string, then: Then, strict: boolean) => string;

function languageOf(shell: string): Language {
  const language = LANGUAGES[basename(shell)];
  if (language !== undefined) return language;
  throw new JobError({ code: 'DefinitionValueInvalid', path: ['initializationScript'], message: `an initialization script can run in ${Object.keys(LANGUAGES).join(', ')}; not in "${shell}"` });
}

/** `case` and not `||`: beside `||` a shell ignores `set -e` in the script. */
const posix: Language = (first, then, strict) =>
  [
    `eval ${quotedForShell(first)}`,
    'case $? in 0) ;; *) exit ;; esac',
    ...(strict ? ['[ ! -s "$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/stderr" ] || exit 1'] : []),
    `${'program' in then ? `printf '%s\\0' "$1" "\${PATH-}" "$PWD"` : ':'} >"$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT/initialized" || exit`,
    'text' in then ? `eval ${quotedForShell(then.text)}` : 'file' in then ? `. ${quotedForShell(then.file)}` : 'exec "$@"',
  ].join('\n');

/** Two scripts of one context see each other's variables, `let` and `const` included. */
const node: Language = (first, then, strict) => {
  const run = (text: string, filename: string): string => `vm.runInThisContext(${JSON.stringify(text)}, { filename: ${JSON.stringify(filename)}, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });`;
  const next = {
    text: () => run((then as { text: string }).text, '[eval]'),
    file: () => `process.argv[1] = ${JSON.stringify((then as { file: string }).file)}; require('node:module').runMain();`,
    program: () => `const { status, signal } = require('node:child_process').spawnSync(process.argv[2], process.argv.slice(3), { stdio: 'inherit' }); if (signal) process.kill(process.pid, signal); process.exit(status ?? 127);`,
  };
  const content = 'program' in then ? "[process.argv[2], process.env.PATH ?? '', process.cwd(), ''].join('\\0')" : "''";
  const made = `require('node:fs').writeFileSync(process.env.NIGHTSHIFT_RUN_DIR + '/' + process.env.NIGHTSHIFT_ATTEMPT + '/initialized', ${content});`;
  return `{ const vm = require('node:vm'); ${run(first, 'initialization script')} if (process.exitCode) process.exit(); ${strict ? "if (require('node:fs').statSync(process.env.NIGHTSHIFT_RUN_DIR + '/' + process.env.NIGHTSHIFT_ATTEMPT + '/stderr').size > 0) process.exit(1); " : ''}${made} ${next[kindOf(then)]()} }`;
};

const python: Language = (first, then, strict) => {
  const next = {
    text: () => `exec(compile(${literal((then as { text: string }).text)}, '<string>', 'exec'))`,
    file: () => `sys.argv[0] = ${literal((then as { file: string }).file)}; sys.path[0] = os.path.dirname(sys.argv[0]); exec(compile(open(sys.argv[0]).read(), sys.argv[0], 'exec'), dict(globals(), __file__=sys.argv[0]))`,
    program: () => 'try: os.execvp(sys.argv[1], sys.argv[1:])\nexcept OSError: sys.exit(127)',
  };
  const content = 'program' in then ? "'\\0'.join([sys.argv[1], os.environ.get('PATH', ''), os.getcwd(), ''])" : "''";
  return ['import os, sys', `exec(compile(${literal(first)}, 'initialization script', 'exec'))`, ...(strict ? ["sys.stderr.flush()\nif os.path.getsize(os.path.join(os.environ['NIGHTSHIFT_RUN_DIR'], os.environ['NIGHTSHIFT_ATTEMPT'], 'stderr')) > 0: sys.exit(1)"] : []), "open(os.path.join(os.environ['NIGHTSHIFT_RUN_DIR'], os.environ['NIGHTSHIFT_ATTEMPT'], 'initialized'), 'w', errors='surrogateescape').write(" + content + ')', next[kindOf(then)]()].join('\n');
};

const powershell: Language = (first, then, strict) => {
  const script = (text: string): string => `. ([scriptblock]::Create('${text.replaceAll("'", "''")}'))`;
  const next = {
    text: () => script((then as { text: string }).text),
    file: () => `. '${(then as { file: string }).file.replaceAll("'", "''")}' @args`,
    program: () => '$LASTEXITCODE = 127; & $args[0] @($args | Select-Object -Skip 1); exit $LASTEXITCODE',
  };
  const content = 'program' in then ? ' -Value "$($args[0])`0$env:PATH`0$PWD`0"' : '';
  return ["$ErrorActionPreference = 'Stop'", script(first), "if ($LASTEXITCODE) { exit $LASTEXITCODE }", ...(strict ? ['if ((Get-Item (Join-Path $env:NIGHTSHIFT_RUN_DIR $env:NIGHTSHIFT_ATTEMPT stderr)).Length) { exit 1 }'] : []), `$null = New-Item -ItemType File -Path (Join-Path $env:NIGHTSHIFT_RUN_DIR $env:NIGHTSHIFT_ATTEMPT initialized)${content}`, "$ErrorActionPreference = 'Continue'", next[kindOf(then)]()].join('\n');
};

const LANGUAGES: Readonly<Record<string, Language>> = { sh: posix, bash: posix, dash: posix, ksh: posix, zsh: posix, node, python3: python, pwsh: powershell };

function kindOf(then: Then): 'text' | 'file' | 'program' {
  return 'text' in then ? 'text' : 'file' in then ? 'file' : 'program';
}

function quotedForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A JSON text is a Python literal as well. */
function literal(text: string): string {
  return JSON.stringify(text);
}
