import { EXIT } from '../exit-codes.ts';
import { fullHelpText, helpText, inAscii } from '../options/help.ts';
import { nearVerb } from '../options/near-verb.ts';
import type { VerbTable } from '../options/option-table.ts';
import { fullOverview, overview } from '../options/overview.ts';
import { usage } from '../options/usage.ts';
import { lookOf, paint, type Look } from '../print/look.ts';
import { writeOut } from '../print/terminal.ts';
import type { Verb } from '../verb.ts';

/** `nightshift help`, and the umbrella without a verb. */
export function help(all: readonly Verb[]): Verb {
  return {
    table: {
      name: 'help',
      summary: 'one screen with all verbs, or everything about one',
      examples: ['nightshift help', 'nightshift help start-job', 'nightshift help --all'],
      usage: ['[VERB]'],
      words: 1,
      completes: 'verb',
      options: { all: { kind: 'switch', help: 'every verb with what it does' } },
    },
    async run(options) {
      const [name] = options.words;
      const tables = all.map(({ table }) => table);
      if (name === undefined) showText(options.isOn('all') ? fullOverview(tables) : overview(tables));
      else showHelp(verbOf(name, all).table, true);
      return EXIT.done;
    },
  };
}

/** `VERB --help`, and `VERB --help --all`. */
export function showHelp(table: VerbTable, everything: boolean): void {
  const { width, symbols } = lookOf(1);
  const known = width === undefined || symbols ? table : inAscii(table);
  showText(everything ? fullHelpText(known) : helpText(known));
}

/** Throws `CommandNotFoundException`, with the nearest verb as hint. */
export function verbOf(name: string, all: readonly Verb[]): Verb {
  const verb = all.find(({ table }) => table.name === name);
  if (verb !== undefined) return verb;
  const near = nearVerb(name, all.map(({ table }) => table.name));
  const hint = near !== undefined ? `did you mean ${near}?` : name.startsWith('-') ? 'the verb comes first: nightshift VERB [options]' : 'nightshift --help lists them';
  throw usage('CommandNotFoundException', `there is no verb "${name}"`, hint);
}

function showText(text: string): void {
  const look = lookOf(1);
  const known = look.width === undefined || look.symbols ? text : text.replaceAll('…', '~');
  writeOut(known.split('\n').map((line) => painted(line, look)).join('\n'));
}

/** Lines to copy and titles stand out. */
function painted(line: string, look: Look): string {
  if (line.startsWith('  $ ')) return `  ${paint(look, 'grey', '$')} ${paint(look, 'cyan', line.slice(4))}`;
  return line.replace(/^[A-Za-z][a-z -]*:/, (title) => paint(look, 'bold', title));
}
