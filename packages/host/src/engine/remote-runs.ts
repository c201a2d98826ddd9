import type { TriggeredRuns } from '@nightshift/core';
import type { JobRun, RunEngine } from '@nightshift/scheduler';
import type { Clock, Instance, JobStore } from '@nightshift/sdk';
import { createRunEngine, unfinishedRuns } from '../scheduler/run-engine.ts';

/** How long what was seen of all runs is believed of each, in milliseconds: a round of looks at them is one question. */
const BELIEVED = 250;
/** Who holds a run: what the scheduler must know is that somebody does. */
const SOMEBODY = { host: '', boot: '', pid: 0, startTime: '' } as const;

/**
 * The runs of an engine, as a scheduler sees them: it starts none and looks after none, since whatever may start is in the queue
 * with the step that made it, and workers do the rest. So to it each runs from the beginning, but those that wait for others of
 * their definition, until their rows say that they have ended.
 */
export function createRemoteRuns(store: JobStore, runs: TriggeredRuns, namespaces: readonly string[], clock: Clock, report: Parameters<typeof createRunEngine>[3]): RunEngine {
  let seen: ReadonlyMap<string, Instance> = new Map();
  let until = -Infinity;
  const unfinished = async (definitions?: readonly string[]): Promise<readonly JobRun[]> => {
    const found = (await unfinishedRuns(store, namespaces, definitions)).map((one) => ({ ...one, run: held(one.run) }));
    if (definitions === undefined) [seen, until] = [new Map(found.map(({ run }) => [run.instanceId, run])), clock.monotonic() + BELIEVED];
    return found;
  };
  const rowOf = async ({ instanceId }: Instance): Promise<Instance | undefined> => {
    const [row] = await store.find({ instanceIds: [instanceId] });
    return row === undefined ? undefined : held(row);
  };
  return {
    ...createRunEngine(store, runs, namespaces, report),
    keepsRuns: false,
    unfinished,
    async settle(run) {
      if (clock.monotonic() >= until) await unfinished();
      // One that is not unfinished any more has a row of its own end, or is gone.
      return seen.get(run.instanceId) ?? rowOf(run);
    },
    start: rowOf,
    explain: async () => {},
  };
}

function held(run: Instance): Instance {
  return run.queued === true || run.run === undefined ? run : { ...run, run: { ...run.run, holder: SOMEBODY } };
}
