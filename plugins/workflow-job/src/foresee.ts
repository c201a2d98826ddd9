import type { DescribeRequest, ForeseenChild, Foresight } from '@nightshift/sdk';
import type { WorkflowSpec } from './spec.ts';

/** A workflow is shown by its steps, and its steps are judged with it. */
export function foreseeWorkflow({ spec: { steps, checkpoint } }: DescribeRequest<WorkflowSpec>): Foresight {
  const children = steps.flatMap(({ name, job }): readonly ForeseenChild[] => (job === undefined ? [] : [{ request: { type: job.type, name, spec: job.spec }, path: job.path }]));
  const command = steps.map(({ name }) => name).join(', ');
  return { command, children, ...(checkpoint ? {} : { cannotSuspend: 'it has "checkpoint: false": its work cannot be taken up in the middle' }) };
}
