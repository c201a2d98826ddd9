import type { RunChildren } from '@nightshift/core';
import { JobError, type ChildJob, type Instance, type JobStore } from '@nightshift/sdk';
import type { Assembly } from '../../assemble-core.ts';

/** The children of the job that this process runs. */
export function createRunChildren(_core: Assembly, _store: JobStore, instance: Instance): RunChildren {
  return {
    start: () => Promise.reject(new JobError({ code: 'ContainerParentJobStartError', message: `${instance.name} cannot start children yet` })),
    async *all(): AsyncGenerator<ChildJob> {},
  };
}
