import type { RunChildren } from '@nightshift/core';
import { JobError, type ChildJob, type Instance } from '@nightshift/sdk';

export function unsupportedChildren(instance: Instance): RunChildren {
  return {
    start: () => Promise.reject(new JobError({ code: 'ContainerParentJobStartError', message: `${instance.name} cannot start children yet` })),
    async *all(): AsyncGenerator<ChildJob> {},
  };
}
