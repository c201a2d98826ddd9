/** Rows that several screens show. */
import type { KnownDefinition, SurveyedJob } from '@nightshift/host';
import { isFinished, type Instance } from '@nightshift/sdk';
import type { DefinitionRef, DefinitionRow, DueTime, Job, JobRow, LogPlace, Result } from '../api.ts';
import type { Desk } from '../desk.ts';
import { factsOf } from '../desk.ts';
import { pathFrom } from './path-from.ts';

const LINE = 200;
/** Squares of a strip. */
export const RESULTS = 20;

/** A job as a row; what it said last is looked for where it failed. */
export async function jobRow(desk: Desk, job: SurveyedJob): Promise<JobRow> {
  return { ...(job.view as Job), definitionKey: job.instance.definition?.key ?? null, message: await messageOf(desk, job) };
}

export function jobRows(desk: Desk, jobs: readonly SurveyedJob[]): Promise<readonly JobRow[]> {
  return Promise.all(jobs.map((job) => jobRow(desk, job)));
}

async function messageOf({ survey }: Desk, { view, instance, children, store }: SurveyedJob): Promise<string> {
  const run = view.state === 'Failed' ? [instance, ...children].find((one) => one.run !== undefined && one.state === 'Failed') : undefined;
  const line = run === undefined ? undefined : await survey.logs.lastLine({ instance: run, store, attempt: run.attempt, channel: isCode(run) ? 'records' : 'stderr' }, LINE).catch(() => undefined);
  return firstLine(line ?? (view.statusMessage === '' ? (run?.statusMessage ?? '') : view.statusMessage));
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, LINE);
}

export function isCode({ run }: Instance): boolean {
  return run?.form === 'code' || run?.form === 'thread';
}

/** Where a run's output lies: of a command both channels, of JavaScript its records and what its host printed. */
export function channelsOf(run: Instance): readonly LogPlace['channel'][] {
  if (isCode(run)) return ['records', 'stdout', 'stderr'];
  return run.run?.mergeStreams === true ? ['stdout'] : ['stdout', 'stderr'];
}

export function refOf({ key, namespace, name }: DefinitionRef): DefinitionRef {
  return { key, namespace, name };
}

/** The first due time after an instant of all triggers that are enabled. */
export function nextOf({ enabled, triggers }: Pick<KnownDefinition, 'enabled' | 'triggers'>, after: Date): Date | undefined {
  if (!enabled) return undefined;
  const times = triggers.flatMap((trigger) => (trigger.enabled ? (trigger.opened.next(after)?.dueAt.getTime() ?? []) : []));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The first so many due times of definitions in (after, until], oldest first. */
export function dueTimesOf({ survey }: Desk, definitions: readonly KnownDefinition[], after: Date, until: Date, most: number): readonly DueTime[] {
  const found: { readonly known: KnownDefinition; readonly triggerId: number; readonly dueAt: Date; readonly delay: number }[] = [];
  for (const known of definitions) {
    if (!known.enabled) continue;
    for (const { id, enabled, opened } of known.triggers) {
      if (!enabled) continue;
      let due = opened.next(after)?.dueAt;
      for (let count = 0; due !== undefined && due <= until && count < most; count += 1) {
        found.push({ known, triggerId: id, dueAt: due, delay: opened.randomDelay });
        due = opened.next(due)?.dueAt;
      }
    }
  }
  const first = found.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.known.key < b.known.key ? -1 : 1)).slice(0, most);
  return first.map(({ known, triggerId, dueAt, delay }) => ({ definition: refOf(known), triggerId, dueAt: dueAt.toISOString(), startsAt: new Date(dueAt.getTime() + survey.time.delay(known.key, triggerId, dueAt, delay)).toISOString() }));
}

/** What became of the last runs of each definition, oldest first. */
export function resultsOf(latest: readonly Instance[]): readonly Result[] {
  return latest.filter(({ state, endTime }) => isFinished(state) && endTime !== undefined).slice(0, RESULTS).toReversed().map(({ id, state, reason, beginTime, endTime }) => ({
    id,
    state,
    reason: reason ?? null,
    endTime: (endTime as Date).toISOString(),
    durationMs: beginTime === undefined ? null : Math.max(0, Number(endTime) - Number(beginTime)),
  }));
}

/** The median of the runs that were Completed; null: there was none. */
export function usualOf(results: readonly Result[]): number | null {
  const durations = results.flatMap(({ state, durationMs }) => (state === 'Completed' && durationMs !== null ? [durationMs] : [])).toSorted((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)] ?? null;
}

const UNFINISHED = ['NotStarted', 'Running', 'Blocked', 'Suspended', 'Disconnected', 'Suspending', 'Stopping', 'AtBreakpoint'] as const;

/** Definitions with what their runs say of them, in the order given. */
export async function definitionRows({ survey }: Desk, definitions: readonly KnownDefinition[]): Promise<readonly DefinitionRow[]> {
  const keys = definitions.map(({ key }) => key);
  const [latest, unfinished] = await Promise.all([survey.jobs.latestOf(keys, RESULTS), keys.length === 0 ? [] : survey.jobs.find({ definitions: keys, states: UNFINISHED })]);
  const running = Map.groupBy(unfinished, ({ instance }) => instance.definition?.key);
  const now = survey.clock.now();
  return Promise.all(definitions.map(async (known) => {
    const results = resultsOf(latest.get(known.key) ?? []);
    return {
      ...refOf(known),
      folder: pathFrom(survey.project, known.folder),
      file: known.file,
      shown: pathFrom(survey.project, known.file),
      line: known.line,
      type: known.type ?? null,
      description: known.description,
      command: known.errors.length > 0 ? null : known.command,
      enabled: known.enabled,
      triggers: await Promise.all(known.triggers.map(async ({ id, enabled, opened }) => ({ id, enabled, kind: opened.kind, words: await opened.words() }))),
      errors: known.errors.map(factsOf),
      warnings: known.warnings.map(factsOf),
      nextDueAt: nextOf(known, now)?.toISOString() ?? null,
      results,
      running: running.get(known.key)?.length ?? 0,
      usualMs: usualOf(results),
    };
  }));
}
