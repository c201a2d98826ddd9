import type { ChildJobRequest, DescribeRequest } from '@nightshift/sdk';
import type { ScheduledSpec } from './spec.ts';

/** The working instance: of the inner type, which validates the rest of the `job:` part itself. */
export function delegateToInner({ spec }: DescribeRequest<ScheduledSpec>): ChildJobRequest {
  return { type: spec.type, spec: spec.inner };
}
