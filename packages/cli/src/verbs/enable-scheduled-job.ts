import type { Verb } from '../verb.ts';
import { turnScheduledJob } from './turn-scheduled-job.ts';

export const enableScheduledJob: Verb = turnScheduledJob('enable', {
  summary: 'lets the triggers of definitions fire again; nothing is made up for',
  examples: ['enable-scheduled-job Nightly', "enable-scheduled-job '*' --what-if"],
});
