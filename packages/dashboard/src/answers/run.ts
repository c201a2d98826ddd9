/** The screen Run, its logs and its records. */
import { START, STREAM_NAMES, isFinished, isJobError, type Cursor, type Instance, type JobStore, type ReadResult, type StreamName } from '@nightshift/sdk';
import type { SurveyedJob } from '@nightshift/host';
import type { AttemptView, Commands, Difference, ErrorFacts, LogMatches, LogPiece, LogPlace, PathStep, RecordsPage, RecordView, ResultValue, Run } from '../api.ts';
import { factsOf, type Desk } from '../desk.ts';
import { Refusal } from '../door/refusal.ts';
import { isBetween, leftOf, progressOf, runsOf, schedulerOf, whyWaiting } from './now.ts';
import { notFound, questionOf, readCursor, writeCursor, type Question } from './question.ts';
import { channelsOf, isCode, jobRow, jobRows, refOf, RESULTS, resultsOf, usualOf } from './rows.ts';
import { shellWords } from './shell-words.ts';

const CHILDREN = 200;
/** Runs of a job, and attempts of a run, whose files are looked at. */
const LOGGED_RUNS = 50;
const LOGGED_ATTEMPTS = 10;
const VALUES = 100;
const VALUES_BYTES = 262_144;

/** An id, an instance id, or a part of one of at least 8 characters that only one job has. Throws a refusal. */
export async function jobAt({ survey }: Desk, word: string): Promise<SurveyedJob> {
  const { jobs } = survey;
  const isId = /^\d{1,15}$/.test(word);
  const isInstanceId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(word);
  if (!isId && !isInstanceId) throw new Refusal(400, 'a job is named by its id or its instance id');
  const [found] = await jobs.find(isId ? { ids: [Number(word)] } : { instanceIds: [word.toLowerCase()] });
  if (found === undefined) throw notFound(`no job has the ${isId ? 'id' : 'instance id'} ${word}`);
  return (await jobs.lookAt([found]))[0] as SurveyedJob;
}

export async function answerRun(desk: Desk, word: string): Promise<Run> {
  const { survey } = desk;
  const job = await jobAt(desk, word);
  const row = await jobRow(desk, job);
  const known = survey.definitions.all.get(row.definitionKey ?? '');
  const [parents, children, latest, attempts] = await Promise.all([
    job.instance.parentId === undefined ? [] : survey.jobs.find({ ids: [job.instance.parentId] }),
    survey.jobs.lookAt(job.children.slice(0, CHILDREN).map((instance) => ({ instance, store: job.store }))),
    survey.jobs.latestOf(row.definitionKey === null ? [] : [row.definitionKey], RESULTS),
    attemptsOf(desk, job),
  ]);
  const [parent] = await survey.jobs.lookAt(parents);
  const usualMs = usualOf(resultsOf(latest.get(row.definitionKey ?? '') ?? []));
  const progress = isFinished(row.state) ? null : await progressOf(desk, job);
  const { values, moreValues } = await valuesOf(desk, job);
  return {
    apiVersion: 1,
    job: { ...row, attempts },
    definition: known === undefined ? null : refOf(known),
    path: pathOf(job, attempts),
    attempts,
    parent: parent === undefined ? null : await jobRow(desk, parent),
    children: await jobRows(desk, children),
    progress,
    usualMs,
    leftMs: isFinished(row.state) ? null : leftOf(desk, row, usualMs, progress),
    why: isFinished(row.state) || !isBetween(job) ? null : await whyWaiting(desk, job, (await schedulerOf(desk)).state !== 'stopped'),
    logs: await logsOf(desk, job),
    values,
    moreValues,
    sinceSuccess: await differenceOf(desk, job),
    can: { stop: !isFinished(row.state), startAgain: known !== undefined && known.errors.length === 0 },
    commands: commandsOf(job),
  };
}

async function attemptsOf({ host }: Desk, { instance }: SurveyedJob): Promise<readonly AttemptView[]> {
  const { jobs } = await host.getJobs({ ids: [instance.id] }, { attempts: true });
  return jobs[0]?.attempts ?? [];
}

/** The moments that are known, oldest first. Of the last attempt only what the job itself knows is left. */
function pathOf({ instance, view }: SurveyedJob, attempts: readonly AttemptView[]): readonly PathStep[] {
  const { origin } = instance;
  const several = attempts.length > 1;
  const steps: PathStep[] = [
    ...(origin.kind === 'trigger' ? [{ what: 'due' as const, at: origin.dueAt.toISOString(), text: `trigger ${origin.triggerId}${origin.catchUp ? ', caught up' : ''}` }] : []),
    { what: 'created', at: createdAt(instance).toISOString(), text: '' },
    ...(view.beginTime === null ? [] : [{ what: 'Running' as const, at: view.beginTime, text: '' }]),
    ...(several ? attempts.flatMap((one) => attemptSteps(one, view.endTime)) : []),
    ...(view.endTime === null ? [] : [{ what: view.state, at: view.endTime, text: endWords(view) }]),
    ...(view.endTime === null && instance.notBefore !== undefined ? [{ what: 'retry' as const, at: instance.notBefore.toISOString(), text: view.statusMessage }] : []),
  ];
  return steps.map((step, index) => ({ step, index })).toSorted((a, b) => (a.step.at < b.step.at ? -1 : Number(a.step.at > b.step.at)) || a.index - b.index).map(({ step }) => step);
}

function attemptSteps(attempt: AttemptView, end: string | null): readonly PathStep[] {
  return [
    ...(attempt.beginTime === null ? [] : [{ what: 'attempt' as const, at: attempt.beginTime, text: `attempt ${attempt.attempt}` }]),
    ...(attempt.endTime === null || attempt.endTime === end ? [] : [{ what: 'retry' as const, at: attempt.endTime, text: `attempt ${attempt.attempt} failed: ${endWords(attempt)}` }]),
  ];
}

function endWords({ exitCode, signal, reason, statusMessage }: Pick<AttemptView, 'exitCode' | 'signal' | 'reason' | 'statusMessage'>): string {
  const how = exitCode !== null && exitCode !== 0 ? `exit ${exitCode}` : signal !== null ? signal : (reason ?? '');
  return [how, statusMessage].filter((part) => part !== '').join(': ');
}

/** The first 48 bits of a UUIDv7 are its milliseconds since 1970 (RFC 9562, section 5.7). */
function createdAt({ instanceId }: Instance): Date {
  return new Date(Number.parseInt(instanceId.slice(0, 8) + instanceId.slice(9, 13), 16));
}

export async function logsOf({ survey }: Desk, job: SurveyedJob): Promise<readonly LogPlace[]> {
  const places = runsOf(job).slice(0, LOGGED_RUNS).flatMap((run) => attemptsToRead(run).flatMap((attempt) => channelsOf(run).map((channel) => ({ run, attempt, channel }))));
  const logs = await Promise.all(places.map(async ({ run, attempt, channel }): Promise<LogPlace> => {
    const place = { jobId: run.id, jobName: run.name, attempt, channel };
    try {
      const { size, ended } = await survey.logs.size({ instance: run, store: job.store, attempt, channel });
      return { ...place, bytes: size, ended };
    } catch (cause) {
      return { ...place, bytes: 0, ended: true, error: unreadable(cause) };
    }
  }));
  // What the host of a run of JavaScript has printed is there only where it has printed something.
  const isCodeRun = new Map(runsOf(job).map((run) => [run.id, isCode(run)]));
  return logs.filter(({ jobId, channel, bytes, error }) => bytes > 0 || error !== undefined || channel === 'records' || isCodeRun.get(jobId) !== true);
}

/** What a user can do something about. Anything else is a mistake of ours. */
function unreadable(cause: unknown): ErrorFacts {
  if (!isJobError(cause)) throw cause;
  return factsOf(cause);
}

/** Of a watcher all attempts are one log. */
function attemptsToRead({ attempt, run }: Instance): readonly number[] {
  if (run?.watches === true && run.retry === undefined) return [attempt];
  return Array.from({ length: Math.min(attempt, LOGGED_ATTEMPTS) }, (_, index) => attempt - index).toReversed();
}

/** Values that are more than lines: of JavaScript, and of commands that write JSON. */
async function valuesOf(desk: Desk, job: SurveyedJob): Promise<Pick<Run, 'values' | 'moreValues'>> {
  const values: ResultValue[] = [];
  let bytes = 0;
  let moreValues = false;
  for (const run of runsOf(job).slice(0, LOGGED_RUNS)) {
    if (!isCode(run) && run.run?.outputFormat !== 'ndjson') continue;
    const { records, more } = await desk.survey.records({ instance: run, store: job.store }, START, ['output'], VALUES).catch(noneOf);
    moreValues ||= more;
    for (const { seq, at, value } of records) {
      bytes += JSON.stringify(value).length;
      if (values.length === VALUES || bytes > VALUES_BYTES) return { values, moreValues: true };
      values.push({ jobId: run.id, seq, time: at?.toISOString() ?? null, value });
    }
  }
  return { values, moreValues };
}

/** Its log says why. */
function noneOf(cause: unknown): Pick<ReadResult, 'records' | 'more'> {
  unreadable(cause);
  return { records: [], more: false };
}

async function differenceOf(desk: Desk, job: SurveyedJob): Promise<Difference | null> {
  const { survey } = desk;
  const { instance } = job;
  const key = instance.definition?.key;
  if (key === undefined || instance.parentId !== undefined || !isFinished(instance.state) || instance.state === 'Completed') return null;
  const found = await survey.jobs.find({ definitionKeys: [key], states: ['Completed'], before: instance.id, last: 1 });
  const [success] = await survey.jobs.lookAt(found.slice(-1));
  if (success === undefined) return null;
  const failuresSince = await survey.jobs.count({ definitionKeys: [key], states: ['Failed'], above: success.instance.id, before: instance.id + 1 });
  return { success: await jobRow(desk, success), changes: changesBetween(success, job), failuresSince };
}

function changesBetween(before: SurveyedJob, now: SurveyedJob): Difference['changes'] {
  const facts = (job: SurveyedJob): Record<Difference['changes'][number]['what'], string> => ({
    command: job.view.command,
    'exit code': String(job.view.exitCode ?? '-'),
    reason: job.view.reason ?? '-',
    duration: secondsOf(job),
    attempts: String(job.view.attempt),
    origin: originWords(job),
    location: job.view.location,
    type: job.view.type,
    'output size': `${[job.instance, ...job.below].reduce((sum, { outputBytes = 0 }) => sum + outputBytes, 0)} bytes`,
    'definition file': job.view.definition?.path ?? '-',
  });
  const [old, current] = [facts(before), facts(now)];
  return (Object.keys(old) as (keyof typeof old)[]).flatMap((what) => (old[what] === current[what] ? [] : [{ what, before: old[what], now: current[what] }]));
}

function secondsOf({ view: { beginTime, endTime } }: SurveyedJob): string {
  return beginTime === null || endTime === null ? '-' : `${Math.round((Date.parse(endTime) - Date.parse(beginTime)) / 100) / 10} s`;
}

function originWords({ view: { origin } }: SurveyedJob): string {
  if (origin.kind === 'trigger') return `trigger ${origin.triggerId}${origin.catchUp ? ', caught up' : ''}`;
  return origin.kind === 'parent' ? `job ${origin.parentId}` : origin.runNow ? 'run now' : 'on demand';
}

function commandsOf({ view, instance }: SurveyedJob): Commands {
  const id = String(view.id);
  return {
    receive: shellWords(['receive-job', id, '--keep', '--from', 'start']),
    ...(isFinished(view.state) ? {} : { stop: shellWords(['stop-job', id]) }),
    ...(instance.definition === undefined ? {} : { start: shellWords(['start-job', '--definition-name', instance.definition.name]) }),
  };
}

// ------------------------------------------------------------------------------------------------------------- logs

interface AskedLog {
  readonly instance: Instance;
  readonly store: JobStore;
  readonly attempt: number;
  readonly channel: LogPlace['channel'];
}

/** The only run of a job may be asked for by the job's own id. */
async function logAt(desk: Desk, word: string, question: Question): Promise<AskedLog> {
  const job = await jobAt(desk, word);
  const run = job.instance.run === undefined ? job.children.find(({ run: facts }) => facts !== undefined) : job.instance;
  if (run === undefined) throw notFound('this job writes nothing itself');
  const attempt = question.number('attempt', 1, 1_000_000) ?? run.attempt;
  if (attempt > run.attempt) throw notFound(`it has ${run.attempt} attempts`);
  const channel = question.oneOf('channel', ['stdout', 'stderr', 'records'] as const) ?? (channelsOf(run)[0] as LogPlace['channel']);
  return { instance: run, store: job.store, attempt, channel };
}

const FARTHEST = Number.MAX_SAFE_INTEGER;

export async function answerLog(desk: Desk, word: string, query: URLSearchParams): Promise<LogPiece> {
  const question = questionOf(query, ['attempt', 'channel', 'from', 'before', 'bytes']);
  const [from, before, bytes] = [question.number('from', 0, FARTHEST), question.number('before', 0, FARTHEST), question.number('bytes', 1_024, 1_048_576) ?? 65_536];
  if (from !== undefined && before !== undefined) throw new Refusal(400, '"from" and "before" exclude each other');
  const place = await logAt(desk, word, question);
  const piece = await desk.survey.logs.piece(place, from !== undefined ? { from } : before !== undefined ? { before } : undefined, bytes);
  const lines = piece.lines.map(({ time, cut, open, ...line }) => ({ ...line, time: time?.toISOString() ?? null, ...(cut ? { cut } : {}), ...(open ? { open } : {}) }));
  return { apiVersion: 1, jobId: place.instance.id, attempt: place.attempt, channel: place.channel, ...piece, lines };
}

export async function answerLogSearch(desk: Desk, word: string, query: URLSearchParams): Promise<LogMatches> {
  const question = questionOf(query, ['attempt', 'channel', 'text', 'from', 'limit']);
  const [text, from, limit] = [question.text('text'), question.number('from', 0, FARTHEST) ?? 0, question.number('limit', 1, 500) ?? 100];
  if (text === undefined) throw new Refusal(400, '"text" is what to look for');
  const { matches, next, size } = await desk.survey.logs.search(await logAt(desk, word, question), text, from, limit);
  return { apiVersion: 1, matches, next: next ?? null, size };
}

/** The whole of it, as a file to keep. */
export async function answerRawLog(desk: Desk, word: string, query: URLSearchParams): Promise<{ readonly name: string; readonly bytes: (signal: AbortSignal) => AsyncGenerator<Uint8Array> }> {
  const place = await logAt(desk, word, questionOf(query, ['attempt', 'channel']));
  // What cannot be read is said before the first byte.
  await desk.survey.logs.size(place);
  return { name: `job-${place.instance.id}-${place.attempt}.${place.channel}.${place.channel === 'records' ? 'ndjson' : 'txt'}`, bytes: (signal) => desk.survey.logs.whole(place, signal) };
}

/** Cursors of the runs of a job, by id. */
type Places = Readonly<Record<string, Cursor>>;

function isPlaces(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.entries(value).every(([id, cursor]) => /^\d+$/.test(id) && typeof cursor === 'string' && (cursor === '' || isPlace(cursor)));
}

/** What a store has given is an object of places. Whoever makes one up reads from elsewhere in what they may read anyway, as long as its numbers are places. */
function isPlace(text: string): boolean {
  try {
    return hasPlaces(JSON.parse(text), 0);
  } catch {
    return false;
  }
}

function hasPlaces(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= -1;
  if (typeof value === 'boolean') return true;
  return typeof value === 'object' && value !== null && depth < 4 && Object.entries(value).every(([key, member]) => hasPlaces(member, depth + 1) && !(key === 'offset' && (member as number) < 0));
}

const RECORDS = 200;

export async function answerRecords(desk: Desk, word: string, query: URLSearchParams): Promise<RecordsPage> {
  const question = questionOf(query, ['streams', 'cursor', 'limit']);
  const streams = streamsOf(question.text('streams'));
  const limit = question.number('limit', 1, 1_000) ?? RECORDS;
  const job = await jobAt(desk, word);
  const places: Record<string, Cursor> = { ...((readCursor(query.get('cursor') ?? undefined, isPlaces) ?? {}) as Places) };
  const records: RecordView[] = [];
  let more = false;
  for (const run of runsOf(job)) {
    if (records.length >= limit) {
      more = true;
      break;
    }
    const read = await desk.survey.records({ instance: run, store: job.store }, places[run.id] ?? START, streams, limit - records.length);
    places[run.id] = read.cursor;
    more ||= read.more;
    records.push(...read.records.map(({ seq, at, stream, value, channel }) => ({ jobId: run.id, seq, time: at?.toISOString() ?? null, stream, ...(channel === undefined ? {} : { channel }), value })));
  }
  return { apiVersion: 1, records, cursor: writeCursor(places), more };
}

function streamsOf(text: string | undefined): readonly StreamName[] {
  if (text === undefined) return STREAM_NAMES;
  return text.split(',').map((word) => {
    const stream = STREAM_NAMES.find((one) => one === word.toLowerCase());
    if (stream === undefined) throw new Refusal(400, `"streams" are of ${STREAM_NAMES.join(', ')}`);
    return stream;
  });
}
