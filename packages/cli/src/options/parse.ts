import { asciiLower, suggest, type JobError } from '@nightshift/sdk';
import { misplacedArguments, quoted } from './misplaced-arguments.ts';
import { nearFlag } from './near-flag.ts';
import { COMMON, type Option, type Parsed, type VerbTable } from './option-table.ts';
import { longNameOf } from './powershell-spelling.ts';
import { usage } from './usage.ts';

/**
 * Takes the words of a verb apart by its table. A loop of our own: node:util's parseArgs in strict mode refuses
 * `--timeout -1`, `--keep=false` and `-DefinitionName`, and takes a flag given twice in silence.
 * Throws the usage errors of jobs.md 6.4, before anything is done.
 */
export function parse(table: VerbTable, argv: readonly string[]): Parsed {
  const options = { ...COMMON, ...table.options };
  const values = new Map<string, string[]>();
  const powerShell = new Set<string>();
  const words: string[] = [];
  let rest: readonly string[] | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string;
    if (word === '--') {
      rest = argv.slice(index + 1);
      break;
    }
    if (!isFlag(word)) {
      words.push(word);
      continue;
    }
    const flag = readFlag(word, options, table.name, table.runs === undefined || !isProgram(words[0]) ? undefined : `${table.name} -- ${[...words, ...argv.slice(index)].map(quoted).join(' ')}`);
    if (!word.startsWith('--') && !flag.isShort) powerShell.add(flag.name);
    index += take(flag, argv, index, options[flag.name] as Option, values);
  }
  // In PowerShell's spelling alone, two words after a definition's name are its path and its type.
  if (words.length > (table.words ?? Infinity) && !powerShell.has('definition-name')) throw tooMany(words[table.words as number] as string, misplacedArguments(table, (name) => values.get(name)?.[0], words));
  return parsed(words, rest, powerShell, values);
}

/** A text for a shell has blanks. */
function isProgram(word: string | undefined): boolean {
  return word !== undefined && !/\s/.test(word);
}

/** A lone dash is a word; so is a negative number, which no flag looks like. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-' && !/^-\d/.test(word);
}

interface Flag {
  readonly name: string;
  readonly shown: string;
  readonly value: string | undefined;
  readonly isShort: boolean;
}

/** In PowerShell's spelling a colon does what an equals sign does: `-Name:value`, `-Keep:$false`. */
function readFlag(word: string, options: Readonly<Record<string, Option>>, verb: string, asProgram: string | undefined): Flag {
  const end = word.search(word.startsWith('--') ? /=/ : /[=:]/);
  const shown = end === -1 ? word : word.slice(0, end);
  // PowerShell takes a value behind `-Name:` and a blank.
  const value = end === -1 || (word[end] === ':' && end === word.length - 1) ? undefined : word.slice(end + 1);
  if (shown.startsWith('--')) {
    const name = shown.slice(2);
    if (Object.hasOwn(options, name)) return { name, shown, value, isShort: false };
    throw unknownFlag(shown, options, verb, asProgram);
  }
  const short = Object.keys(options).find((name) => options[name]?.short === shown.slice(1));
  if (short !== undefined) return { name: short, shown, value, isShort: true };
  const name = longNameOf(shown, options);
  if (name === undefined) throw unknownFlag(shown, options, verb, asProgram);
  return { name, shown, value, isShort: false };
}

/** Stores the value of a flag and says how many further words it took. */
function take(flag: Flag, argv: readonly string[], index: number, option: Option, values: Map<string, string[]>): number {
  const next = argv[index + 1];
  switch (option.kind) {
    case 'switch':
      store(flag, [switchValue(flag)], option, values);
      return 0;
    case 'words': {
      const end = argv.findIndex((word, at) => at > index && (word === '--' || isFlag(word)));
      const given = flag.value === undefined ? argv.slice(index + 1, end === -1 ? argv.length : end) : [flag.value];
      if (given.length === 0) throw missingArgument(flag.shown);
      values.set(flag.name, [...(values.get(flag.name) ?? []), ...given]);
      return flag.value === undefined ? given.length : 0;
    }
    default: {
      if (flag.value === undefined && (next === undefined || next === '--' || isFlag(next))) throw missingArgument(flag.shown, next);
      const further = option.kind === 'list' ? furtherItems(flag.value ?? (next as string), argv, flag.value === undefined ? index + 2 : index + 1) : [];
      store(flag, [(flag.value ?? (next as string)) + further.join('')], option, values);
      return (flag.value === undefined ? 1 : 0) + further.length;
    }
  }
}

/** `-Id 1, 2`: a list goes on behind a comma, as in PowerShell. */
function furtherItems(first: string, argv: readonly string[], index: number): readonly string[] {
  const next = argv[index];
  if (!first.endsWith(',') || next === undefined || next === '--' || isFlag(next)) return [];
  return [next, ...furtherItems(next, argv, index + 1)];
}

function store(flag: Flag, given: readonly string[], option: Option, values: Map<string, string[]>): void {
  const list = option.kind === 'list' ? given.flatMap((value) => value.split(',')) : given;
  const checked = list.map((value) => checkWord(flag.shown, value, option));
  const before = values.get(flag.name);
  if (option.kind === 'list' || option.kind === 'texts') values.set(flag.name, [...(before ?? []), ...checked]);
  else if (before !== undefined && before[0] !== checked[0]) throw usage('ParameterAlreadyBound', `${flag.shown} is given twice, as "${before[0]}" and as "${checked[0]}"`);
  else values.set(flag.name, [...checked]);
}

function switchValue({ shown, value }: Flag): string {
  const text = asciiLower(value ?? 'true').replace(/^\$/, '');
  if (text === 'true' || text === 'false') return text;
  throw usage('ParameterArgumentTransformationError', `${shown} is a switch: true or false, not "${value}"`);
}

function checkWord(shown: string, value: string, { oneOf }: Option): string {
  if (oneOf === undefined) return value;
  const known = oneOf.find((word) => asciiLower(word) === asciiLower(value));
  if (known !== undefined) return known;
  const near = suggest(value, oneOf);
  throw usage('ParameterArgumentValidationError', `${shown} takes ${oneOf.join(', ')}; not "${value}"`, near === undefined ? undefined : `did you mean ${near}?`);
}

function parsed(words: readonly string[], rest: readonly string[] | undefined, powerShell: ReadonlySet<string>, values: ReadonlyMap<string, readonly string[]>): Parsed {
  return {
    words,
    rest,
    powerShell,
    has: (name) => values.has(name),
    isOn: (name) => values.get(name)?.[0] === 'true',
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name),
  };
}

/** `asProgram`: the same words behind a `--`, where they may have been meant so. */
function unknownFlag(shown: string, options: Readonly<Record<string, Option>>, verb: string, asProgram: string | undefined): JobError {
  const near = nearFlag(shown, options);
  const guess = near === undefined ? undefined : `did you mean ${near}?`;
  return usage('NamedParameterNotFound', `there is no option ${shown}`, inPlaceOfJob(shown, options, verb) ?? elsewhere(shown, verb) ?? guess ?? (asProgram === undefined ? undefined : `a program and its arguments stand behind --: ${asProgram}`));
}

/** PowerShell's `-Job` takes job objects, which a shell does not have. */
function inPlaceOfJob(shown: string, options: Readonly<Record<string, Option>>, verb: string): string | undefined {
  const selects = Object.values(options).some((option) => option.selects === true);
  return selects && /^--?job$/i.test(shown) ? `write its id: ${verb} ID; or pipe ids in: get-job -o id | ${verb} -` : undefined;
}

/** What runs on other computers is another verb's, and how they are reached is ssh's. */
function elsewhere(shown: string, verb: string): string | undefined {
  if (verb === 'invoke-command' && /^--?(?:key-?file-?path|ssh-?transport|ssh-?connection|use-?ssl|connection-?uri|session|session-?option|configuration-?name|subsystem)$/i.test(shown)) return 'how a computer is reached stands in ~/.ssh/config: keys, ports, jump hosts';
  return /^start-(?:thread-)?job$/.test(verb) && /^--?(?:computer-?name|cn)$/i.test(shown) ? "invoke-command runs on other computers: invoke-command --computer-name NAME 'TEXT'" : undefined;
}

function missingArgument(shown: string, next?: string): JobError {
  return usage('MissingArgument', `${shown} needs a value`, next === undefined || next === '--' ? undefined : `write ${shown}=VALUE when the value begins with a dash`);
}

function tooMany(word: string, asArguments: string | undefined): JobError {
  return usage('PositionalParameterNotFound', `"${word}" is one word too many`, asArguments ?? 'quote a text that holds blanks, or write -- before a program and its arguments');
}
