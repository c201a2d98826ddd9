import type { Instance, JobStore, NewInstance } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';

/**
 * The job that takes up the work of one that is about to be stopped because the machine came into use. A Stopped run is final
 * and is not tried again (scheduled-jobs.md 8.1, 8.3): so this is a job of its own, of the same origin and with the command
 * that was resolved for the first, and waits behind it.
 */
export async function startAgain({ newInstanceId }: Pick<CoreParts, 'newInstanceId'>, store: JobStore, job: Instance, run: Instance): Promise<readonly [Instance, Instance]> {
  const [inserted, child] = await store.insert(...copyOf(job, run, newInstanceId));
  return [inserted, child] as [Instance, Instance];
}

function copyOf(job: Instance, run: Instance, newInstanceId: () => string): [NewInstance, readonly NewInstance[]] {
  const carries = newInstanceId();
  const { holder: _holder, retried: _retried, warnings: _warnings, ...facts } = run.run as NonNullable<Instance['run']>;
  const parent: NewInstance = { instanceId: carries, name: job.name, type: job.type, command: job.command, origin: job.origin, ...(job.definition === undefined ? {} : { definition: job.definition }) };
  const child: NewInstance = {
    instanceId: newInstanceId(), type: run.type, command: run.command, origin: { kind: 'parent' }, queued: true,
    run: { ...facts, carries, restartOf: run.instanceId }, ...(run.launch === undefined ? {} : { launch: run.launch }),
  };
  return [parent, [child]];
}

/** False: the one before it ended in another way first, or somebody removed it. Then nothing of it is left to be done, and the job goes. */
export async function isStillWanted(store: JobStore, job: Instance, run: Instance): Promise<boolean> {
  const [before] = run.run?.restartOf === undefined ? [] : await store.find({ instanceIds: [run.run.restartOf] });
  if (before?.state === 'Stopped' && before.reason === 'condition') return true;
  await store.remove([job, run]);
  return false;
}
