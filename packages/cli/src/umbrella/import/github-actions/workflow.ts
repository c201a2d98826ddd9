/** Workflows of GitHub Actions: a definition for each job, with the crons of on.schedule. */
import { basename } from 'node:path';
import { GITHUB } from '../cron-expression.ts';
import { cronTrigger } from '../cron-trigger.ts';
import { ON_BATTERY_TOO, type Draft, type DraftTrigger, type Reading } from '../draft.ts';
import { durationText } from '../duration-text.ts';
import { stepsJob } from './steps.ts';
import { collectRemarks, quoted, type Remark, type Remarks } from '../remarks.ts';
import { foreign, type Source } from '../source-file.ts';
import { placesIn, type Step } from '../yaml-places.ts';
import { at, countOf, listOf, mapOf, textOf, textsOf, type Values } from '../yaml-values.ts';

interface Workflow {
  readonly value: Values;
  readonly source: Source;
  readonly jobs: Values;
  place(...path: readonly Step[]): string;
}

/** Throws `DefinitionSyntaxError` for what is no workflow. */
export function readGithubActions(source: Source, documents: readonly unknown[]): Reading {
  const value = mapOf(documents[0]);
  const jobs = mapOf(at(value, 'jobs'));
  if (value === undefined || jobs === undefined || documents.length > 1) throw foreign(source, 1, 'this is no workflow: it has no map "jobs"');
  const placeOf = placesIn(source);
  const workflow: Workflow = { value, source, jobs, place: (...path) => placeOf(0, path) };
  const results = Object.keys(jobs).map((id) => draftOf(id, workflow));
  return { drafts: results.flatMap(({ draft }) => draft ?? []), remarks: [...aboutEvents(workflow), ...results.flatMap(({ lost }) => lost ?? [])] };
}

function draftOf(id: string, workflow: Workflow): { draft?: Draft; lost?: Remark } {
  const { value, jobs, source } = workflow;
  const remarks = collectRemarks();
  const job = jobs[id];
  const place = (...path: readonly Step[]): string => workflow.place('jobs', id, ...path);
  const steps = stepsJob({ workflow: value, job, remarks, place });
  if (steps === undefined) {
    const uses = textOf(at(job, 'uses'));
    const isDue = listOf(at(value['on'], 'schedule')).length > 0;
    return { lost: { severity: isDue ? 'trigger-lost' : 'lost', place: place(), text: `the job ${quoted(id)} runs no command of its own${uses === undefined ? '' : `, but ${uses},`} and was left out` } };
  }
  const triggers = triggersOf(workflow, remarks);
  remarkOnJob(job, place, remarks);
  const title = textOf(value['name']) ?? (source.file === '-' ? undefined : basename(source.file).replace(/\.ya?ml$/, ''));
  const options = { ...policyOf(workflow, job, place, remarks), catchUp: { policy: 'skip' }, ...ON_BATTERY_TOO, ...timeoutOf(job, place, remarks) };
  const description = textOf(at(job, 'name')) ?? textOf(value['name']);
  return {
    draft: {
      names: Object.keys(jobs).length === 1 ? [title ?? id, id] : [`${title === undefined ? '' : `${title} `}${id}`, id],
      place: place(),
      ...(description === undefined || description.includes('${{') ? {} : { description }),
      job: steps,
      triggers,
      options,
      remarks: remarks.all,
    },
  };
}

function triggersOf({ value, place }: Workflow, remarks: Remarks): readonly DraftTrigger[] {
  const triggers: DraftTrigger[] = [];
  for (const [index, entry] of listOf(at(value['on'], 'schedule')).entries()) {
    const where = { place: place('on', 'schedule', index), index: triggers.length, remarks };
    const cron = textOf(at(entry, 'cron'));
    if (cron === undefined) remarks.triggerLost(where.place, 'an entry of on.schedule has no "cron"');
    else triggers.push(...cronTrigger(cron, textOf(at(entry, 'timezone')) ?? 'UTC', GITHUB, where));
  }
  return triggers;
}

function aboutEvents({ value, place }: Workflow): readonly Remark[] {
  const on = value['on'];
  const events = mapOf(on) === undefined ? textsOf(on) : Object.keys(mapOf(on) as Values);
  const others = events.filter((event) => event !== 'schedule');
  const note = (text: string): Remark => ({ severity: 'note', place: place('on'), text });
  return [
    ...(events.includes('schedule') && listOf(at(on, 'schedule')).length > 0 ? [] : [note('the workflow has no schedule: definitions without triggers')]),
    ...(others.length === 0 ? [] : [note(`${others.join(', ')} start${others.length === 1 ? 's' : ''} nothing here: only the schedule was carried over`)]),
  ];
}

/** Keys of a job without which it would do something else. */
const LOST: Readonly<Record<string, string>> = {
  if: 'it runs whatever the condition would have said',
  strategy: 'it runs once, not for each member of the matrix',
  container: 'it runs on this machine, with the programs and files that are here',
  services: 'nothing is started beside it',
};
const READ = ['name', 'steps', 'env', 'defaults', 'needs', 'runs-on', 'timeout-minutes', 'concurrency', ...Object.keys(LOST)];

function remarkOnJob(job: unknown, place: Workflow['place'], remarks: Remarks): void {
  for (const [key, why] of Object.entries(LOST)) if (at(job, key) !== undefined) remarks.lost(place(key), `${key} has no equal: ${why}`, 'job');
  const needs = textsOf(at(job, 'needs'));
  if (needs.length > 0) remarks.lost(place('needs'), `needs: ${needs.join(', ')} has no equal: no definition waits for another, both are due at the same time`, 'triggers');
  const runsOn = at(job, 'runs-on');
  const runner = mapOf(runsOn) === undefined ? textsOf(runsOn).join(', ') : 'a group of runners';
  // What was written for a machine that is thrown away afterwards may harm one that is not.
  if (runsOn !== undefined) remarks.lost(place('runs-on'), `runs-on: ${runner.replaceAll(/\$\{\{|\}\}/g, '').trim()}: it runs on this machine, in the folder of its definition, with what is installed here`, 'job');
  const rest = Object.keys(mapOf(job) ?? {}).filter((key) => !READ.includes(key));
  if (rest.length > 0) remarks.note(place(), `not carried over from the job: ${rest.join(', ')}`);
}

/** One run after the other, the newest waiting; or the newest instead of the running one. Without a group side by side. */
function policyOf({ value, place: placeInFile }: Workflow, job: unknown, place: Workflow['place'], remarks: Remarks): Readonly<Record<string, unknown>> {
  const concurrency = at(job, 'concurrency') ?? value['concurrency'];
  if (concurrency === undefined) return { multipleInstancePolicy: 'Parallel' };
  const where = at(job, 'concurrency') === undefined ? placeInFile('concurrency') : place('concurrency');
  if (at(concurrency, 'cancel-in-progress') === true) return { multipleInstancePolicy: 'StopExisting' };
  remarks.note(where, 'concurrency: of several that wait GitHub keeps the newest, here the oldest; only runs of this definition count', 'options.multipleInstancePolicy');
  return { multipleInstancePolicy: 'Queue' };
}

function timeoutOf(job: unknown, place: Workflow['place'], remarks: Remarks): Readonly<Record<string, unknown>> {
  const value = at(job, 'timeout-minutes');
  const minutes = countOf(value);
  if (value !== undefined && minutes === undefined) remarks.note(place('timeout-minutes'), 'timeout-minutes is no number, and no time limit was written', 'options');
  return minutes === undefined || minutes === 0 ? {} : { timeout: durationText(minutes * 60_000) };
}
