/** Expected against actual: what was due, what is due, and what became of it. */
import type { KnownDefinition, KnownTrigger } from '@nightshift/host';
import type { Firing, TriggerClock } from '@nightshift/sdk';
import type { Calendar, CalendarCell, CalendarDay, CalendarRow, DueTimeRow, DueTimesPage, MissedPage, Outcome } from '../api.ts';
import type { Desk } from '../desk.ts';
import { Refusal } from '../door/refusal.ts';
import { holds, knownOf } from './definitions.ts';
import type { DueBook } from './due-ahead.ts';
import { loadingOf } from './now.ts';
import { isMisfire, jobsOfFirings, judge, placeOf, rowOf, type Judged } from './outcomes.ts';
import { questionOf, readCursor, writeCursor } from './question.ts';
import { dueTimesOf, refOf } from './rows.ts';

const ROWS = 40;
const MOST_ROWS = 100;
const MOST_DAYS = 62;
/** Firings that are read for one answer; a definition with more of them has a page to itself. */
const FIRINGS = 6_000;
const MOST_FIRINGS = 20_000;
const DAY = 86_400_000;
/** A scheduler may take so long to decide, in milliseconds. */
const GRACE = 10_000;

/** The worst first: of these a cell speaks. */
const WORST: readonly Outcome[] = ['misfire', 'undecided', 'overlap', 'late', 'condition', 'disabled', 'edited', 'void', 'waiting', 'run-later', 'caught-up', 'on-time', 'due'];

export async function answerCalendar(desk: Desk, query: URLSearchParams): Promise<Calendar> {
  const { survey } = desk;
  const question = questionOf(query, ['from', 'days', 'definition', 'text', 'timeZone', 'cursor', 'limit']);
  const timeZone = zoneOf(desk, question.text('timeZone'));
  const count = question.number('days', 1, MOST_DAYS) ?? 31;
  const days = daysFrom(desk, question.text('from') ?? survey.time.write(survey.clock.now(), timeZone).slice(0, 10), count, timeZone);
  const begin = (readCursor(question.text('cursor'), (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) ?? 0) as number;
  const limit = question.number('limit', 1, MOST_ROWS) ?? ROWS;
  const [key, text] = [question.text('definition'), question.text('text')];
  const matching = [...survey.definitions.all.values()]
    .filter((known) => known.triggers.length > 0 && (key === undefined || known.key === key) && holds(known, survey.project, text))
    .toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const { rows, read } = await rowsOf(desk, matching.slice(begin, begin + limit), days);
  const next = begin + read;
  return { apiVersion: 1, timeZone, days, rows, total: matching.length, loading: loadingOf(desk), cursor: next < matching.length ? writeCursor(next) : null };
}

function zoneOf({ survey }: Desk, asked: string | undefined): string {
  if (asked === undefined) return survey.timeZone;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: asked }).resolvedOptions().timeZone === '' ? survey.timeZone : asked;
  } catch {
    throw new Refusal(400, '"timeZone" is a name such as Europe/Berlin');
  }
}

function daysFrom({ survey }: Desk, from: string, count: number, timeZone: string): readonly CalendarDay[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(from) || Number.isNaN(first) || new Date(first).toISOString().slice(0, 10) !== from) throw new Refusal(400, '"from" is a date such as 2027-03-01');
  const dates = Array.from({ length: count + 1 }, (_, index) => new Date(first + index * DAY).toISOString().slice(0, 10));
  const midnights = dates.map((date) => survey.time.read(date, timeZone) as Date);
  return dates.slice(0, -1).map((date, index) => {
    const [begin, end] = [midnights[index] as Date, midnights[index + 1] as Date];
    const change = survey.time.change(timeZone, begin, end);
    return { date, from: begin.toISOString(), to: end.toISOString(), clockChange: change === undefined ? null : changeWords(change) };
  });
}

/** "clocks go from 02:00 to 03:00" of two wall times with their offsets. */
function changeWords({ from, to }: { readonly from: string; readonly to: string }): string {
  return `clocks go from ${from.slice(11, 16)} to ${to.slice(11, 16)}`;
}

async function rowsOf(desk: Desk, definitions: readonly KnownDefinition[], days: readonly CalendarDay[]): Promise<{ readonly rows: readonly CalendarRow[]; readonly read: number }> {
  const { survey } = desk;
  const [begin, end] = [new Date((days[0] as CalendarDay).from), new Date((days.at(-1) as CalendarDay).to)];
  const taken: { readonly known: KnownDefinition; readonly firings: readonly Firing[] }[] = [];
  let sum = 0;
  for (const known of definitions) {
    const firings = await survey.firings({ definitions: [known.key], since: begin, until: new Date(end.getTime() - 1), limit: MOST_FIRINGS });
    if (taken.length > 0 && sum + firings.length > FIRINGS) break;
    sum += firings.length;
    taken.push({ known, firings });
  }
  const jobs = await jobsOfFirings(desk, taken.flatMap(({ firings }) => firings));
  const clocks = Map.groupBy(await survey.clocks(taken.map(({ known }) => known.key)), ({ definition }) => definition);
  const rows = taken.map(({ known, firings }) => {
    const cells = days.map(() => new Cell());
    for (const firing of firings) spread(judge(desk, firing, jobs, known), known, days, cells);
    for (const trigger of known.enabled ? known.triggers : []) expect(desk, trigger, clocks.get(known.key)?.find(({ triggerId }) => triggerId === trigger.id), days, cells);
    return { definition: refOf(known), enabled: known.enabled, cells: cells.map((cell) => cell.view()) };
  });
  return { rows, read: taken.length };
}

/** What a day of a definition comes to. */
class Cell {
  readonly #outcomes = new Map<Outcome, number>();
  readonly #reasons = new Map<Outcome, string>();
  failed = 0;
  moved = 0;

  add(outcome: Outcome, count: number, reason: string): void {
    if (count === 0) return;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + count);
    if (!this.#reasons.has(outcome)) this.#reasons.set(outcome, reason);
  }

  view(): CalendarCell {
    const worst = WORST.find((outcome) => this.#outcomes.has(outcome));
    const count = worst === undefined ? 0 : (this.#outcomes.get(worst) as number);
    const reason = worst === undefined ? '' : (this.#reasons.get(worst) as string);
    return { outcomes: Object.fromEntries(this.#outcomes), failed: this.failed, moved: this.moved, reason: count > 1 && worst !== 'due' && worst !== 'on-time' ? `${count} times; the last: ${reason}` : reason };
  }
}

/** A run of due times may go over several days: how many lie in each, its trigger knows by arithmetic. */
function spread(judged: Judged, known: KnownDefinition, days: readonly CalendarDay[], cells: readonly Cell[]): void {
  const { firing, outcome, reason, job } = judged;
  const trigger = known.triggers.find(({ id }) => id === firing.triggerId);
  for (const [index, day] of days.entries()) {
    const [from, to] = [Date.parse(day.from), Date.parse(day.to)];
    if (firing.lastDueAt.getTime() < from || firing.dueAt.getTime() >= to) continue;
    const isWhole = firing.count === 1 || (firing.dueAt.getTime() >= from && firing.lastDueAt.getTime() < to);
    const first = new Date(Math.max(from, firing.dueAt.getTime()) - 1);
    const last = new Date(Math.min(to - 1, firing.lastDueAt.getTime()));
    (cells[index] as Cell).add(outcome, isWhole ? firing.count : Math.min(firing.count, trigger?.opened.count(first, last) ?? 1), reason);
    if (job?.state === 'Failed' && firing.word === 'Started') (cells[index] as Cell).failed += 1;
  }
}

/** What is still to be decided, and what the clock change of a day has moved. */
function expect({ survey }: Desk, { enabled, opened, timeZone }: KnownTrigger, clock: TriggerClock | undefined, days: readonly CalendarDay[], cells: readonly Cell[]): void {
  if (opened.isEvent) return;
  const now = survey.clock.now().getTime();
  const decided = clock === undefined ? now : (clock.lastDueAt ?? clock.knownSince).getTime();
  for (const [index, day] of days.entries()) {
    const [from, to] = [Date.parse(day.from) - 1, Date.parse(day.to) - 1];
    const count = (after: number, until: number): number => (until <= after ? 0 : opened.count(new Date(after), new Date(until)));
    const cell = cells[index] as Cell;
    if (enabled && clock?.enabled !== false) cell.add('undecided', count(Math.max(from, decided), Math.min(to, now - GRACE)), 'has passed, and nobody has decided it yet: the scheduler is not there');
    if (enabled) cell.add('due', count(Math.max(from, now), to), 'to come');
    if (survey.time.change(timeZone, new Date(from), new Date(to)) !== undefined) cell.moved += notesIn(opened, from, to);
  }
}

/** Due times that a change of clocks has moved, or chosen from two; only of the days on which there is one. */
function notesIn(opened: KnownTrigger['opened'], from: number, to: number): number {
  let notes = 0;
  for (let due = opened.next(new Date(from)), seen = 0; due !== undefined && due.dueAt.getTime() <= to && seen < 1_500; due = opened.next(due.dueAt), seen += 1) if (due.note !== undefined) notes += 1;
  return notes;
}

// ---------------------------------------------------------------------------------------------------- one by one

const LISTED = 100;
const MOST_LISTED = 500;
/** The first span that is looked at, of all definitions; of one it is a day; one with too many in it is halved, an empty one is followed by a longer one. */
const SPAN = 300_000;
const LONGEST_SPAN = 40 * DAY;
const IN_SPAN = 1_000;
const OUTCOMES: readonly Outcome[] = WORST;
/** What has been found by then is given, in milliseconds. */
const PATIENCE = 120;

/** Where a list goes on: so many at an instant were given already. */
interface Place {
  readonly at: number;
  readonly skip: number;
}

export async function answerDueTimes(desk: Desk, book: DueBook, query: URLSearchParams): Promise<DueTimesPage> {
  const { survey } = desk;
  const question = questionOf(query, ['from', 'to', 'definition', 'outcome', 'cursor', 'limit']);
  const [from, to, key, outcome, limit] = [question.instant('from'), question.instant('to'), question.text('definition'), question.oneOf('outcome', OUTCOMES), question.number('limit', 1, MOST_LISTED) ?? LISTED];
  if (from === undefined || to === undefined || to <= from || to.getTime() - from.getTime() > (MOST_DAYS + 1) * DAY) throw new Refusal(400, `"from" and "to" are times, at most ${MOST_DAYS} days apart`);
  const place = readCursor(question.text('cursor'), isPlace) as Place | undefined;
  const start: Place = place ?? { at: from.getTime(), skip: 0 };
  const found: DueTimeRow[] = [];
  let at = start.at;
  let span = key === undefined ? SPAN : DAY;
  const began = survey.clock.monotonic();
  while (at < to.getTime() && found.length <= limit + start.skip && survey.clock.monotonic() - began < PATIENCE) {
    const until = Math.min(to.getTime(), at + span);
    const rows = await rowsBetween(desk, book, at, until, key);
    if (rows === undefined) {
      span = Math.max(1_000, Math.floor(span / 4));
      continue;
    }
    found.push(...rows.filter((row) => outcome === undefined || row.outcome === outcome));
    if (rows.length === 0) span = Math.min(LONGEST_SPAN, span * 4);
    at = until;
  }
  // What was given before stands at the instant with which this page begins.
  const page = found.slice(start.skip, start.skip + limit);
  const isAll = at >= to.getTime() && found.length <= start.skip + limit;
  return { apiVersion: 1, due: page, cursor: isAll ? null : writeCursor(page.length < limit ? { at, skip: 0 } : placeAfter(found, start, limit)) };
}

function isPlace(value: unknown): boolean {
  const { at, skip } = (value ?? {}) as Partial<Place>;
  return Number.isSafeInteger(at) && Number.isSafeInteger(skip) && (skip as number) >= 0 && (skip as number) <= 100_000;
}

function placeAfter(found: readonly DueTimeRow[], { skip, at }: Place, limit: number): Place {
  const given = found.slice(0, skip + limit);
  const last = Date.parse((given.at(-1) as DueTimeRow).dueAt);
  // A range that began before the page is met again by its beginning.
  if (last < at) return { at, skip: skip + limit };
  return { at: last, skip: given.filter(({ dueAt }) => Date.parse(dueAt) === last).length };
}

/** In [from, to): decided ones, those that nobody has decided, and those to come; undefined: too many for one look. */
async function rowsBetween(desk: Desk, book: DueBook, from: number, to: number, key: string | undefined): Promise<readonly DueTimeRow[] | undefined> {
  const { survey } = desk;
  const firings = (await survey.firings({ ...(key === undefined ? {} : { definitions: [key] }), since: new Date(from), until: new Date(to - 1), limit: IN_SPAN }));
  if (firings.length === IN_SPAN && to - from > 1_000) return undefined;
  // One that began before is met where it begins.
  const own = firings.filter(({ dueAt }) => dueAt.getTime() >= from);
  const jobs = await jobsOfFirings(desk, own);
  const decided = own.map((firing) => {
    const known = survey.definitions.all.get(firing.definition);
    const [namespace = '', name = ''] = firing.definition.split('/');
    return rowOf(judge(desk, firing, jobs, known), known ?? { key: firing.definition, namespace, name }, movedOf(known, firing));
  });
  const all = [...decided, ...(await open(desk, book, from, to, key))];
  return all.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : Number(a.dueAt > b.dueAt)) || (a.definition.key < b.definition.key ? -1 : Number(a.definition.key > b.definition.key)) || a.triggerId - b.triggerId);
}

function movedOf(known: KnownDefinition | undefined, { triggerId, dueAt }: Firing): string | null {
  const opened = known?.triggers.find(({ id }) => id === triggerId)?.opened;
  if (opened === undefined || opened.isEvent) return null;
  const due = opened.next(new Date(dueAt.getTime() - 1));
  return due?.dueAt.getTime() === dueAt.getTime() ? (due.note ?? null) : null;
}

async function open(desk: Desk, book: DueBook, from: number, to: number, key: string | undefined): Promise<readonly DueTimeRow[]> {
  const { survey } = desk;
  const now = survey.clock.now().getTime();
  const at = survey.clock.now();
  const known = (key === undefined ? [...survey.definitions.all.values()] : [survey.definitions.all.get(key)].filter((one) => one !== undefined)).filter((one) => to > now && (book.next(one, at)?.getTime() ?? Infinity) < to);
  const ahead = to > now ? dueTimesOf(desk, known, new Date(Math.max(now, from - 1)), new Date(to - 1), IN_SPAN).map((due) => rowOfOpen(due, 'due', 'to come')) : [];
  if (from >= now - GRACE) return ahead;
  const clocks = await survey.clocks(key === undefined ? undefined : [key]);
  const behind = clocks.filter(({ enabled, nextDueAt }) => enabled && nextDueAt !== undefined && nextDueAt.getTime() < Math.min(to, now - GRACE));
  return [...behind.flatMap((clock) => undecided(desk, clock, from, Math.min(to, now - GRACE))), ...ahead];
}

function rowOfOpen({ definition, triggerId, dueAt }: { readonly definition: DueTimeRow['definition']; readonly triggerId: number; readonly dueAt: string }, outcome: Outcome, reason: string): DueTimeRow {
  return { definition, triggerId, dueAt, lastDueAt: dueAt, count: 1, outcome, reason, moved: null, decidedAt: null, beganAt: null, lateMs: null, job: null };
}

function undecided({ survey }: Desk, clock: TriggerClock, from: number, to: number): readonly DueTimeRow[] {
  const known = survey.definitions.all.get(clock.definition);
  const trigger = known?.triggers.find(({ id }) => id === clock.triggerId);
  if (known === undefined || trigger === undefined || !known.enabled || !trigger.enabled) return [];
  const rows: DueTimeRow[] = [];
  const after = new Date(Math.max(from - 1, (clock.lastDueAt ?? clock.knownSince).getTime()));
  for (let due = trigger.opened.next(after); due !== undefined && due.dueAt.getTime() < to && rows.length < 1_000; due = trigger.opened.next(due.dueAt)) {
    rows.push(rowOfOpen({ definition: refOf(known), triggerId: clock.triggerId, dueAt: due.dueAt.toISOString() }, 'undecided', 'has passed, and nobody has decided it yet: the scheduler is not there'));
  }
  return rows;
}

// -------------------------------------------------------------------------------------------------------- missed

/** Due times that rows stand for are listed one by one, but not without end: a night of seconds is tens of thousands. */
const MOST_INSTANTS = 10_000;

/** What `run-missed` would run: misfires without a job, oldest first. */
export async function answerMissed(desk: Desk, namespace: string, name: string, query: URLSearchParams): Promise<MissedPage> {
  const { survey } = desk;
  const known = knownOf(desk, namespace, name);
  const question = questionOf(query, ['from', 'to', 'cursor', 'limit']);
  const now = survey.clock.now();
  const from = question.instant('from') ?? new Date(now.getTime() - 31 * DAY);
  const to = question.instant('to') ?? now;
  const limit = question.number('limit', 1, MOST_LISTED) ?? LISTED;
  const begin = (readCursor(question.text('cursor'), (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) ?? 0) as number;
  const firings = (await survey.firings({ definitions: [known.key], since: from, until: to, word: 'Skipped', reason: 'misfire', limit: MOST_FIRINGS })).filter(isMisfire);
  const { byDueTime } = await jobsOfFirings(desk, firings, MOST_FIRINGS);
  const missed = instantsOf(known, firings, from, to)
    .filter(({ triggerId, dueAt }) => !byDueTime.has(placeOf(known.key, triggerId, dueAt)))
    .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.triggerId - b.triggerId);
  return {
    apiVersion: 1,
    definition: refOf(known),
    missed: missed.slice(begin, begin + limit).map(({ triggerId, dueAt }) => ({ triggerId, dueAt: dueAt.toISOString(), reason: 'missed: nobody was there to fire it', outcome: 'misfire' as const })),
    total: missed.length,
    most: survey.mostMissed,
    command: known.errors.length > 0 ? null : known.command,
    cursor: begin + limit < missed.length ? writeCursor(begin + limit) : null,
  };
}

interface Instant {
  readonly triggerId: number;
  readonly dueAt: Date;
}

/** The oldest ones. Of a range its trigger knows the due times between the first and the last. */
function instantsOf(known: KnownDefinition, firings: readonly Firing[], from: Date, to: Date): readonly Instant[] {
  const instants: Instant[] = [];
  for (const { triggerId, dueAt, lastDueAt, count } of firings.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime())) {
    if (instants.length >= MOST_INSTANTS) break;
    const opened = count === 1 ? undefined : known.triggers.find(({ id }) => id === triggerId)?.opened;
    if (opened === undefined) {
      instants.push({ triggerId, dueAt: lastDueAt });
      continue;
    }
    const last = Math.min(lastDueAt.getTime(), to.getTime());
    for (let due = opened.next(new Date(Math.max(dueAt.getTime(), from.getTime()) - 1)); due !== undefined && due.dueAt.getTime() <= last && instants.length < MOST_INSTANTS; due = opened.next(due.dueAt)) instants.push({ triggerId, dueAt: due.dueAt });
  }
  return instants;
}
