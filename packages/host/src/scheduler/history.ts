import { type YamlDefinitions } from '@nightshift/definitions';
import { readInstant, writeInstant } from '@nightshift/scheduler';
import { asciiLower, hasWildcard, JobError, matchesWildcard, parseDuration, suggest, type Firing, type Instance, type JobState, type JobStore } from '@nightshift/sdk';
import type { DurableBook } from '../durable-book.ts';

/** Which due times are asked for. Texts are as they were typed. */
export interface HistoryRequest {
  /** Names of definitions, with wildcards, also of such that are gone. None: all of the project. */
  readonly names: readonly string[];
  /** A time, or a duration: so long ago. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly word?: Firing['word'] | undefined;
  /** At most so many, the newest. */
  readonly newest: number;
}

/** One row, with what is known of it now. */
export interface FiringView extends Omit<Firing, 'definition'> {
  /** The definition's name. */
  readonly definition: string;
  /** The due time on the wall of the machine's zone, with offset. */
  readonly local: string;
  /** The job that was started, or that was in the way, and its state now; absent when it is gone. */
  readonly job?: number;
  readonly state?: JobState;
}

export interface HistoryAnswer {
  /** Newest due time first. */
  readonly firings: readonly FiringView[];
  /** Names that neither a definition nor a row has. */
  readonly problems: readonly JobError[];
}

export interface HistoryParts {
  /** Undefined where nothing was ever kept. */
  readonly book: DurableBook | undefined;
  readonly yaml: YamlDefinitions;
  readonly namespaces: readonly string[];
  readonly timeZone: string;
  readonly now: Date;
}

/** What became of past due times. Throws `ParameterArgumentTransformationError` for a time. Source: scheduled-jobs.md 15.2. */
export async function historyOf(parts: HistoryParts, request: HistoryRequest): Promise<HistoryAnswer> {
  const span = { ...spanOf('since', request.since, parts), ...spanOf('until', request.until, parts) };
  const { keys, known, problems } = await selected(parts, request.names);
  const rows = keys.length === 0 || parts.book === undefined ? [] : await parts.book.firings.firings({ definitions: keys, ...span, ...(request.word === undefined ? {} : { word: request.word }), limit: request.newest });
  const jobs = await jobsOf(parts.book?.store, rows);
  return {
    firings: rows.map((row) => viewOf(row, known.get(nameIn(row.definition)) as string, jobs, parts.timeZone)),
    problems,
  };
}

/** What is to be forgotten. Texts are as they were typed. */
export interface ClearRequest {
  /** Names of definitions, with wildcards, also of such that are gone. None: all of the project. */
  readonly names: readonly string[];
  /** A time, or a duration: so long ago. Default: everything. */
  readonly before?: string | undefined;
  /** Asked for each definition with something to be forgotten. Default: yes. */
  readonly approve?: ((definition: string, dueTimes: number) => boolean) | undefined;
}

/** How many due times were forgotten, and names that neither a definition nor a row has. */
export interface ClearAnswer {
  readonly dueTimes: number;
  readonly problems: readonly JobError[];
}

/** Forgets what became of due times; runs and clocks stay. Throws `ParameterArgumentTransformationError` for a time. */
export async function clearHistory(parts: HistoryParts, { names, before, approve }: ClearRequest): Promise<ClearAnswer> {
  const { before: instant } = spanOf('before', before, parts);
  const { keys, known, problems } = await selected(parts, names);
  const span = instant === undefined ? {} : { before: instant };
  let dueTimes = 0;
  for (const key of keys) {
    const there = (await parts.book?.definitions.clearFirings(key, { ...span, whatIf: true })) ?? 0;
    if (there === 0 || approve?.(known.get(nameIn(key)) as string, there) === false) continue;
    dueTimes += (await parts.book?.definitions.clearFirings(key, span)) ?? 0;
  }
  return { dueTimes, problems };
}

interface SelectedKeys {
  /** Of which there are rows or clocks. */
  readonly keys: readonly string[];
  /** Every name, as it is spelled, by its spelling in lower case. */
  readonly known: ReadonlyMap<string, string>;
  readonly problems: readonly JobError[];
}

async function selected({ book, namespaces, yaml }: HistoryParts, wished: readonly string[]): Promise<SelectedKeys> {
  const names = await namesOf(yaml);
  const recorded = (await book?.firings.definitions())?.filter((key) => namespaces.includes(key.slice(0, key.indexOf('/')))) ?? [];
  const known = new Map([...recorded.map((key) => nameIn(key)), ...names.keys()].map((name) => [name, names.get(name) ?? name]));
  const wanted = wished.length === 0 ? undefined : wished.map(asciiLower);
  const missing = wished.filter((name) => !hasWildcard(name) && !known.has(asciiLower(name)));
  const keys = recorded.filter((key) => wanted?.some((name) => (hasWildcard(name) ? matchesWildcard(name, nameIn(key)) : name === nameIn(key))) ?? true);
  return { keys, known, problems: missing.map((name) => noSuchDefinition(name, [...known.values()])) };
}

function viewOf(row: Firing, definition: string, jobs: ReadonlyMap<string, Instance>, timeZone: string): FiringView {
  const job = row.instanceId === undefined ? undefined : jobs.get(row.instanceId);
  return { ...row, definition: job?.definition?.name ?? definition, local: writeInstant(row.dueAt, timeZone), ...(job === undefined ? {} : { job: job.id, state: job.state }) };
}

async function jobsOf(store: JobStore | undefined, rows: readonly Firing[]): Promise<ReadonlyMap<string, Instance>> {
  const ids = [...new Set(rows.flatMap(({ instanceId }) => instanceId ?? []))];
  const jobs = ids.length === 0 || store === undefined ? [] : await store.find({ instanceIds: ids });
  return new Map(jobs.map((job) => [job.instanceId, job]));
}

/** As they are spelled, by their spelling in lower case. A folder that cannot be read has none: what was recorded is shown all the same. */
async function namesOf(yaml: YamlDefinitions): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  try {
    for await (const { name } of yaml.list(undefined)) names.set(asciiLower(name), name);
  } catch (cause) {
    if (!(cause instanceof JobError)) throw cause;
  }
  return names;
}

function nameIn(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

function spanOf<Option extends 'since' | 'until' | 'before'>(option: Option, text: string | undefined, { timeZone, now }: HistoryParts): { readonly [key in Option]?: Date } {
  if (text === undefined) return {};
  const instant = readInstant(text, timeZone) ?? ago(text, now);
  if (instant !== undefined) return { [option]: instant } as { readonly [key in Option]?: Date };
  throw new JobError({ code: 'ParameterArgumentTransformationError', message: `--${option} takes a time or a duration, not ${JSON.stringify(text.slice(0, 100))}`, hint: 'write 2027-03-27, 2027-03-27T02:30, 2027-03-27T02:30:00Z, or 7d for seven days ago' });
}

function ago(text: string, now: Date): Date | undefined {
  try {
    return new Date(now.getTime() - parseDuration(text));
  } catch {
    return undefined;
  }
}

function noSuchDefinition(name: string, known: readonly string[]): JobError {
  const near = suggest(name, known);
  return new JobError({
    code: 'ScheduledJobDefinitionNotFoundByName',
    message: `no definition is named "${name}", and none was when something was due`,
    ...(near === undefined ? {} : { hint: `did you mean ${near}? nightshift history ${near}` }),
  });
}
