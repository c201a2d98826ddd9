import type { AnyCodeJobType, CodeRunEnd, RunChildren } from '@nightshift/core';
import { createRegistry } from '@nightshift/core';
import { API_VERSION, JobError, type AnyJobType, type ChildJob, type ChildJobRequest, type CommandJobType, type DelegateJobType, type DescribeRequest, type JobOutcome } from '@nightshift/sdk';
import { runProgram } from '../memory/run-program.ts';
import { isSuccess } from './commands.ts';
import { ExercisedRun } from './exercised-run.ts';
import { judged } from './spec.ts';
import { PATIENCE, type JobTypeSubject } from './subject.ts';

/** What a child has begun: how it ends, and how it is asked to. */
interface Begun {
  readonly finished: Promise<JobOutcome>;
  stop(): void;
}

/** What a child may be given besides its spec. */
type Carrying = ChildJobRequest & { readonly environment?: Readonly<Record<string, string>> };

/** Children of one run: of the type itself and of the subject's `plugins`; programs as real processes. */
export function childrenOf(subject: JobTypeSubject): RunChildren {
  const own = { name: 'the plugin of this test', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [subject.type] };
  const others = (subject.plugins ?? []).filter(({ jobTypes = [] }) => !jobTypes.some(({ name }) => name === subject.type.name));
  const types = createRegistry([own, ...others]);
  const started: ChildJob[] = [];
  let lastId = 7;
  return {
    async start(request) {
      const { type, spec } = await resolved(request, (name) => types.find(name)?.type);
      const id = ++lastId;
      const begun = request.failedDependency === undefined ? begin(subject, type, spec, (request as Carrying).environment ?? {}) : { finished: Promise.resolve<JobOutcome>({ state: 'Failed', error: new Error(request.failedDependency) }), stop() {} };
      const child: ChildJob = {
        id, instanceId: `019b7600-0000-7000-8000-${id.toString(16).padStart(12, '0')}`, name: request.name ?? `Job${id}`, attempt: 1, finished: begun.finished,
        async stop() {
          begun.stop();
          await begun.finished;
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

/** The type that runs, and its validated spec. Rejects with the codes of start-job. */
async function resolved(request: Pick<ChildJobRequest, 'type' | 'spec'>, find: (name: string) => AnyJobType | undefined): Promise<{ readonly type: AnyJobType; readonly spec: unknown }> {
  const type = find(request.type);
  if (type === undefined) throw new JobError({ code: 'JobTypeNotFound', message: `there is no job type ${request.type}`, hint: 'give the kit the plugin that has it, as one of `plugins`' });
  const { issues, value: spec } = (await judged(type, request.spec)) as { readonly issues?: readonly { readonly message: string; readonly code?: string }[]; readonly value?: unknown };
  if (issues !== undefined) throw new JobError({ code: issues[0]?.code ?? 'DefinitionValueInvalid', message: issues.map(({ message }) => message).join('; ') });
  return type.runs === 'delegate' ? resolved(await (type as DelegateJobType<unknown>).delegate(describing(spec)), find) : { type, spec };
}

function begin(subject: JobTypeSubject, type: AnyJobType, spec: unknown, environment: Readonly<Record<string, string>>): Begun {
  return type.runs === 'command' ? beginProgram(type, spec, environment) : beginCode(subject, type as AnyCodeJobType, spec);
}

function beginProgram(type: CommandJobType<unknown>, spec: unknown, environment: Readonly<Record<string, string>>): Begun {
  let isStopped = false;
  let kill = (): void => {};
  const run = async (): Promise<JobOutcome> => {
    const command = await type.command(describing(spec));
    const program = runProgram({ workingDirectory: process.cwd(), ...command }, { ...process.env, ...environment }, () => {});
    kill = () => program.kill('SIGTERM');
    if (isStopped) kill();
    const { exitCode, signal, unstarted } = await program.ended;
    if (isStopped) return { state: 'Stopped', reason: 'parent' };
    if (isSuccess(command, exitCode)) return { state: 'Completed', exitCode: exitCode as number };
    const error = new Error(unstarted ?? (signal === undefined ? `the command exited with code ${exitCode}` : `the command was ended by signal ${signal}`));
    return { state: 'Failed', error, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
  };
  return {
    finished: run().catch((thrown: unknown): JobOutcome => ({ state: 'Failed', error: thrown as Error })),
    stop() {
      isStopped = true;
      kill();
    },
  };
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
