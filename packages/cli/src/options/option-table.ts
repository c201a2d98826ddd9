/**
 * A verb is one table: the parser, the help text and the suggestions read it. Names are long flags; PowerShell's spelling
 * is the same name without hyphens.
 */
export interface VerbTable {
  readonly name: string;
  readonly summary: string;
  /** Lines to copy, before the options. */
  readonly examples: readonly string[];
  /** How it is called, after the verb's name. */
  readonly usage: readonly string[];
  /** The verb runs a program that stands with its arguments behind `--`. */
  readonly runs?: 'program';
  /** How many words may stand without a flag. Default: any number. */
  readonly words?: number;
  /** What the words are, for a shell that completes them. Default: files where the usage says FILE, else nothing. */
  readonly completes?: Completes;
  /** Options that the one screen of help describes before the others, by their long names. Default: as the table has them. */
  readonly first?: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
}

/** What a value may be, so far as a shell can know: things of a kind, or one of some words. */
export type Completes = 'job' | 'unfinished job' | 'definition' | 'job type' | 'computer' | 'verb' | 'file' | 'folder' | readonly string[];

export interface Option {
  /**
   * switch: takes nothing, or `=true` and `=false`. text: one value. list: values split at commas, repeatable.
   * texts: repeatable, never split. words: every following word up to the next that begins with a dash.
   */
  readonly kind: 'switch' | 'text' | 'list' | 'texts' | 'words';
  readonly help: string;
  /** What the value is called in the help; FILE, FOLDER, TYPE and DEFINITION also say what a shell offers for it. */
  readonly value?: string;
  readonly short?: string;
  /** PowerShell's other names for the parameter. */
  readonly aliases?: readonly string[];
  /** The only values, compared without case. */
  readonly oneOf?: readonly string[];
  /** What a shell offers for the value. Default: `oneOf`, else by `value`. */
  readonly completes?: Completes;
  /** One of the flags that say which jobs are meant; the help keeps them together. */
  readonly selects?: true;
  /** What it names is run, with the words behind `--` as its arguments. */
  readonly runs?: true;
}

/** What every verb takes. */
export const COMMON: Readonly<Record<string, Option>> = {
  output: { kind: 'text', short: 'o', value: 'FORMAT', help: 'table, wide, json, jsonl, yaml or id', completes: ['table', 'wide', 'json', 'jsonl', 'yaml', 'id'] },
  json: { kind: 'switch', help: 'the same as -o json' },
  color: { kind: 'text', value: 'WHEN', help: 'auto, always or never; also NO_COLOR, FORCE_COLOR', oneOf: ['auto', 'always', 'never'] },
  verbose: { kind: 'switch', help: 'more words' },
  debug: { kind: 'switch', help: 'stack traces of errors' },
  help: { kind: 'switch', short: 'h', aliases: ['?'], help: 'the one screen of help; with --all everything' },
};

/** The same flag of a verb that has fewer forms. */
export function outputOption(formats: readonly string[]): { readonly output: Option } {
  return { output: { ...(COMMON['output'] as Option), help: `${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}`, completes: formats } };
}

/** Of every verb that reads definitions. */
export const CONFIG_OPTION: Readonly<Record<string, Option>> = {
  config: { kind: 'text', value: 'FILE', help: 'this configuration file, in place of the one that is found' },
};

/** The words of a command line, taken apart. */
export interface Parsed {
  readonly words: readonly string[];
  /** Everything after `--`; undefined without it. */
  readonly rest: readonly string[] | undefined;
  /** Flags that were given in PowerShell's spelling, by their long names. */
  readonly powerShell: ReadonlySet<string>;
  has(name: string): boolean;
  isOn(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): readonly string[] | undefined;
}
