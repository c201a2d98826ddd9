import type { Verb } from '../verb.ts';
import { turnScheduledJob } from './turn-scheduled-job.ts';

export const disableScheduledJob: Verb = turnScheduledJob('disable', {
  summary: 'keeps the triggers of definitions from firing; runs in progress go on',
  examples: ['disable-scheduled-job Nightly', "disable-scheduled-job 'Back*' --pass-thru"],
});
