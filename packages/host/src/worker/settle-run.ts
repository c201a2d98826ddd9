/** Settles attempts: what the books of this machine say of one, or that nobody can say any more how it went. */
import { applied, interruptedEnd, pruneBeyond, settlementOf, type LeasedEnd } from '@nightshift/core';
import { isFinished, JOB_STATES, type Clock, type Engine, type Instance, type Lease, type NextAttempt, type OutputStore } from '@nightshift/sdk';
import type { LocalRuns } from './local-runs.ts';
import { moveTo } from './mirror-state.ts';

/** What became of an attempt. `lost`: somebody else has decided, and nothing of it was written. */
export type Settled = { readonly is: 'ended'; readonly run: Instance } | { readonly is: 'retry'; readonly next: NextAttempt } | { readonly is: 'lost' };

export interface SettlingParts {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** The end of a run of this machine, all of whose output is shipped. */
export async function settleRun(parts: SettlingParts, local: LocalRuns, lease: Lease, run: Instance): Promise<Settled> {
  const neverRan = await local.neverRan(run);
  const outputBytes = (run.outputBytes ?? 0) + (await bytesOfEarlier(parts.engine.output, lease.instance));
  const settled = await settle(parts, lease, { move: { ...moveTo(run), outputBytes }, began: run.beginTime, neverRan }, () => local.endStrays(run));
  return settled;
}

/** A run of which nobody knows any more how it went: its worker is lost, or the machine was booted since. What it has started is over as well. */
export async function settleInterrupted(parts: SettlingParts, lease: Lease): Promise<Settled> {
  const { engine, clock } = parts;
  const now = clock.now();
  const { instance } = lease;
  const outputBytes = (await bytesOfEarlier(engine.output, instance)) + (await bytesOf(engine.output, instance, instance.attempt));
  await endBelow(parts, instance, now);
  return settle(parts, lease, interruptedEnd(instance, outputBytes, now));
}

/** Gives a lease back of whose attempt nothing was begun: the next one takes its place, and is not counted. */
export async function giveBack(parts: SettlingParts, lease: Lease, statusMessage: string): Promise<Settled> {
  return settle(parts, lease, { move: { to: 'Failed', reason: 'spawn', statusMessage, endTime: parts.clock.now() }, neverRan: true });
}

/** How often a row that moves meanwhile is looked at again: by a wish, which changes what the end is. */
const ROUNDS = 5;

async function settle({ engine, clock }: SettlingParts, lease: Lease, end: LeasedEnd, beforeNext?: () => Promise<void>): Promise<Settled> {
  const { store, queue } = engine;
  for (let round = 0; round < ROUNDS; round++) {
    const rows = await rowsOf(engine, lease);
    if (rows === undefined) return { is: 'lost' };
    if (isFinished(rows.instance.state)) return endedAs(store, rows, rows.instance);
    const settlement = settlementOf(rows, end, clock.now());
    if ('next' in settlement) {
      await beforeNext?.();
      await showWait(engine, lease, rows.instance, end);
    }
    if (!(await queue.settle(lease, settlement))) continue;
    if ('next' in settlement) return { is: 'retry', next: settlement.next };
    const run = settlement.transitions.reduce((row, { instanceId, ...move }) => (instanceId === row.instanceId ? applied(row, move) : row), rows.instance);
    return endedAs(store, rows, run);
  }
  return { is: 'lost' };
}

async function endedAs(store: Engine['store'], { job }: Rows, run: Instance): Promise<Settled> {
  await pruneBeyond(store, job, run);
  return { is: 'ended', run };
}

type Rows = Pick<Lease, 'instance' | 'job'>;

/** As they are now; undefined when they are another's, or at another attempt. Where the run has ended under this lease, it was we who said so, to a server that we did not hear. */
async function rowsOf({ store }: Engine, { instance, job, fence }: Lease): Promise<Rows | undefined> {
  const rows = await store.find({ instanceIds: [instance.instanceId, job.instanceId] });
  const find = (instanceId: string): Instance | undefined => rows.find((row) => row.instanceId === instanceId);
  const [run, above] = [find(instance.instanceId), find(job.instanceId)];
  if (run === undefined || above === undefined || run.attempt !== instance.attempt || (run.fence ?? 0) !== fence) return undefined;
  return { instance: run, job: above };
}

/**
 * Between attempts a run is Running, or NotStarted where nothing of it ever ran: so what failed faster than anybody could show
 * that it had begun did begin, and what was held or waited for an answer does so no more.
 */
async function showWait({ store }: Engine, { fence, job }: Lease, run: Instance, { began, neverRan }: LeasedEnd): Promise<void> {
  if (run.state === 'Running' || (run.state === 'NotStarted' && (began === undefined || neverRan === true))) return;
  const move = { from: UNFINISHED, to: 'Running' as const, ...(began === undefined ? {} : { beginTime: began }) };
  const ofRun = { ...move, from: [run.state], instanceId: run.instanceId, attempt: run.attempt, fence };
  await store.transition(job.instanceId === run.instanceId ? [ofRun] : [ofRun, { ...move, instanceId: job.instanceId }]);
}

const UNFINISHED = JOB_STATES.filter((state) => !isFinished(state));

async function endBelow({ engine: { store, output } }: SettlingParts, run: Instance, now: Date): Promise<void> {
  for (const child of await store.find({ below: [run.id], states: UNFINISHED })) {
    const outputBytes = await bytesOf(output, child, child.attempt);
    await store.transition([{ instanceId: child.instanceId, from: UNFINISHED, to: 'Failed', reason: 'interrupted', statusMessage: 'the run was interrupted: its worker was lost', endTime: now, outputBytes }]);
  }
}

async function bytesOfEarlier(output: OutputStore, { instanceId, attempt }: Instance): Promise<number> {
  let sum = 0;
  for (let earlier = 1; earlier < attempt; earlier++) sum += await bytesOf(output, { instanceId }, earlier);
  return sum;
}

async function bytesOf(output: OutputStore, { instanceId }: Pick<Instance, 'instanceId'>, attempt: number): Promise<number> {
  const sizes = await Promise.all((['stdout', 'stderr', 'records'] as const).map((channel) => output.size({ instanceId, attempt, channel })));
  return sizes.reduce((sum, size) => sum + size, 0);
}
