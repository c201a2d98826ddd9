import { existsSync, readdirSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { stateFolderPath, type Host } from '@nightshift/host';
import { asciiLower, isBroken, isFinished } from '@nightshift/sdk';
import { COMMON, type Option, type VerbTable } from '../options/option-table.ts';
import { sshHosts } from './ssh-hosts.ts';
import type { Wanted } from './wanted.ts';

/** Something that a shell may put in place of the last word, and what it is. */
export interface Offer {
  readonly value: string;
  readonly note: string;
}

/** Offers, or who else knows: the shell itself completes files and folders. */
export type Offers = readonly Offer[] | 'files' | 'folders';

/** Reads what is there and changes nothing; a machine on which nothing was ever started stays as it is. */
export async function offersFor(wanted: Wanted, tables: readonly VerbTable[], host: () => Host): Promise<Offers> {
  const all = await everyOffer(wanted, tables, host);
  if (typeof all === 'string') return all;
  const typed = asciiLower(wanted.typed);
  return all
    .filter(({ value }) => asciiLower(value).startsWith(typed) && value.search(NOT_FOR_A_LINE) === -1)
    .map(({ value, note }) => ({ value: wanted.before + value, note: note.replaceAll(NOT_FOR_A_LINE, ' ') }));
}

/** Whatever moves a cursor, ends a line or turns it round is neither shown nor typed for anybody. Source: S34. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const NOT_FOR_A_LINE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/gu;

async function everyOffer({ what, table, given, typed, type, path }: Wanted, tables: readonly VerbTable[], host: () => Host): Promise<Offers> {
  switch (what) {
    case undefined:
      return [];
    case 'file':
      return 'files';
    case 'folder':
      return 'folders';
    case 'verb':
      return tables.map(({ name, summary }) => ({ value: name, note: summary }));
    case 'flag':
      return flagsOf(table, given).map(([name, { help }]) => ({ value: `--${name}`, note: help }));
    case 'parameter':
      return flagsOf(table, given).map(([name, { help }]) => ({ value: `-${pascal(name)}`, note: help }));
    case 'job':
    case 'unfinished job':
      return jobOffers(host, what === 'job');
    case 'job type':
      return host().jobTypes.map(({ type }) => ({ value: type.name, note: type.description }));
    case 'definition':
      return (await offersOfType(type, path, host)) ?? (await (await host().wiring()).definitionNames(path)).map((value) => ({ value, note: 'definition' }));
    case 'computer':
      return sshHosts(process.env['HOME']).map((value) => ({ value, note: 'computer' }));
    case 'program':
      return /[/\\]/.test(typed) ? 'files' : typed === '' ? [] : programs();
    default:
      return what.map((value) => ({ value, note: '' }));
  }
}

/** Of a type whose definitions answer only by it. */
async function offersOfType(name: string | undefined, path: string | undefined, host: () => Host): Promise<Offer[] | undefined> {
  const source = host().jobTypes.find(({ type }) => name !== undefined && asciiLower(type.name) === asciiLower(name))?.type.definitions;
  if (source?.onlyByType !== true) return undefined;
  const offers: Offer[] = [];
  const { definitions } = await host().wiring();
  for await (const found of source.list(path && resolve(path), definitions.files)) if (!isBroken(found)) offers.push({ value: found.name, note: found.description ?? 'definition' });
  return offers;
}

/** What may be given again, and what was not given yet. */
function flagsOf(table: VerbTable | undefined, given: readonly string[]): [string, Option][] {
  const options = Object.entries({ ...table?.options, ...COMMON });
  return options.filter(([name, { kind }]) => !given.includes(name) || kind === 'list' || kind === 'texts' || kind === 'words');
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** By id and by name; a name that a selector would read as something else is offered by its id alone. */
async function jobOffers(host: () => Host, finishedToo: boolean): Promise<Offer[]> {
  if (!existsSync(stateFolderPath(process.env)) || !isThere(process.env['NIGHTSHIFT_RUNTIME_DIR'])) return [];
  const { jobs } = await host().getJobs({});
  const wanted = jobs.filter(({ state }) => finishedToo || !isFinished(state));
  return [
    ...wanted.map(({ id, name, state }) => ({ value: String(id), note: `${name}, ${state}` })),
    ...wanted.filter(({ name }) => IS_A_NAME.test(name)).map(({ id, name, state }) => ({ value: name, note: `job ${id}, ${state}` })),
  ].filter(({ value }, index, all) => all.findIndex((other) => other.value === value) === index);
}

const IS_A_NAME = /^(?!-)(?!\d+$)[^*?[\],]+$/;

function isThere(named: string | undefined): boolean {
  return named === undefined || named === '' || existsSync(named);
}

/** The names in PATH; none of them is looked at. */
function programs(): Offer[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder.startsWith('/') && existsSync(folder));
  return [...new Set(folders.flatMap((folder) => readdirSync(folder)))].map((value) => ({ value, note: 'program' }));
}
