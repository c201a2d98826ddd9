import { JobError, type Instance, type JobStore } from '@nightshift/sdk';
import type { CoreParts } from './parts.ts';
import { ownRunsOf, type Selected } from './query.ts';
import { reconcileAgain } from './reconcile.ts';

/** Answers what a Blocked job waits for. Throws `InvalidJobState` where it is not Blocked, `Job2OperationNotSupportedOnJob` where its type never is. */
export async function unblockJob(parts: CoreParts, job: Selected, input: unknown): Promise<void> {
  if (job.store.remote !== undefined) throw new JobError({ code: 'Job2OperationNotSupportedOnJob', message: `${job.instance.name} runs on a worker of the engine, where it cannot be answered from here` });
  for (const run of ownRunsOf(job)) await unblockRun(parts, job.store, run, input);
}

async function unblockRun(parts: CoreParts, store: JobStore, run: Instance, input: unknown): Promise<void> {
  if (run.run?.can?.input !== true) throw new JobError({ code: 'Job2OperationNotSupportedOnJob', message: `${run.name} is a ${run.type}, which asks for no input` });
  if (run.state !== 'Blocked') throw new JobError({ code: 'InvalidJobState', message: `${run.name} is ${run.state} and waits for no answer` });
  using watch = parts.launcher.watch([run], 'output');
  const answer = await parts.launcher.wish(run, { is: 'unblock', input });
  for (;;) {
    const said = await answer();
    if (said?.error !== undefined) throw new JobError({ code: 'InvalidJobState', message: said.error.message });
    if (said !== undefined || (await reconcileAgain(parts, store, run))?.state !== 'Blocked') return;
    await watch.changed();
  }
}
