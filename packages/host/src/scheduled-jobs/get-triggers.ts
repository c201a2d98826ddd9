import type { SelectParts } from './select.ts';
import { meantOf, selectTriggers } from './select-triggers.ts';
import type { TriggerRequest, TriggersAnswer } from './trigger-request.ts';
import { inOrder } from './trigger-request.ts';

/** By definition, then id; what cannot be found or read is a problem, and the others are there. */
export async function getTriggers(parts: SelectParts, request: TriggerRequest): Promise<TriggersAnswer> {
  const { selected, problems } = await selectTriggers(parts, request, 'get-job-trigger');
  return { triggers: selected.flatMap((one) => inOrder(meantOf(one))), problems, warnings: [] };
}
