import backgroundJob from '@nightshift/background-job';
import crontabJob from '@nightshift/crontab-job';
import npmScriptJob from '@nightshift/npm-script-job';
import remoteJob from '@nightshift/remote-job';
import scheduledJob from '@nightshift/scheduled-job';
import type { JobTypePlugin } from '@nightshift/sdk';
import threadJob from '@nightshift/thread-job';
import workflowJob from '@nightshift/workflow-job';

/** The built-in job types come through the same door as everybody's. */
export const BUILT_IN: readonly JobTypePlugin[] = [backgroundJob, crontabJob, npmScriptJob, remoteJob, scheduledJob, threadJob, workflowJob];
