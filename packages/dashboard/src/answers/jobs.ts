import type { JobsPage, SearchAnswer } from '../api.ts';
import type { Desk } from '../desk.ts';
import { holds } from './definitions.ts';
import { pathFrom } from './path-from.ts';
import { questionOf, readCursor, writeCursor } from './question.ts';
import { jobRows, refOf } from './rows.ts';

const LIMIT = 50;
const MOST = 200;
/** Pieces without a match are looked through so long for one answer, in milliseconds. */
const PATIENCE = 120;

/** Jobs, newest first. A page may be shorter than its limit and go on all the same. */
export async function answerJobs(desk: Desk, query: URLSearchParams): Promise<JobsPage> {
  const question = questionOf(query, ['text', 'definition', 'state', 'type', 'origin', 'since', 'cursor', 'limit']);
  const [text, definition, states, type, origin, since] = [question.text('text'), question.text('definition'), question.states('state'), question.text('type'), question.oneOf('origin', ['demand', 'trigger'] as const), question.instant('since')];
  const limit = question.number('limit', 1, MOST) ?? LIMIT;
  let before = readCursor(question.text('cursor'), (value) => typeof value === 'number' && Number.isSafeInteger(value) && value > 0) as number | undefined;
  const asked = {
    ...(text === undefined ? {} : { name: /[*?[]/.test(text) ? text : `*${text}*` }),
    ...(definition === undefined ? {} : { definition }),
    ...(states === undefined ? {} : { states }),
    ...(type === undefined ? {} : { type }),
    ...(origin === undefined ? {} : { origin }),
    ...(since === undefined ? {} : { since }),
  };
  const began = desk.survey.clock.monotonic();
  for (;;) {
    const { jobs, next } = await desk.survey.jobs.page({ ...asked, ...(before === undefined ? {} : { before }), limit });
    if (jobs.length > 0 || next === undefined || desk.survey.clock.monotonic() - began > PATIENCE) return { apiVersion: 1, jobs: await jobRows(desk, jobs), cursor: next === undefined ? null : writeCursor(next) };
    before = next;
  }
}

const FOUND = 20;

/** What the start palette finds: definitions whose names begin with it, then those that hold it, then jobs. */
export async function answerSearch(desk: Desk, query: URLSearchParams): Promise<SearchAnswer> {
  const { survey } = desk;
  const question = questionOf(query, ['text', 'limit']);
  const [text = '', limit] = [question.text('text'), question.number('limit', 1, 50) ?? FOUND];
  const wanted = text.toLowerCase();
  const holding = [...survey.definitions.all.values()].filter((known) => holds(known, survey.project, text === '' ? undefined : text));
  const rank = (name: string): number => (name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 3);
  const best = holding.map((known) => ({ known, rank: rank(known.name.toLowerCase()) })).toSorted((a, b) => a.rank - b.rank || (a.known.name < b.known.name ? -1 : 1)).slice(0, limit);
  const jobs = await jobsFor(desk, text, limit);
  const running = Map.groupBy(best.length === 0 ? [] : await survey.jobs.find({ definitions: best.map(({ known }) => known.key), states: ['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'] }), ({ instance }) => instance.definition?.key);
  const definitions = best.map(({ known }) => ({ is: 'definition', definition: refOf(known), folder: pathFrom(survey.project, known.folder), enabled: known.enabled, broken: known.errors.length > 0, running: running.get(known.key)?.length ?? 0 }) as const);
  const rows = (await jobRows(desk, jobs)).map((job) => ({ is: 'job', job }) as const);
  // An id was typed: that job is meant.
  return { apiVersion: 1, found: (/^\d+$/.test(text) ? [...rows, ...definitions] : [...definitions, ...rows]).slice(0, limit) };
}

async function jobsFor({ survey }: Desk, text: string, limit: number): ReturnType<Desk['survey']['jobs']['lookAt']> {
  if (text === '') return [];
  if (/^\d{1,15}$/.test(text)) return survey.jobs.lookAt(await survey.jobs.find({ ids: [Number(text)] }));
  if (/^[0-9a-f-]{8,36}$/i.test(text)) return survey.jobs.lookAt((await survey.jobs.find(text.length === 36 ? { instanceIds: [text.toLowerCase()] } : { ids: [] })).slice(0, limit));
  return (await survey.jobs.page({ name: `*${text.replace(/[*?[\]]/g, '?')}*`, limit: 5 })).jobs;
}
