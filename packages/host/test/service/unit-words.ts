/** How systemd reads what is in double quotes: an oracle for what we write, made from systemd.syntax(7), systemd.unit(5) and systemd.service(5) alone. */

export interface ReadUnit {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
}

export function readUnit(text: string): ReadUnit {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const values = (key: string): string[] => lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  // Variables are put in for every word but the program.
  const argv = wordsOf(values('ExecStart')[0] as string).map((word, index) => (index === 0 ? word : withoutVariables(word)));
  const environment = Object.fromEntries(values('Environment').flatMap(wordsOf).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  return { argv, environment, workingDirectory: withoutSpecifiers(values('WorkingDirectory')[0] as string) };
}

function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (let rest = line.trim(); rest !== ''; ) {
    const match = /^"((?:[^"\\]|\\.)*)"(?:\s+|$)|^([^\s"'\\]+)(?:\s+|$)/.exec(rest);
    if (match === null) throw new Error(`systemd would not read ${rest}`);
    words.push(withoutSpecifiers((match[1] ?? match[2] as string).replaceAll(/\\(.)/g, unescape)));
    rest = rest.slice(match[0].length);
  }
  return words;
}

function unescape(_: string, letter: string): string {
  if (letter === '"' || letter === '\\' || letter === "'") return letter;
  throw new Error(`an escape that we never write: ${letter}`);
}

function withoutSpecifiers(text: string): string {
  return text.replaceAll(/%(.?)/g, (_, letter: string) => {
    if (letter === '%') return '%';
    throw new Error(`systemd would put something in for %${letter}`);
  });
}

function withoutVariables(word: string): string {
  return word.replaceAll(/\$(.?)/gs, (_, letter: string) => {
    if (letter === '$') return '$';
    throw new Error(`systemd would put a variable in for $${letter}`);
  });
}
