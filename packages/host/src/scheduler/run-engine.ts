import type { TriggeredRuns } from '@nightshift/core';
import type { JobRun, Report, RunEngine } from '@nightshift/scheduler';
import { FINISHED_STATES, isJobError, JOB_STATES, type Instance, type JobStore } from '@nightshift/sdk';

const UNFINISHED = JOB_STATES.filter((state) => !FINISHED_STATES.includes(state));

/** The runs of some namespaces, as the scheduler sees them. `report` is told of runs that cannot be read. */
export function createRunEngine(store: JobStore, runs: TriggeredRuns, namespaces: readonly string[], report: Report): RunEngine {
  return {
    unfinished: (definitions) => unfinishedRuns(store, namespaces, definitions),
    async settle({ id }) {
      // As it is in the store: a start that met a full disk may have come further than it could say.
      const [run] = await store.find({ ids: [id] });
      try {
        return run === undefined ? undefined : await runs.settle(run);
      } catch (cause) {
        if (!isJobError(cause) || cause.code !== 'CantLoadScheduledJobDefinitionFromStore') throw cause;
        // Told once and over: it was taken out of the way, and its end is written down.
        report({ event: 'trouble', error: cause });
        return (await store.find({ ids: [id] }))[0];
      }
    },
    start: (run, ended) => runs.start(run, ended),
    async explain({ job, run }, why) {
      await store.transition([run, job].map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'NotStarted', statusMessage: why })));
    },
    stop: (job, reason) => runs.stop(job, reason),
    async startAgain({ definition, job, run }) {
      const [nextJob, nextRun] = await runs.startAgain(job, run);
      return { definition, job: nextJob, run: nextRun };
    },
    isStillWanted: ({ job, run }) => runs.isStillWanted(job, run),
  };
}

/** What triggers and run-now have started under these namespaces and has not ended; of all definitions, or of these. */
export async function unfinishedRuns(store: JobStore, namespaces: readonly string[], definitions?: readonly string[]): Promise<readonly JobRun[]> {
  const isOurs = ({ definition, origin }: Instance): boolean =>
    definition !== undefined && (origin.kind === 'trigger' || (origin.kind === 'demand' && origin.runNow)) && namespaces.includes(definition.key.slice(0, definition.key.indexOf('/')));
  const jobs = (await store.find({ states: UNFINISHED, topLevel: true, ...(definitions === undefined ? {} : { definitions }) })).filter(isOurs);
  if (jobs.length === 0) return [];
  const children = await store.find({ parentIds: jobs.map(({ id }) => id) });
  const byParent = new Map(children.map((child) => [child.parentId, child]));
  return jobs.flatMap((job): readonly JobRun[] => {
    const run = byParent.get(job.id);
    return run === undefined ? [] : [{ definition: job.definition?.key as string, job, run }];
  });
}
