import type { AnyCodeJobType, CodeRunEnd, RunChildren } from '@nightshift/core';
import { createRegistry, createStateFeed } from '@nightshift/core';
import { API_VERSION, JobError, type AnyJobType, type ChildCommandRequest, type ChildJob, type ChildJobRequest, type CommandJobType, type DelegateJobType, type DescribeRequest, type JobOutcome, type JobState } from '@nightshift/sdk';
import { beginProgram, type Begun } from './child-program.ts';
import { mustBeCommand } from './commands.ts';
import { ExercisedRun } from './exercised-run.ts';
import { judged } from './spec.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

/** Children of one run: of the type itself and of the subject's `plugins`; programs as real processes. */
export function childrenOf(subject: JobTypeSubject): RunChildren {
  const own = { name: 'the plugin of this test', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [subject.type] };
  const others = (subject.plugins ?? []).filter(({ jobTypes = [] }) => !jobTypes.some(({ name }) => name === subject.type.name));
  const types = createRegistry([own, ...others]);
  const started: ChildJob[] = [];
  let lastId = 7;
  return {
    async start(request) {
      const begin = await beginning(subject, request, (name) => types.find(name)?.type);
      const id = ++lastId;
      const feed = createStateFeed(request.failedDependency === undefined ? 'Running' : 'Failed');
      const begun = request.failedDependency === undefined ? begin(feed.tell) : { finished: Promise.resolve<JobOutcome>({ state: 'Failed', error: new Error(request.failedDependency) }), stop() {} };
      const finished = begun.finished.then((outcome) => {
        feed.tell(outcome.state);
        feed.close();
        return outcome;
      });
      const child: ChildJob = {
        id, instanceId: `019b7600-0000-7000-8000-${id.toString(16).padStart(12, '0')}`, name: request.name ?? `Job${id}`, attempt: 1, finished, states: feed.states,
        async stop() {
          begun.stop();
          await finished;
        },
      };
      started.push(child);
      return child;
    },
    async *all() {
      yield* started;
    },
  };
}

/** What begins a child whose request is as it should be. Rejects with the codes of start-job. */
async function beginning(subject: JobTypeSubject, request: ChildJobRequest | ChildCommandRequest, find: (name: string) => AnyJobType | undefined): Promise<(tell: (state: JobState) => void) => Begun> {
  const { environment = {} } = request;
  if ('command' in request) {
    mustBeCommand(request.command);
    return (tell) => beginProgram(async () => request.command, environment, tell);
  }
  const { type, spec } = await resolved(request, find);
  if (type.runs !== 'command') return () => beginCode(subject, type as AnyCodeJobType, spec);
  return (tell) => beginProgram(async () => (type as CommandJobType<unknown>).command(describing(spec)), environment, tell);
}

/** The type that runs, and its validated spec. Rejects with the codes of start-job. */
async function resolved(request: Pick<ChildJobRequest, 'type' | 'spec'>, find: (name: string) => AnyJobType | undefined): Promise<{ readonly type: AnyJobType; readonly spec: unknown }> {
  const type = find(request.type);
  if (type === undefined) throw new JobError({ code: 'JobTypeNotFound', message: `there is no job type ${request.type}`, hint: 'give the kit the plugin that has it, as one of `plugins`' });
  const { issues, value: spec } = (await judged(type, request.spec)) as { readonly issues?: readonly { readonly message: string; readonly code?: string }[]; readonly value?: unknown };
  if (issues !== undefined) throw new JobError({ code: issues[0]?.code ?? 'DefinitionValueInvalid', message: issues.map(({ message }) => message).join('; ') });
  return type.runs === 'delegate' ? resolved(await (type as DelegateJobType<unknown>).delegate(describing(spec)), find) : { type, spec };
}

function beginCode(subject: JobTypeSubject, type: AnyCodeJobType, spec: unknown): Begun {
  const run = new ExercisedRun(type, spec, subject.patience ?? PATIENCE, childrenOf(subject));
  return { finished: run.supervised.ended.then(outcomeOf), stop: () => void run.supervised.wish({ is: 'stop', reason: 'parent' }) };
}

function outcomeOf({ state, statusMessage, reason }: CodeRunEnd): JobOutcome {
  if (state === 'Completed') return { state };
  return state === 'Stopped' ? { state, reason: reason ?? 'stopped' } : { state, error: new Error(statusMessage ?? 'it failed') };
}

function describing(spec: unknown): DescribeRequest<unknown> {
  return { spec, name: 'Job7', origin: { kind: 'parent', parentId: 7 }, workingDirectory: process.cwd(), argumentList: [] };
}
