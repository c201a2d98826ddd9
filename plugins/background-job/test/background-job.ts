import type { CommandJobType, CommandLine, DescribeRequest, SpecIssue, SpecResult } from '@nightshift/sdk';
import plugin, { type BackgroundSpec } from '@nightshift/background-job';

/** The type as a host sees it: through the package's door. */
export const type = (plugin.jobTypes ?? [])[0] as CommandJobType<BackgroundSpec>;

export function validate(job: unknown): SpecResult<BackgroundSpec> {
  return type.spec['~standard'].validate(job) as SpecResult<BackgroundSpec>;
}

export function issuesOf(job: unknown): readonly SpecIssue[] {
  return validate(job).issues ?? [];
}

/** A valid `job:` part as the program it runs. */
export function describeJob(job: object, request: Partial<DescribeRequest<BackgroundSpec>> = {}): CommandLine {
  const result = validate(job);
  if (result.issues !== undefined) throw new Error(result.issues.map((issue) => issue.message).join('; '));
  return describeChecked(result.value, request);
}

/** The same of a spec that its caller has built and checked, as the command line does: it may hold what a file may not. */
export function describeChecked(spec: BackgroundSpec, request: Partial<DescribeRequest<BackgroundSpec>> = {}): CommandLine {
  return type.command({
    spec,
    name: 'Job1',
    origin: { kind: 'demand', runNow: false },
    workingDirectory: '/',
    argumentList: [],
    ...request,
  }) as CommandLine;
}
