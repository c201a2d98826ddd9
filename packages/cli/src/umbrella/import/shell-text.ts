import type { DraftJob } from './draft.ts';

/** A part of a word: literal text, or the value of a variable, which `split` cuts into several words at blanks. */
export type WordPart = { readonly text: string } | { readonly variable: string; readonly split?: boolean };
export type Word = readonly WordPart[];

/** The word as a shell reads it back, quoted only where needed. */
export function quoteText(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same with variables: `"--to=${FOLDER}"`, and a bare `$OPTIONS` where it is to be split. */
export function quoteWord(word: Word): string {
  if (word.length === 0) return "''";
  return word.map((part) => ('text' in part ? quoteText(part.text) : part.split === true ? `$${part.variable}` : `"\${${part.variable}}"`)).join('');
}

/** The text when the word holds no variable. */
export function plainWord(word: Word): string | undefined {
  return word.every((part) => 'text' in part) ? word.map((part) => ('text' in part ? part.text : '')).join('') : undefined;
}

/** What `job.shell` may name, and the argv before a text. */
const SHELLS: Readonly<Record<string, readonly string[]>> = {
  sh: ['sh', '-c'],
  bash: ['bash', '--noprofile', '--norc', '-c'],
  pwsh: ['pwsh', '-NoProfile', '-NonInteractive', '-Command'],
  python3: ['python3', '-c'],
  node: ['node', '-e'],
};

/** A text for a shell: a word that `job.shell` knows, or the argv that stands before the text. */
export function scriptJob(text: string, shell: string | readonly string[] = 'sh', words: readonly string[] = []): DraftJob {
  if (typeof shell === 'string' && SHELLS[shell] !== undefined && !holdsTemplate(text)) {
    return { ...(shell !== 'sh' && { shell }), scriptBlock: text, ...(words.length > 0 && { argumentList: words }) };
  }
  const argv = typeof shell === 'string' ? (SHELLS[shell] ?? [shell, '-c']) : shell;
  return programJob([...argv, text, ...(words.length > 0 ? [argv[0] as string, ...words] : [])]);
}

/**
 * A program and its arguments. From the first that looks like a template on they are `argumentList`: a definition refuses
 * `{{ }}` where it says what runs, because nothing is ever filled in there, and takes it in values.
 */
export function programJob(argv: readonly string[]): DraftJob {
  const first = argv.findIndex(holdsTemplate);
  if (first === -1) return { command: argv };
  return first === 0 ? { command: ['env'], argumentList: argv } : { command: argv.slice(0, first), argumentList: argv.slice(first) };
}

/**
 * An argument vector that may hold variables, begun in a folder where one is given. `sh -c TEXT` becomes the text itself;
 * of its options only `-e`, `-u` and `-x` may stand beside `-c`.
 */
export function argvJob(words: readonly Word[], folder?: string): DraftJob {
  const plain = words.map(plainWord);
  const enter = folder === undefined ? [] : [`cd ${quoteText(folder)} || exit`];
  if (plain.some((word) => word === undefined)) return scriptJob([...enter, `exec ${words.map(quoteWord).join(' ')}`].join('\n'));
  const argv = plain as readonly string[];
  const [, shell, options] = /^(?:(?:\/usr)?\/bin\/)?(sh|bash) -([eux]*)c$/.exec(argv.slice(0, 2).join(' ')) ?? [];
  if (shell !== undefined && argv[2] !== undefined && argv[2].trim() !== '') {
    return scriptJob([...enter, ...(options === '' ? [] : [`set -${options}`]), argv[2]].join('\n'), shell, argv.slice(4));
  }
  return folder === undefined ? programJob(argv) : scriptJob([...enter, 'exec "$@"'].join('\n'), 'sh', argv);
}

export function holdsTemplate(text: string): boolean {
  const start = text.indexOf('{{');
  return start !== -1 && text.includes('}}', start + 2);
}
