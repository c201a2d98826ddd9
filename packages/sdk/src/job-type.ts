import type { Capabilities } from './capabilities.ts';
import type { CommandLine } from './command-line.ts';
import type { DefinitionSource } from './definition.ts';
import type { ChildJobRequest, JobContext } from './job-context.ts';
import type { JobRun, ReattachToken } from './job-run.ts';
import type { JobOrigin } from './origin.ts';
import type { SpecSchema } from './spec-schema.ts';

/** Any job type whatever its spec; the only place where the contract says `any`. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of types has no common spec
export type AnyJobType = CommandJobType<any> | CodeJobType<any, any> | DelegateJobType<any>;

/** What the three forms share. Stateless: everything that an instance owns lives in its run. */
export interface JobTypeFacts<Spec> {
  /** The value of `--type`, for example "ThreadJob". Unique in a host, compared without case. */
  readonly name: string;
  /** Other accepted spellings, for example "PSScheduledJob". Default: none. */
  readonly aliases?: readonly string[];
  /** One sentence for `get-job-type` and the dashboard. */
  readonly description: string;
  /** Validates and defaults the `job:` part of a definition, at load time and before each start. */
  readonly spec: SpecSchema<Spec>;
  /** Where definitions of this type live. Default: files `<definitionPath>/<name>.yaml|.yml|.json` with `type: <name>`. */
  readonly definitions?: DefinitionSource;
}

/** Runs one program. No plugin code is alive while the program is: output goes straight to the run folder. */
export interface CommandJobType<Spec> extends JobTypeFacts<Spec> {
  readonly runs: 'command';
  /** suspend, kill and reattach come with the process and need not be claimed. */
  readonly capabilities: Pick<Capabilities, 'persist'>;
  /** Describes the program. Must be quick and free of effects: it may be called to print `command` only. */
  command(request: DescribeRequest<Spec>): CommandLine | Promise<CommandLine>;
}

/** Runs JavaScript, in a host process of its own (command line, scheduler) or in yours (library). */
export interface CodeJobType<Spec, C extends Capabilities = {}> extends JobTypeFacts<Spec> {
  readonly runs: 'code';
  /** A promise that `exerciseJobType` puts to the test. */
  readonly capabilities: C;
  /** Acquire what one instance needs. No work yet: the job is NotStarted. Throwing makes it Failed (spawn). */
  prepare(context: JobContext<Spec>): Promise<JobRun<C>>;
  /**
   * Take up an instance that outlived its host; `start()` carries on. Throwing says that the work is gone, and makes it Failed.
   * What is merely out of reach is taken up all the same: its run says `disconnected()`. Required when `reattach` is declared;
   * refused by definePlugin otherwise.
   */
  reattach?(context: JobContext<Spec>, token: ReattachToken): Promise<JobRun<C>>;
  /** What is known of an instance before it runs. Quick and free of effects: validation calls it too. Default: nothing. */
  foresee?(request: DescribeRequest<Spec>): Foresight;
}

/** What a spec says of an instance that does not run yet. */
export interface Foresight {
  /** The text that `get-job` prints. Default: the spec as JSON. */
  readonly command?: string;
  /** The children that the spec names: each is judged with it, by its own type. Default: none. */
  readonly children?: readonly ForeseenChild[];
  /** Why this one cannot be suspended although its type can be: a warning where it is created, `CheckpointNotPossible` for suspend-job without --force. */
  readonly cannotSuspend?: string;
  /**
   * Name to reference ("env:NAME", "file:PATH"), never a value: what the run finds in `context.secrets`. Resolved as `secrets`
   * of a command line are, and anew by every later host of the run. Default: none.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Where its children will run, in their order: `get-job` shows these names as its location, also before a child is there. Default: what is known of any job. */
  readonly locations?: readonly string[];
  /** Lines of several locations are shown to a person without these names. Default false. */
  readonly hidesLocations?: boolean;
}

/** A child that a spec names. */
export interface ForeseenChild {
  readonly request: ChildJobRequest;
  /** Where its own spec stands in the parent's. */
  readonly path: readonly PropertyKey[];
}

/** Answers with another job to run as its one child; the child's state becomes its own. Provisional in API 1. */
export interface DelegateJobType<Spec> extends JobTypeFacts<Spec> {
  readonly runs: 'delegate';
  /** `triggers: true` allows `triggers:`, `options:`, `maxResultCount:` and `enabled:` in its definitions. */
  readonly capabilities: Pick<Capabilities, 'persist' | 'triggers'>;
  /** The job to run. Called once per instance, before the child exists. Free of effects: validation calls it too. */
  delegate(request: DescribeRequest<Spec>): ChildJobRequest;
}

/** What a describing call may know. */
export interface DescribeRequest<Spec> {
  readonly spec: Spec;
  readonly name: string;
  readonly origin: JobOrigin;
  /** Absolute. The definition's `workingDirectory`, else the caller's. */
  readonly workingDirectory: string;
  /** From --argument-list. Always empty when started by definition name. */
  readonly argumentList: readonly unknown[];
}
