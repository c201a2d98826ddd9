/** The screen Now, and what is said of it to whoever listens. */
import { FINISHED_STATES, JOB_STATES, type Instance, type JobState } from '@nightshift/sdk';
import type { SurveyedJob, SurveyedScheduler } from '@nightshift/host';
import type { Counts, JobRow, Loading, Now, Progress, RunningJob, SchedulerState, WaitingJob, WhyWaiting } from '../api.ts';
import type { Desk } from '../desk.ts';
import type { DueBook } from './due-ahead.ts';
import { channelsOf, isCode, jobRow, jobRows, RESULTS, resultsOf, usualOf } from './rows.ts';

const DAY = 86_400_000;
const SHOWN = 100;
const FAILED = 50;
const LAST_LINE = 400;
const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));
/** They wait for a person. */
const ATTENTION: readonly JobState[] = ['Suspended', 'Disconnected', 'Blocked', 'AtBreakpoint'];

export async function answerNow(desk: Desk, book: DueBook): Promise<Now> {
  const { survey } = desk;
  const at = survey.clock.now();
  const [counts, scheduler, unfinished, failed, due] = await Promise.all([
    countsOf(desk),
    schedulerOf(desk),
    survey.jobs.page({ states: UNFINISHED.filter((state) => state !== 'NotStarted'), limit: SHOWN }),
    survey.jobs.page({ states: ['Failed'], since: new Date(at.getTime() - DAY), limit: FAILED }),
    book.ahead(at),
  ]);
  const waiting = await waitingJobs(desk, unfinished.jobs, scheduler.state !== 'stopped');
  const begun = unfinished.jobs.filter((job) => !isBetween(job));
  return { apiVersion: 1, at: at.toISOString(), scheduler, loading: loadingOf(desk), counts, running: await runningJobs(desk, begun), waiting, failed: await jobRows(desk, failed.jobs), due };
}

export function loadingOf({ survey }: Desk): Loading | null {
  return survey.definitions.loading ?? null;
}

export async function countsOf({ survey }: Desk): Promise<Counts> {
  const { jobs, clock, definitions } = survey;
  const since = new Date(clock.now().getTime() - DAY);
  const count = (states: readonly JobState[], endedSince?: Date): Promise<number> => jobs.count({ topLevel: true, states, ...(endedSince === undefined ? {} : { endedSince }) });
  const [running, waiting, needsAttention, failed24h, completed24h, missed24h] = await Promise.all([
    count(UNFINISHED.filter((state) => state !== 'NotStarted')),
    count(['NotStarted']),
    count(ATTENTION),
    count(['Failed'], since),
    count(['Completed'], since),
    survey.countFirings({ since, word: 'Skipped', reason: 'misfire' }),
  ]);
  const known = [...definitions.all.values()];
  return { running, waiting, needsAttention, failed24h, completed24h, missed24h, definitions: known.length, brokenDefinitions: known.filter(({ errors }) => errors.length > 0).length };
}

export async function schedulerOf({ survey }: Desk): Promise<SchedulerState> {
  return schedulerState(await survey.scheduler());
}

export function schedulerState({ state, pid, since, nextDueAt, lagMs }: SurveyedScheduler): SchedulerState {
  return { state, pid: pid ?? null, since: since?.toISOString() ?? null, nextDueAt: nextDueAt?.toISOString() ?? null, lagMs };
}

/** Those that have begun, newest first. */
export async function runningJobs(desk: Desk, jobs: readonly SurveyedJob[]): Promise<readonly RunningJob[]> {
  const keys = [...new Set(jobs.flatMap(({ instance }) => instance.definition?.key ?? []))];
  const latest = await desk.survey.jobs.latestOf(keys, RESULTS);
  return Promise.all(jobs.map(async (job) => {
    const row = await jobRow(desk, job);
    const usualMs = usualOf(resultsOf(latest.get(row.definitionKey ?? '') ?? []));
    const progress = await progressOf(desk, job);
    return { ...row, progress, lastLine: await lastLineOf(desk, job), usualMs, leftMs: leftOf(desk, row, usualMs, progress) };
  }));
}

export function leftOf({ survey }: Desk, { beginTime }: JobRow, usualMs: number | null, progress: Progress | null): number | null {
  if (beginTime === null) return null;
  const ran = Math.max(0, survey.clock.now().getTime() - Date.parse(beginTime));
  if (progress?.percent !== null && progress !== null && progress.percent > 0) return Math.round((ran * (100 - progress.percent)) / progress.percent);
  return usualMs === null ? null : Math.max(0, usualMs - ran);
}

/** The runs of a job that write: itself, or what runs for it. */
export function runsOf({ instance, below }: SurveyedJob): readonly Instance[] {
  return [instance, ...below].filter(({ run }) => run !== undefined);
}

async function lastLineOf(desk: Desk, job: SurveyedJob): Promise<string | null> {
  for (const run of runsOf(job).toReversed().slice(0, 3)) {
    for (const channel of channelsOf(run)) {
      const line = await desk.survey.logs.lastLine({ instance: run, store: job.store, attempt: run.attempt, channel }, LAST_LINE).catch(() => undefined);
      if (line !== undefined) return line;
    }
  }
  return null;
}

/** How much of the end of a run's output is looked through for the last word on its progress. */
const PROGRESS = 65_536;

/** The last record of the progress stream that lies near the end of what was written. */
export async function progressOf({ survey }: Desk, job: SurveyedJob): Promise<Progress | null> {
  for (const run of runsOf(job).slice(0, 3)) {
    const place = { instance: run, store: job.store, attempt: run.attempt, channel: isCode(run) ? ('records' as const) : ('stdout' as const) };
    const found = await survey.logs.lastProgress(place, PROGRESS).catch(() => undefined);
    if (found !== undefined) return { activity: found.activity, status: found.status ?? null, percent: found.percent ?? null };
  }
  return null;
}

/** Between two attempts it has begun, and waits all the same. */
export function isBetween(job: SurveyedJob): boolean {
  return job.view.state === 'NotStarted' || runsOf(job).some((run) => run.state === 'Running' && run.run?.holder === undefined && run.notBefore !== undefined);
}

async function waitingJobs(desk: Desk, begun: readonly SurveyedJob[], schedulerRuns: boolean): Promise<readonly WaitingJob[]> {
  const { jobs } = await desk.survey.jobs.page({ states: ['NotStarted'], limit: SHOWN });
  const waiting = [...jobs, ...begun.filter(isBetween)];
  const rows = await Promise.all(waiting.map(async (job) => ({ ...(await jobRow(desk, job)), why: await whyWaiting(desk, job, schedulerRuns) })));
  return rows.toSorted((a, b) => startOf(a.why) - startOf(b.why) || a.id - b.id);
}

function startOf(why: WhyWaiting): number {
  return 'until' in why ? Date.parse(why.until) : Number.MAX_SAFE_INTEGER;
}

export async function whyWaiting({ survey }: Desk, job: SurveyedJob, schedulerRuns: boolean): Promise<WhyWaiting> {
  const run = runsOf(job).find(({ state }) => state === 'NotStarted' || state === 'Running') ?? job.instance;
  const { queued, notBefore, attempt, run: facts } = run;
  if (notBefore !== undefined && attempt > 1) return { is: 'retry', attempt, until: notBefore.toISOString() };
  if (notBefore !== undefined && notBefore > survey.clock.now()) return { is: 'random-delay', until: notBefore.toISOString() };
  if (facts?.restartOf !== undefined) return { is: 'idle' };
  if (queued === true) return { is: 'queued', behind: await aheadOf({ survey }, job) };
  if (facts?.needs !== undefined && facts.needs.length > 0) return { is: 'needs', jobs: facts.needs };
  return { is: 'start', schedulerRuns };
}

async function aheadOf({ survey }: Pick<Desk, 'survey'>, { instance }: SurveyedJob): Promise<number | null> {
  const key = instance.definition?.key;
  const others = key === undefined ? [] : await survey.jobs.find({ definitions: [key], states: UNFINISHED, before: instance.id, last: 1 });
  return others.at(-1)?.instance.id ?? null;
}
