import type { Counts } from '../../../src/api.ts';
import { counted } from '../../words/times.ts';

/** The night in one sentence, the worst first. */
export function headline({ running, failed24h, missed24h, needsAttention }: Counts): string {
  const trouble = [
    failed24h > 0 ? `${counted(failed24h, 'job')} failed` : undefined,
    missed24h > 0 ? `${counted(missed24h, 'due time')} ${missed24h === 1 ? 'was' : 'were'} missed` : undefined,
  ].filter((part) => part !== undefined);
  if (trouble.length > 0) return `${trouble.join(', and ')} in the last 24 h`;
  if (needsAttention > 0) return `${counted(needsAttention, 'job')} ${needsAttention === 1 ? 'waits' : 'wait'} for somebody`;
  if (running > 0) return `All is well; ${counted(running, 'job')} ${running === 1 ? 'runs' : 'run'}`;
  return 'All is quiet';
}
