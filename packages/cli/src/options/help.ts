import { cutTo } from '../print/cells.ts';
import { COMMON, type Option, type VerbTable } from './option-table.ts';
import { wrapped } from './wrap.ts';

/** A screen, as terminals have had it since the first: help that scrolls away is read twice. */
export const SCREEN = { lines: 23, columns: 80 } as const;

type Entry = readonly [name: string, option: Option];
type Group = readonly [title: string, options: readonly Entry[]];

/** Fewer described options than these are worth closing up the lines above them. */
const WORTH = 6;

/**
 * One screen: what the verb does, lines to copy, how it is called, and every option: described while there is room, those
 * that the table puts first before the others; the rest by their names.
 */
export function helpText(table: VerbTable): string {
  const head = headOf(table);
  const airy = screen(table, head);
  const { lines } = airy.described >= WORTH ? airy : screen(table, head.filter((line) => line !== ''));
  return `${lines.join('\n')}\n`;
}

function screen(table: VerbTable, head: readonly string[]): { readonly lines: readonly string[]; readonly described: number } {
  const groups = groupsOf(table);
  const count = groups.reduce((sum, [, options]) => sum + options.length, 0);
  // Each takes a line of its own: more than there are lines below the head need not be tried.
  for (let described = Math.min(count, Math.max(0, SCREEN.lines - head.length - 1)); ; described--) {
    const rest = described < count ? [`nightshift help ${table.name} describes them all.`] : [];
    const lines = [...head, '', ...optionLines(groups, described), ...rest];
    if (lines.length <= SCREEN.lines || described === 0) return { lines, described: rest.length === 0 ? Infinity : described };
  }
}

/** Everything, each option described under the title of its group. */
export function fullHelpText(table: VerbTable): string {
  const groups = groupsOf(table);
  const width = widthOf(groups.flatMap(([, options]) => options));
  const lines = groups.flatMap(([title, options]) => ['', `${title}:`, ...options.flatMap((entry) => describe(entry, width, false))]);
  return `${[...headOf(table), ...lines].join('\n')}\n`;
}

function headOf({ name, summary, examples, usage }: VerbTable): string[] {
  return [
    ...wrapped(`${name}: ${summary}`, SCREEN.columns, 2),
    '',
    ...examples.map((line) => `  $ ${line}`),
    '',
    ...usage.flatMap((line, index) => wrapped(`${index === 0 ? 'Usage: ' : '       '}${isWordOfUmbrella(name) ? 'nightshift ' : ''}${name} ${line}`, SCREEN.columns, 11)),
  ];
}

/** PowerShell's verbs, a verb and a noun, are programs of their own. */
export function isWordOfUmbrella(name: string): boolean {
  return !name.includes('-');
}

function groupsOf({ options, completes, first = [] }: VerbTable): Group[] {
  const rank = ([name]: Entry): number => (first.includes(name) ? first.indexOf(name) : first.length);
  const all = Object.entries(options).toSorted((a, b) => rank(a) - rank(b));
  const groups: Group[] = [
    ['Options', all.filter(([, { selects }]) => selects !== true)],
    [completes === 'definition' ? 'Which definitions' : 'Which jobs', all.filter(([, { selects }]) => selects === true)],
    ['Every verb', Object.entries(COMMON).filter(([name]) => !Object.hasOwn(options, name))],
  ];
  return groups.filter(([, entries]) => entries.length > 0);
}

/** The first `count` options described, the rest named, each group under its title. */
function optionLines(groups: readonly Group[], count: number): string[] {
  let left = count;
  const split = groups.map(([title, options]) => {
    const described = options.slice(0, left);
    left -= described.length;
    return { title, described, named: options.slice(described.length) };
  });
  const width = widthOf(split.flatMap(({ described }) => described));
  const lines = split.flatMap(({ described }) => described.flatMap((entry) => describe(entry, width, true)));
  const named = split.filter(({ named }) => named.length > 0);
  const paragraphs = named.flatMap(({ title, named }) => wrapped(`${title}: ${named.map(([name]) => `--${name}`).join(' ')}`, SCREEN.columns, 2));
  return [...lines, ...(lines.length > 0 && paragraphs.length > 0 ? [''] : []), ...paragraphs];
}

/** The same for a terminal that knows ASCII alone; a table is nothing but texts. */
export function inAscii(table: VerbTable): VerbTable {
  return JSON.parse(JSON.stringify(table).replaceAll('…', '...')) as VerbTable;
}

/** Longer heads stand out: one of them must not push everything to the right. */
const LONGEST_HEAD = 30;

function widthOf(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map((entry) => headOfOption(entry).length).filter((length) => length <= LONGEST_HEAD));
}

/** `brief`: one line. */
function describe(entry: Entry, width: number, brief: boolean): string[] {
  const head = `  ${headOfOption(entry).padEnd(width)}  `;
  const [, { help }] = entry;
  return brief ? [briefly(head, help)] : wrapped(head + help, SCREEN.columns, width + 4);
}

/** One line: all of the text; else what stands before its first semicolon, colon or comma; else as much as there is room for. */
export function briefly(head: string, text: string): string {
  const parts = [text, ...[';', ':', ','].map((stop) => text.split(stop)[0] as string)];
  return cutTo(head + (parts.find((part) => head.length + part.length <= SCREEN.columns) ?? text), SCREEN.columns, '…');
}

function headOfOption([name, { short, value, kind }]: Entry): string {
  const shown = kind === 'switch' ? '' : ` ${value ?? (kind === 'words' ? 'WORD…' : 'TEXT')}`;
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${shown}`;
}
