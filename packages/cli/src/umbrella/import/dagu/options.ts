/** What dagu says about a whole run, as options. */
import { isJobError, parseDuration } from '@nightshift/sdk';
import { keysOf, type Keys } from './keys.ts';
import type { DaguStep } from './steps.ts';
import { durationText } from '../duration-text.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { countOf, textOf } from '../yaml-values.ts';

type PlaceOfKey = (name: string) => string;

/** Without these the workflow would do something else. */
const LOST: Readonly<Record<string, string>> = {
  preconditions: 'it runs whatever they would have said',
  handler_on: 'none of these steps is run',
  skip_if_successful: 'it runs also after a run by hand',
  container: 'it runs on this machine, with the programs and files that are here',
  ssh: 'it runs on this machine',
  dotenv: 'the variables of these files are not set: write them under job.environment, or secrets under job.secrets',
  defaults: 'the steps have only what they say themselves',
  step_types: 'types of steps are not known here',
  worker_selector: 'it runs on this machine',
};
const MAIL = ['mail_on', 'smtp', 'error_mail', 'info_mail', 'wait_mail'];
const READ = ['name', 'description', 'schedule', 'env', 'params', 'steps', 'shell', 'type', 'working_dir', 'secrets', 'timeout_sec', 'max_clean_up_time_sec', 'delay_sec', 'hist_retention_runs', 'hist_retention_days', 'catchup_window', 'overlap_policy', 'retry_policy', 'max_active_runs', ...MAIL, ...Object.keys(LOST)];

export function daguOptions(dag: Keys, steps: readonly DaguStep[], place: PlaceOfKey, remarks: Remarks): Readonly<Record<string, unknown>> {
  const [only, ...others] = steps;
  const alone = others.length === 0 ? only?.keys : undefined;
  const timeout = countOf(dag.get('timeout_sec')) || countOf(alone?.get('timeout_sec'));
  const grace = countOf(dag.get('max_clean_up_time_sec'));
  for (const step of steps) remarkOnLimits(step, alone !== undefined, remarks);
  return {
    multipleInstancePolicy: 'IgnoreNew',
    catchUp: catchUpOf(dag, place, remarks),
    ...(timeout && { timeout: durationText(timeout * 1_000) }),
    ...(grace === undefined ? {} : { gracePeriod: durationText(grace * 1_000) }),
    ...retryOf(dag.get('retry_policy') ?? alone?.get('retry_policy')),
  };
}

/** A time limit and further attempts are the whole job's. */
function remarkOnLimits({ keys, name, place }: DaguStep, isAlone: boolean, remarks: Remarks): void {
  if (isAlone) return;
  if (keys.get('timeout_sec') !== undefined) remarks.note(place, `${keys.spelled('timeout_sec')} of the step ${quoted(name)}: only a whole job has a time limit here`, 'options');
  if (keys.get('retry_policy') !== undefined) remarks.note(place, `${keys.spelled('retry_policy')} of the step ${quoted(name)}: only a whole job is tried again here`, 'options');
}

function catchUpOf(dag: Keys, place: PlaceOfKey, remarks: Remarks): object {
  const window = textOf(dag.get('catchup_window'));
  if (window === undefined) return { policy: 'skip' };
  try {
    parseDuration(window);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    remarks.lost(place('catchup_window'), `${dag.spelled('catchup_window')}: ${quoted(window)} is no duration; nothing is caught up`, 'options.catchUp');
    return { policy: 'skip' };
  }
  return { policy: dag.get('overlap_policy') === 'latest' ? 'latest' : 'all', window };
}

function retryOf(policy: unknown): object {
  const keys = keysOf(policy);
  const limit = Math.min(Math.floor(countOf(keys.get('limit')) ?? 0), 10_000);
  if (limit === 0) return {};
  const seconds = countOf(keys.get('interval_sec')) ?? 0;
  const backoff = keys.get('backoff');
  const factor = backoff === true ? 2 : Math.max(1, countOf(backoff) ?? 1);
  // What has no largest pause there has none here that it would reach.
  const largest = countOf(keys.get('max_interval_sec')) ?? Math.min(seconds * factor ** (limit - 1), 31_536_000);
  return { retry: { limit, delay: durationText(seconds * 1_000), factor, ...(largest > 600 || keys.get('max_interval_sec') !== undefined ? { maxDelay: durationText(largest * 1_000) } : {}) } };
}

/** Everything that is said of the whole and not carried over. */
export function remarkOnDag(dag: Keys, place: PlaceOfKey, remarks: Remarks): void {
  for (const [key, why] of Object.entries(LOST)) {
    const value = dag.get(key);
    const isEmpty = value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0) || (key === 'worker_selector' && value === 'local');
    if (!isEmpty) remarks.lost(place(key), `${dag.spelled(key)}${key === 'handler_on' ? ` (${keysOf(value).names.join(', ')})` : ''} has no equal: ${why}`);
  }
  const mail = MAIL.filter((key) => dag.get(key) !== undefined);
  const [first] = mail;
  if (first !== undefined) remarks.note(place(first), `${mail.map((key) => dag.spelled(key)).join(', ')}: nothing is mailed; the output is kept with the run (receive-job)`);
  const days = dag.get('hist_retention_days');
  if (days !== undefined) remarks.note(place('hist_retention_days'), `${dag.spelled('hist_retention_days')}: ${textOf(days) ?? ''}: runs are kept by number here, not by age; see maxResultCount`);
  if (dag.get('max_active_runs') !== undefined) remarks.note(place('max_active_runs'), `${dag.spelled('max_active_runs')}: as in dagu, a due time is skipped while a run is going on`, 'options.multipleInstancePolicy');
  const rest = dag.names.filter((key) => !READ.includes(key));
  if (rest.length > 0) remarks.note(place(rest[0] as string), `not carried over: ${rest.map((key) => dag.spelled(key)).join(', ')}`);
}
