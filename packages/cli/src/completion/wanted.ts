import { COMMON, type Completes, type Option, type VerbTable } from '../options/option-table.ts';
import { longNameOf } from '../options/powershell-spelling.ts';

/** What a shell is to offer for the last word of a line. */
export interface Wanted {
  /** `flag`: the verb's options; `parameter`: the same as PowerShell writes them; `program`: what may follow `--`. Undefined: nobody can know. */
  readonly what: Completes | 'flag' | 'parameter' | 'program' | undefined;
  /** The part of the word that stays as it is: `--state=`, `1,2,`. */
  readonly before: string;
  /** The rest of it: what offers begin with. */
  readonly typed: string;
  /** The verb of the line, where it has one. */
  readonly table?: VerbTable;
  /** Long names of the options that the line has already. */
  readonly given: readonly string[];
  /** What the line says behind --type. */
  readonly type?: string;
  /** What it says behind --definition-path. */
  readonly path?: string;
}

const NOTHING: Wanted = { what: undefined, before: '', typed: '', given: [] };

/** `line`: the words without their quotes, the program first, the word to be completed last, perhaps empty. */
export function wantedAt(line: readonly string[], tables: readonly VerbTable[]): Wanted {
  const [program = '', ...words] = line;
  const called = (program.split(/[/\\]/).at(-1) as string).replace(/\.(?:cjs|cmd|exe|ps1)$/, '');
  if (called !== 'nightshift') return ofVerb(tables.find(({ name }) => name === called), words);
  const [verb = '', ...rest] = words;
  if (words.length > 1) return ofVerb(tables.find(({ name }) => name === verb), rest);
  return { ...NOTHING, what: verb.startsWith('-') ? ['--help', '--version'] : 'verb', typed: verb };
}

function ofVerb(table: VerbTable | undefined, words: readonly string[]): Wanted {
  if (table === undefined) return NOTHING;
  const options = { ...COMMON, ...table.options };
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const dashes = before.indexOf('--');
  const own = dashes === -1 ? before : before.slice(0, dashes);
  const [type, path] = [valueIn(own, options, 'type'), valueIn(own, options, 'definition-path')];
  const wanted = { ...NOTHING, typed, table, given: own.flatMap((word) => nameOf(word, options) ?? []), ...(type === undefined ? {} : { type }), ...(path === undefined ? {} : { path }) };
  if (dashes !== -1) return table.completes === undefined ? { ...wanted, what: dashes === before.length - 1 ? 'program' : 'file' } : list({ ...wanted, what: table.completes });
  const flag = pendingFlag(own, options);
  if (flag !== undefined && !typed.startsWith('-')) return ofValue(options[flag] as Option, wanted);
  const equals = typed.search(typed.startsWith('--') ? /=/ : /[=:]/);
  if (!typed.startsWith('-')) return list({ ...wanted, what: table.completes ?? (/\bFILE\b/.test(table.usage[0] ?? '') ? 'file' : undefined) });
  if (equals === -1) return { ...wanted, what: /^-[A-Za-z]/.test(typed) ? 'parameter' : 'flag' };
  const name = nameOf(typed, options);
  return name === undefined ? NOTHING : ofValue(options[name] as Option, { ...wanted, before: typed.slice(0, equals + 1), typed: typed.slice(equals + 1) });
}

function ofValue(option: Option, wanted: Wanted): Wanted {
  const what = option.completes ?? option.oneOf ?? BY_VALUE[option.value ?? ''] ?? (option.kind === 'words' ? 'file' : option.kind === 'switch' ? ['true', 'false'] : undefined);
  return option.kind === 'list' ? list({ ...wanted, what }) : { ...wanted, what };
}

const BY_VALUE: Readonly<Record<string, Completes>> = { FILE: 'file', FOLDER: 'folder', TYPE: 'job type', DEFINITION: 'definition' };

/** Behind the last comma begins the next item. */
function list(wanted: Wanted): Wanted {
  const comma = wanted.typed.lastIndexOf(',') + 1;
  return { ...wanted, before: wanted.before + wanted.typed.slice(0, comma), typed: wanted.typed.slice(comma) };
}

/** The option whose value comes next: the last word's, or one that takes all words up to the next option. */
function pendingFlag(words: readonly string[], options: Readonly<Record<string, Option>>): string | undefined {
  const at = words.findLastIndex((word) => word.startsWith('-') && word !== '-' && !/^-\d/.test(word));
  const word = words[at];
  if (word === undefined || /[=:]/.test(word)) return undefined;
  const name = nameOf(word, options);
  const kind = name === undefined ? undefined : options[name]?.kind;
  if (kind === undefined || kind === 'switch') return undefined;
  return kind === 'words' || at === words.length - 1 ? name : undefined;
}

function valueIn(words: readonly string[], options: Readonly<Record<string, Option>>, option: string): string | undefined {
  const at = words.findIndex((word) => nameOf(word, options) === option);
  return /[=:](.*)$/s.exec(words[at] ?? '')?.[1] ?? words[at + 1 || words.length];
}

/** The long name of an option in any spelling; undefined for a word that is none. */
function nameOf(word: string, options: Readonly<Record<string, Option>>): string | undefined {
  if (!word.startsWith('-')) return undefined;
  const shown = word.replace(word.startsWith('--') ? /=.*$/s : /[=:].*$/s, '');
  if (shown.startsWith('--')) return Object.hasOwn(options, shown.slice(2)) ? shown.slice(2) : undefined;
  const short = Object.keys(options).find((name) => options[name]?.short === shown.slice(1));
  if (short !== undefined) return short;
  try {
    return longNameOf(shown, options);
  } catch {
    // Several options begin so, or it is PowerShell's own: whoever runs the line is told.
    return undefined;
  }
}
