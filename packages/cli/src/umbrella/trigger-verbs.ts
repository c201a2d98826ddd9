/** PowerShell's verbs for triggers and options of definitions: loaded with the umbrella, since no start of a job needs them. */
import type { Verb } from '../verb.ts';
import { addJobTrigger } from '../verbs/add-job-trigger.ts';
import { disableJobTrigger } from '../verbs/disable-job-trigger.ts';
import { enableJobTrigger } from '../verbs/enable-job-trigger.ts';
import { getJobTrigger } from '../verbs/get-job-trigger.ts';
import { getScheduledJobOption } from '../verbs/get-scheduled-job-option.ts';
import { newJobTrigger } from '../verbs/new-job-trigger.ts';
import { newScheduledJobOption } from '../verbs/new-scheduled-job-option.ts';
import { removeJobTrigger } from '../verbs/remove-job-trigger.ts';
import { setJobTrigger } from '../verbs/set-job-trigger.ts';
import { setScheduledJobOption } from '../verbs/set-scheduled-job-option.ts';

export const TRIGGER_VERBS: readonly Verb[] = [newJobTrigger, addJobTrigger, getJobTrigger, setJobTrigger, enableJobTrigger, disableJobTrigger, removeJobTrigger, newScheduledJobOption, getScheduledJobOption, setScheduledJobOption];
