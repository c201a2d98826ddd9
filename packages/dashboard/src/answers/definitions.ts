/** The screen Jobs: definitions, broken ones first. */
import type { KnownDefinition } from '@nightshift/host';
import type { Commands, DefinitionDetails, DefinitionsPage, FolderCount } from '../api.ts';
import type { Desk } from '../desk.ts';
import type { DueBook } from './due-ahead.ts';
import { loadingOf } from './now.ts';
import { pathFrom } from './path-from.ts';
import { keyOf, notFound, questionOf, readCursor, writeCursor } from './question.ts';
import { definitionRows, dueTimesOf, jobRows } from './rows.ts';
import { shellWords } from './shell-words.ts';

const LIMIT = 50;
const MOST = 200;
const YEAR = 366 * 86_400_000;

export async function answerDefinitions(desk: Desk, book: DueBook, query: URLSearchParams): Promise<DefinitionsPage> {
  const { survey } = desk;
  const question = questionOf(query, ['text', 'folder', 'only', 'sort', 'order', 'cursor', 'limit']);
  const only = question.oneOf('only', ['broken', 'disabled', 'enabled', 'failed', 'running'] as const);
  const sort = question.oneOf('sort', ['name', 'next', 'last'] as const) ?? 'name';
  const isDescending = question.oneOf('order', ['ascending', 'descending'] as const) === 'descending';
  const cursor = readCursor(question.text('cursor'), (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) as number | undefined;
  const [limit, folder, text] = [question.number('limit', 1, MOST) ?? LIMIT, query.get('folder') ?? undefined, question.text('text')];

  const matching = await onlyThose(desk, only, [...survey.definitions.all.values()].filter((known) => holds(known, survey.project, text)));
  const inFolder = folder === undefined ? matching : matching.filter((known) => pathFrom(survey.project, known.folder) === folder);
  const ordered = await inOrder(desk, book, inFolder, sort, isDescending);
  const begin = cursor ?? 0;
  return {
    apiVersion: 1,
    loading: loadingOf(desk),
    total: ordered.length,
    folders: foldersOf(survey.project, matching),
    definitions: await definitionRows(desk, ordered.slice(begin, begin + limit)),
    cursor: begin + limit < ordered.length ? writeCursor(begin + limit) : null,
  };
}

/** All words, in any of the texts, without case. */
export function holds({ name, description, folder, type, command }: KnownDefinition, project: string, text: string | undefined): boolean {
  if (text === undefined) return true;
  const hay = [name, description, pathFrom(project, folder), type ?? '', command].join('\n').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

async function onlyThose({ survey }: Desk, only: string | undefined, known: readonly KnownDefinition[]): Promise<readonly KnownDefinition[]> {
  switch (only) {
    case 'broken':
      return known.filter(({ errors }) => errors.length > 0);
    case 'disabled':
      return known.filter(({ enabled, errors }) => !enabled && errors.length === 0);
    case 'enabled':
      return known.filter(({ enabled }) => enabled);
    case 'running': {
      const unfinished = await survey.jobs.find({ topLevel: true, states: ['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'] });
      const keys = new Set(unfinished.map(({ instance }) => instance.definition?.key));
      return known.filter(({ key }) => keys.has(key));
    }
    case 'failed': {
      const ends = await survey.jobs.lastEnds(known.map(({ key }) => key));
      return known.filter(({ key }) => ends.get(key)?.state === 'Failed');
    }
    default:
      return known;
  }
}

async function inOrder({ survey }: Desk, book: DueBook, known: readonly KnownDefinition[], sort: 'name' | 'next' | 'last', isDescending: boolean): Promise<readonly KnownDefinition[]> {
  const now = survey.clock.now();
  const ends = sort === 'last' ? await survey.jobs.lastEnds(known.map(({ key }) => key)) : undefined;
  const place = (one: KnownDefinition): number => {
    if (sort === 'next') return book.next(one, now)?.getTime() ?? Infinity;
    return ends === undefined ? 0 : -Number(ends.get(one.key)?.endTime ?? -Infinity);
  };
  const rows = known.map((one) => ({ one, at: place(one), name: `${one.folder}\n${one.name.toLowerCase()}` }));
  const direction = isDescending ? -1 : 1;
  // Broken ones, and those that have no such moment, keep their place whichever the direction.
  return rows.toSorted((a, b) => Number(b.one.errors.length > 0) - Number(a.one.errors.length > 0)
    || Number(a.at === Infinity) - Number(b.at === Infinity)
    || (a.at === b.at ? 0 : direction * (a.at - b.at))
    || (sort === 'name' ? direction : 1) * (a.name < b.name ? -1 : Number(a.name > b.name))).map(({ one }) => one);
}

function foldersOf(project: string, known: readonly KnownDefinition[]): readonly FolderCount[] {
  const groups = Map.groupBy(known, ({ folder }) => pathFrom(project, folder));
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([folder, all]) => ({ folder, definitions: all.length, broken: all.filter(({ errors }) => errors.length > 0).length }));
}

/** Throws a refusal: 400 for what is no name, 404 for what nobody knows. */
export function knownOf({ survey }: Desk, namespace: string, name: string): KnownDefinition {
  const known = survey.definitions.all.get(keyOf(namespace, name));
  if (known !== undefined) return known;
  throw notFound(survey.definitions.loading === undefined ? `no definition is named "${name}"` : `no definition is named "${name}"; they are still being read`);
}

export async function answerDefinition(desk: Desk, namespace: string, name: string): Promise<DefinitionDetails> {
  const known = knownOf(desk, namespace, name);
  const { survey } = desk;
  const now = survey.clock.now();
  const [[row], { jobs }] = await Promise.all([definitionRows(desk, [known]), survey.jobs.page({ definition: known.key, limit: 20 })]);
  return {
    apiVersion: 1,
    ...(row as NonNullable<typeof row>),
    options: known.options,
    maxResultCount: known.maxResultCount ?? null,
    due: dueTimesOf(desk, [known], now, new Date(now.getTime() + YEAR), 20),
    jobs: await jobRows(desk, jobs),
    commands: commandsOf(desk, known),
  };
}

/** What to type in place of the buttons. */
export function commandsOf({ survey }: Desk, { name, folder, errors, enabled, file }: KnownDefinition): Commands {
  if (errors.length > 0) return { start: shellWords(['nightshift', 'validate', pathFrom(survey.project, file)]) };
  const path = survey.folders.length > 1 ? ['--definition-path', pathFrom(survey.project, folder)] : [];
  return {
    start: shellWords(['start-job', '--definition-name', name, ...path]),
    ...(enabled ? { disable: shellWords(['disable-scheduled-job', name, ...path]) } : { enable: shellWords(['enable-scheduled-job', name, ...path]) }),
  };
}
