import { approvalPart } from '../options/approval.ts';
import { jobSelector } from '../options/job-selector.ts';
import type { Parsed } from '../options/option-table.ts';
import { printError, printWarning } from '../print/error.ts';
import { FORMATS, printJobs } from '../print/job.ts';
import { formatOf, type Surroundings } from '../verb.ts';

/** What suspend-job and resume-job have in common: every job handled is printed, and a state that does not allow it is a warning. */
export async function moveJobs(verb: 'suspend-job' | 'resume-job', options: Parsed, { host, voice }: Surroundings): Promise<number> {
  const format = formatOf(options, FORMATS);
  const { jobs, problems, warnings } = await host()[verb === 'suspend-job' ? 'suspendJobs' : 'resumeJobs'](jobSelector(options, false), approvalPart(options, verb));
  printJobs(jobs, format);
  for (const warning of warnings) printWarning(voice, warning);
  return problems.map((problem) => printError(voice, problem))[0] ?? 0;
}
