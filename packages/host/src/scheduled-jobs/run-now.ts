/**
 * A definition runs at once, as its trigger would run it, without a scheduler: the calling process takes the run up and hands it
 * to its shim. The run is an inhabitant of the scheduler's world from its first row on: overlap counts it, whoever decides, and
 * a scheduler that meets it waiting takes it up, that meets it running adopts it, and makes its retries. Where this process is
 * killed between two lines, a scheduler goes on, or the next run-now does.
 * Source: scheduled-jobs.md section 14.
 */
import { createTriggeredRuns, reconcile, type CoreParts, type RunPlan, type TriggeredRuns } from '@nightshift/core';
import { conditionWord, factsFor, overlap, policyOf, type Conditions, type JobRun, type OverlapWord, type SchedulePolicy } from '@nightshift/scheduler';
import { isFinished, JobError, type Definition, type FiringStore, type Instance, type JobStore } from '@nightshift/sdk';
import { readOnly } from '@nightshift/store';
import { NO_MACHINE } from '../conditions/no-machine.ts';
import { openBook } from '../durable-book.ts';
import { withoutMachine } from '../engine/without-machine.ts';
import { liveOwner } from '../scheduler/live-owner.ts';
import { unfinishedRuns } from '../scheduler/run-engine.ts';
import type { HostStores } from '../stores.ts';
import { machineProbe } from '#machine-probe';

export interface RunNowParts {
  readonly core: CoreParts;
  readonly stores: HostStores;
  /** Root of the file system that tells of the machine. */
  readonly system: string;
}

/**
 * Answers with the job: running, or waiting for its turn where the policy says Queue. Throws `RunNowNotAllowed` of a definition
 * that is disabled, forbids it, or whose conditions are not met; `RunNowOverlap`; an AggregateError of everything that keeps
 * the definition from being started.
 */
export async function runNow(parts: RunNowParts, asked: Definition): Promise<Instance> {
  const definition = parts.stores.engine === undefined ? asked : withoutMachine(asked).definition;
  const policy = policyOf(definition.options);
  refuseForbidden(definition);
  const warnings = await judgeConditions(parts, definition, policy.conditions);
  const works = open(parts, definition);
  const plan = await works.runs.plan(definition);
  const { job, run, word, others } = await insert(works, plan, policy, warnings);
  // Whatever starts on an engine, a worker starts.
  if (word.is === 'start') await begin(works, run);
  else if (word.is === 'queue' && word.stopping) await takeTheirPlace(works, run, others);
  else await sayTurn(works, job);
  const [now = job] = await works.store.find({ ids: [job.id] });
  return now;
}

interface Works extends RunNowParts {
  readonly definition: Definition;
  readonly store: JobStore;
  readonly firings: FiringStore;
  readonly runs: TriggeredRuns;
}

async function begin({ store, runs }: Works, run: Instance): Promise<void> {
  if (store.remote === undefined) await runs.start(run);
}

function open(parts: RunNowParts, definition: Definition): Works {
  const { store, firings, root = parts.stores.state, lasts } = openBook(parts.stores);
  if (!lasts) throw readOnly(root);
  return { ...parts, definition, store, firings, runs: createTriggeredRuns(parts.core, () => store) };
}

function refuseForbidden({ name, enabled = true, options }: Definition): void {
  if (!enabled) throw notAllowed(name, 'it is disabled', `enable-scheduled-job ${name}; or start-job --definition-name ${name}, which runs it all the same`);
  if (options?.['doNotAllowDemandStart'] === true) throw notAllowed(name, 'it says doNotAllowDemandStart', `start-job --definition-name ${name} runs it all the same`);
}

/** What has to be said of conditions that cannot be looked at. Nobody waits for an idle machine here: who asks is using it. */
async function judgeConditions({ core, stores, system }: RunNowParts, { name }: Definition, conditions: Conditions): Promise<readonly string[]> {
  const facts = await (stores.engine === undefined ? machineProbe(system, core.clock) : NO_MACHINE).ask(new Set(factsFor(conditions)));
  const word = conditionWord(conditions, facts, core.clock.now());
  if (word.is === 'met') return word.warnings;
  throw notAllowed(name, word.is === 'wait' ? 'somebody uses the machine' : word.text, `start-job --definition-name ${name} runs it without conditions`);
}

function notAllowed(name: string, because: string, hint: string): JobError {
  return new JobError({ code: 'RunNowNotAllowed', message: `${name} is not run now: ${because}`, hint });
}

interface Inserted {
  readonly job: Instance;
  readonly run: Instance;
  readonly word: OverlapWord;
  /** The unfinished ones that were there before. */
  readonly others: readonly JobRun[];
}

/** Judged and inserted in one transaction: where others were quicker, it is judged anew. */
async function insert(works: Works, plan: RunPlan, policy: SchedulePolicy, warnings: readonly string[]): Promise<Inserted> {
  const { definition, firings, runs, core } = works;
  for (;;) {
    const others = await unfinishedOf(works);
    const word = overlap(policy, others.map(({ job, run }) => ({ instanceId: job.instanceId, queued: run.queued === true })), false);
    if (word.is === 'skip') throw inTheWay(definition.name, policy, others);
    const start = runs.instances(plan, { kind: 'demand', runNow: true }, { ...(word.is === 'queue' ? { queued: true } : {}), ...(warnings.length === 0 ? {} : { warnings }) });
    const [result] = await firings.fire([{ definition: definition.key, decidedAt: core.clock.now(), unfinished: others.map(({ job }) => job.id), clocks: [], firings: [], starts: [start] }]);
    if (result?.is !== 'fired') continue;
    const [job, run] = result.instances as readonly [Instance, Instance];
    return { job, run, word, others };
  }
}

/** Of those that seem to run, the processes are looked at. Where all are queued and no scheduler lets the first go on, that is done here. */
async function unfinishedOf(works: Works): Promise<readonly JobRun[]> {
  const found = await familyOf(works);
  const looked = await Promise.all(found.map(async (one) => ({ ...one, run: await lookAt(works, one) })));
  const left = looked.flatMap(({ run, ...one }) => (run === undefined || isFinished(run.state) ? [] : [{ ...one, run }]));
  const [first, ...behind] = left;
  if (first === undefined || isScheduled(works) || !left.every(({ run }) => run.queued === true)) return left;
  const run = (await works.runs.start(first.run)) ?? (await works.store.find({ ids: [first.run.id] }))[0];
  return run === undefined || isFinished(run.state) ? unfinishedOf(works) : [{ ...first, run }, ...behind];
}

function familyOf({ definition: { key }, store }: Works): Promise<readonly JobRun[]> {
  return unfinishedRuns(store, [namespaceIn(key)], [key]);
}

/** One that waits for nothing is of a process that was killed before it took it up: where no scheduler will, it is started here. */
async function lookAt(works: Works, { run }: JobRun): Promise<Instance | undefined> {
  if (run.run?.holder !== undefined) return reconcile(works.core, works.store, run);
  if (run.queued === true || run.attempt > 1 || run.notBefore !== undefined || run.stopReason !== undefined || isScheduled(works)) return run;
  return (await works.runs.start(run)) ?? (await works.store.find({ ids: [run.id] }))[0];
}

/** On an engine somebody else sees to everything that waits. */
function isScheduled({ store, stores, definition, core }: Works): boolean {
  return store.remote !== undefined || liveOwner(stores.openEmbedded(), namespaceIn(definition.key), core.clock.now()) !== undefined;
}

function inTheWay(name: string, { overlap: policy, maxParallel, queueLimit }: SchedulePolicy, others: readonly JobRun[]): JobError {
  const [first] = others as readonly [JobRun];
  const limit = policy === 'Parallel' ? `, and maxParallel is ${maxParallel}` : policy === 'Queue' ? `, and queueLimit is ${queueLimit}` : '';
  const many = others.length > 1 ? `jobs ${others.map(({ job }) => job.id).join(', ')} are` : `job ${first.job.id} is`;
  return new JobError({ code: 'RunNowOverlap', message: `${name} is not run now: ${many} unfinished, its multipleInstancePolicy is ${policy}${limit}`, hint: `wait-job ${first.job.id}, or stop-job ${first.job.id}` });
}

/** StopExisting: the others go, then it starts. Where one of them cannot be stopped it stays in the queue, for a scheduler. */
async function takeTheirPlace(works: Works, run: Instance, others: readonly JobRun[]): Promise<void> {
  await Promise.all(others.map(({ job }) => works.runs.stop(job, 'overlap')));
  await begin(works, run);
}

/** Queue: a scheduler lets it go on when its turn has come. Where there is none, the row says so. */
async function sayTurn(works: Works, { id }: Instance): Promise<void> {
  const { store } = works;
  // One that has ended since it was inserted is not waited for.
  const family = await unfinishedOf(works);
  const own = family.find(({ job }) => job.id === id);
  const ahead = family.filter(({ job }) => job.id < id).map(({ job }) => job.id);
  if (own?.run.queued !== true || ahead.length === 0) return;
  const who = isScheduled(works) ? '' : '; no scheduler runs that starts it then: nightshift scheduler run';
  const statusMessage = `waits for its turn behind job ${ahead.join(', ')}${who}`;
  await store.transition([own.run, own.job].map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'NotStarted', statusMessage })));
}

function namespaceIn(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
