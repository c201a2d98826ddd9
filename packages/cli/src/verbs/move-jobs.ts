import { approvalPart } from '../options/approval.ts';
import { jobsFor } from '../options/job-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { formatOf, type Surroundings } from '../verb.ts';

/** What suspend-job and resume-job have in common: every job handled is printed, and a state that does not allow it is a warning. */
export async function moveJobs(verb: 'suspend-job' | 'resume-job', options: Parsed, { host, voice }: Surroundings): Promise<number> {
  const format = formatOf(options, FORMATS);
  const [move, goal] = verb === 'suspend-job' ? (['suspendJobs', 'Suspended'] as const) : (['resumeJobs'] as const);
  const wishes = { ...(options.isOn('wait') ? { wait: true } : {}), ...(verb === 'suspend-job' && options.isOn('force') ? { force: true } : {}) };
  const { jobs, problems, warnings } = await host()[move](jobsFor(verb, options), { ...wishes, ...approvalPart(options, verb, goal) });
  // With --what-if nothing has come of it: only who asks for a form wants to see that.
  if (!options.isOn('what-if') || options.has('output') || options.isOn('json')) printJobs(jobs, format);
  for (const warning of warnings) printWarning(voice, warning);
  return problems.map((problem) => printError(voice, problem))[0] ?? 0;
}
