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
  /** How many words may stand without a flag. Default: any number. */
  readonly words?: number;
  readonly options: Readonly<Record<string, Option>>;
}

export interface Option {
  /**
   * switch: takes nothing, or `=true` and `=false`. text: one value. list: values split at commas, repeatable.
   * texts: repeatable, never split. words: every following word up to the next that begins with a dash.
   */
  readonly kind: 'switch' | 'text' | 'list' | 'texts' | 'words';
  readonly help: string;
  /** What the value is called in the help. */
  readonly value?: string;
  readonly short?: string;
  /** PowerShell's other names for the parameter. */
  readonly aliases?: readonly string[];
  /** The only values, compared without case. */
  readonly oneOf?: readonly string[];
}

/** What every verb takes. */
export const COMMON: Readonly<Record<string, Option>> = {
  output: { kind: 'text', short: 'o', value: 'FORMAT', help: 'table, wide, json, jsonl, yaml or id' },
  json: { kind: 'switch', help: 'the same as -o json' },
  verbose: { kind: 'switch', help: 'more words' },
  debug: { kind: 'switch', help: 'stack traces of errors' },
  help: { kind: 'switch', short: 'h', help: 'this text' },
};

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
