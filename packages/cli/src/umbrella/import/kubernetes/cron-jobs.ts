/** CronJobs of Kubernetes, batch/v1: every document of a manifest, and the items of a List. */
import { JobError } from '@nightshift/sdk';
import { KUBERNETES } from '../cron-expression.ts';
import { cronTrigger } from '../cron-trigger.ts';
import { ON_BATTERY_TOO, type Draft, type Reading } from '../draft.ts';
import { durationText } from '../duration-text.ts';
import { podJob } from './pod.ts';
import { MOST_ENTRIES } from '../limits.ts';
import { collectRemarks, quoted, type Remark, type Remarks } from '../remarks.ts';
import { foreign, type Source } from '../source-file.ts';
import { placesIn, type Step } from '../yaml-places.ts';
import { at, countOf, listOf, mapOf, textOf } from '../yaml-values.ts';

/** A manifest inside a file, and where its keys stand. */
interface Manifest {
  readonly value: unknown;
  place(...path: readonly Step[]): string;
}

/** Throws `DefinitionSyntaxError` for a file without a CronJob. */
export function readKubernetes(source: Source, documents: readonly unknown[]): Reading {
  const placeOf = placesIn(source);
  const manifests = documents.flatMap((value, document) => unpacked(value, [], (...path) => placeOf(document, path)));
  const cronJobs = manifests.filter(({ value }) => at(value, 'kind') === 'CronJob');
  if (cronJobs.length === 0) throw foreign(source, 1, 'there is no CronJob in it: no document has "kind: CronJob"');
  if (cronJobs.length > MOST_ENTRIES) throw new JobError({ code: 'LimitExceeded', message: `there are more than ${MOST_ENTRIES} CronJobs`, file: source.file });
  const others = manifests.filter(({ value }) => at(value, 'kind') !== 'CronJob');
  return { drafts: cronJobs.map(draftOf), remarks: others.map(leftOut) };
}

function unpacked(value: unknown, path: readonly Step[], placeOf: Manifest['place']): readonly Manifest[] {
  const items = /List$/.test(textOf(at(value, 'kind')) ?? '') ? listOf(at(value, 'items')) : undefined;
  if (items === undefined) return [{ value, place: (...more) => placeOf(...path, ...more) }];
  return items.flatMap((item, index) => unpacked(item, [...path, 'items', index], placeOf));
}

function leftOut({ value, place }: Manifest): Remark {
  const kind = textOf(at(value, 'kind'));
  return { severity: 'note', place: place(), text: `${kind === undefined ? 'a document without a kind' : `kind: ${kind}`} is no CronJob and was left out` };
}

function draftOf({ value, place }: Manifest): Draft {
  const remarks = collectRemarks();
  const spec = at(value, 'spec');
  const job = at(spec, 'jobTemplate', 'spec');
  const pod = at(job, 'template', 'spec');
  const maxResultCount = resultCount(spec, place, remarks);
  const triggers = triggersOf(spec, place, remarks);
  const [...podPath] = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return {
    names: [textOf(at(value, 'metadata', 'name')) ?? textOf(at(value, 'metadata', 'generateName')) ?? 'cron-job'],
    place: place(),
    job: podJob(pod, (...path) => place(...podPath, ...path), remarks),
    triggers,
    options: { ...policies(spec, place, remarks), ...ON_BATTERY_TOO, ...limits(job, pod, place, remarks) },
    ...(maxResultCount === undefined ? {} : { maxResultCount }),
    ...(at(spec, 'suspend') === true && { enabled: false }),
    remarks: [...remarks.all, ...unread(value, place)],
  };
}

function triggersOf(spec: unknown, place: Manifest['place'], remarks: Remarks): Draft['triggers'] {
  const schedule = textOf(at(spec, 'schedule'));
  const zone = textOf(at(spec, 'timeZone'));
  if (schedule === undefined) remarks.triggerLost(place('spec'), 'the CronJob has no schedule that is a text');
  if (schedule === undefined) return [];
  if (zone === undefined && !/TZ=/.test(schedule)) remarks.note(place('spec', 'schedule'), 'without timeZone the zone of the controller counts, in most clusters UTC; UTC is written here', 'timeZone');
  return cronTrigger(schedule, zone ?? 'Etc/UTC', KUBERNETES, { place: place('spec', 'schedule'), index: 0, remarks });
}

const POLICIES: Readonly<Record<string, string>> = { Allow: 'Parallel', Forbid: 'IgnoreNew', Replace: 'StopExisting' };

function policies(spec: unknown, place: Manifest['place'], remarks: Remarks): Readonly<Record<string, unknown>> {
  const concurrency = textOf(at(spec, 'concurrencyPolicy')) ?? 'Allow';
  const policy = Object.hasOwn(POLICIES, concurrency) ? POLICIES[concurrency] : undefined;
  if (policy === undefined) remarks.lost(place('spec', 'concurrencyPolicy'), `concurrencyPolicy: ${quoted(concurrency)} is none of Allow, Forbid, Replace`, 'options');
  const deadline = countOf(at(spec, 'startingDeadlineSeconds'));
  const catchUp = { policy: 'latest', ...(deadline === undefined ? {} : { window: durationText(deadline * 1_000) }) };
  return { multipleInstancePolicy: policy ?? 'IgnoreNew', catchUp };
}

/** Kubernetes' own defaults are written down, since they are not ours. */
function limits(job: unknown, pod: unknown, place: Manifest['place'], remarks: Remarks): Readonly<Record<string, unknown>> {
  const seconds = countOf(at(job, 'activeDeadlineSeconds')) ?? countOf(at(pod, 'activeDeadlineSeconds'));
  const grace = countOf(at(pod, 'terminationGracePeriodSeconds')) ?? 30;
  const retries = countOf(at(job, 'backoffLimit')) ?? 6;
  for (const key of ['completions', 'parallelism']) {
    const count = countOf(at(job, key));
    if (count !== undefined && count !== 1) remarks.lost(place('spec', 'jobTemplate', 'spec', key), `${key}: ${count} has no equal: one run is one process`, 'job');
  }
  return {
    ...(seconds !== undefined && seconds > 0 && { timeout: durationText(seconds * 1_000) }),
    gracePeriod: durationText(grace * 1_000),
    ...(retries > 0 && { retry: { limit: Math.min(Math.floor(retries), 10_000), delay: '10s', factor: 2, maxDelay: '6m' } }),
  };
}

function resultCount(spec: unknown, place: Manifest['place'], remarks: Remarks): number | undefined {
  const kept = countOf(at(spec, 'successfulJobsHistoryLimit'));
  const failed = at(spec, 'failedJobsHistoryLimit');
  if (failed !== undefined) remarks.note(place('spec', 'failedJobsHistoryLimit'), `failedJobsHistoryLimit: ${textOf(failed) ?? ''}: successful and failed runs are counted together here`, 'maxResultCount');
  if (kept === 0) remarks.note(place('spec', 'successfulJobsHistoryLimit'), 'successfulJobsHistoryLimit: 0: one run is kept at least', 'maxResultCount');
  return kept === undefined ? undefined : Math.max(1, Math.floor(kept));
}

const READ_IN_SPEC = ['schedule', 'timeZone', 'concurrencyPolicy', 'startingDeadlineSeconds', 'suspend', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit', 'jobTemplate'];
const READ_IN_JOB = ['activeDeadlineSeconds', 'backoffLimit', 'completions', 'parallelism', 'template', 'suspend'];
/** Who fails how often decides about what is tried again. */
const LOST_IN_JOB = ['podFailurePolicy', 'successPolicy', 'backoffLimitPerIndex', 'maxFailedIndexes', 'completionMode'];

function unread(value: unknown, place: Manifest['place']): readonly Remark[] {
  const spec = Object.keys(mapOf(at(value, 'spec')) ?? {}).filter((key) => !READ_IN_SPEC.includes(key));
  const job = Object.keys(mapOf(at(value, 'spec', 'jobTemplate', 'spec')) ?? {}).filter((key) => !READ_IN_JOB.includes(key));
  const lost = job.filter((key) => LOST_IN_JOB.includes(key));
  const rest = [...spec, ...job.filter((key) => !lost.includes(key))];
  return [
    ...lost.map((key): Remark => ({ severity: 'lost', place: place('spec', 'jobTemplate', 'spec', key), text: `${key} has no equal`, at: 'options' })),
    ...(rest.length === 0 ? [] : [{ severity: 'note', place: place('spec'), text: `not carried over: ${rest.join(', ')}` } as const]),
  ];
}
