import type { CommandLine, Instance, JobOrigin, ProcessIdentity, StopReason } from '@nightshift/sdk';
import type { CodeLaunch } from './code-launch.ts';
import type { CodeRunEnd, CodeRunWish } from './code-run.ts';

/** What core asks of the operating system. The host implements it; core itself has no process, file or clock. */
export interface JobLauncher {
  /** This process, as the holder of what it starts. */
  identity(): Promise<ProcessIdentity>;
  /** Throws `ArgumentInvalid`, `RuntimeNotFound`, `RuntimeVersionNotSupported`, `CredentialNotSupported` for a command that the system could never start: before a job exists. */
  check(command: CommandLine): void;
  /** Throws a `JobError` that never holds a value for a secret of a command that is not to be had now: before a job exists. Its `path` names the secret. */
  checkSecrets(command: CommandLine): Promise<void>;
  /** Hands a command to its shim. Resolves when the shim has claimed the run, or with the sentence why it never will. */
  launch(instance: Instance, command: LaunchCommand, job: JobNames): Promise<Launched>;
  /** What the run folder and the processes say about a run. Changes nothing. Throws `InputOutputError` for what nobody can read just now. */
  observe(instance: Instance): Promise<Observation>;
  /** What of a run can never be read, as an error of reading its records tells; undefined: it may be read another time. */
  fault(instance: Instance, cause: unknown): Promise<Unreadable | undefined>;
  /** Takes a run folder out of the way, to `<run>.corrupt-<time>` beside it: nothing of it is deleted. Its new place; undefined when somebody was first. */
  setAside(instance: Instance): Promise<string | undefined>;
  /** Takes the claim of a run so that it can never start. False when it has been claimed. */
  revoke(instance: Instance): Promise<boolean>;
  /** Leaves a wish for a run of JavaScript, and tells its host. The answer is a question, to be asked until it is answered. */
  wish(instance: Instance, wish: CodeRunWish): Promise<() => Promise<WishAnswer | undefined>>;
  /** Ends the host of a run of JavaScript at once: it says nothing of it. */
  cutOff(instance: Instance): Promise<void>;
  /** Ends the whole process tree of a run: softly, after the grace period by force. Resolves when it is gone. */
  end(instance: Instance, how: { readonly force: boolean; readonly gracePeriod: number }): Promise<void>;
  /** Holds the processes of a run still, but those that keep its books. */
  suspend(instance: Instance): Promise<void>;
  /** Lets them go on. */
  resume(instance: Instance): Promise<void>;
  /** The address of a run's debugger, opened if need be; undefined when it has none. `taken`: the address that it would have had, which another process has. */
  inspector(instance: Instance): Promise<string | { readonly taken: string } | undefined>;
  /** Pauses a run through its debugger; `paused` is called when it stands still. Resolves when it goes on. */
  pause(instance: Instance, address: string, paused: () => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Ends what finished runs have left running; one look at the processes serves all of them. */
  endStrays(instances: readonly Instance[]): Promise<void>;
  /** Wakes when a run may have ended, with `output` also when it may have written, and in any case after a short while. Hints may be lost. */
  watch(instances: readonly Instance[], what: 'end' | 'output'): Watch;
}

/** A command, and an open descriptor of the caller's whose bytes up to their end become standard input. */
export type LaunchCommand = CommandLine & { readonly inputDescriptor?: number; /** JavaScript in place of a program: then `argv` is only a name. */ readonly code?: CodeLaunch };

/** The variables of cli.md section 2 speak of the job that get-job lists. */
export interface JobNames {
  readonly id: number;
  readonly instanceId: string;
  readonly name: string;
  /** Of a child of a job that runs something itself: that job's id. Default: it is nobody's child. */
  readonly parentId?: number;
  /** Of a triggered job also what was due. Default: nothing was. */
  readonly origin?: JobOrigin;
}

export type Launched =
  /** `ended` resolves when the shim has gone, as long as this process lives. Absent: nobody tells. */
  | { readonly beginTime: Date; readonly ended?: Promise<void> }
  /**
   * `statusMessage` begins with `ProgramNotFound`, `NotExecutable` and their like. `scarce`: the system lacked processes,
   * descriptors or memory, and nothing was left behind: the same attempt may be launched again.
   */
  | { readonly failed: string; readonly scarce?: true };

/** What the host of a run of JavaScript has written down. */
export interface CodeSeen {
  /** When its work began; absent: it has not. */
  readonly started?: Date;
  readonly outcome?: CodeRunEnd & { readonly at: Date };
  /** With what another host finds the run, whose work has no end so far. Absent: it does not outlive its host. */
  readonly token?: string;
  /** Whether an attempt so far has left a checkpoint. */
  readonly checkpoint: boolean;
}

/** What a host has done of a wish: it is carried out, or why it is not. */
export interface WishAnswer {
  readonly error?: { readonly message: string; readonly code?: string };
}

/** What a watcher has written down, in the newest attempt that ran. */
export interface WatcherSeen {
  /** The current attempt has come to the work, or has delivered something of it. */
  readonly reached: boolean;
  /** How the work has ended; absent: it may go on. */
  readonly outcome?: Pick<CodeRunEnd, 'state' | 'reason' | 'statusMessage' | 'exitCode' | 'signal'> & { readonly at: Date };
  /** Why it does not see the work any more, in its own words; or what is wrong with them. */
  readonly said?: string;
}

/** One look at a run; `code`: of a run of JavaScript, `watcher`: of a watcher of which an attempt has run. */
export type Observation = Look & { readonly code?: CodeSeen; readonly watcher?: WatcherSeen };

type Look =
  /** Nobody has taken it up for its attempt. `outputBytes`, here and below: what earlier attempts left, default 0. */
  | { readonly is: 'waiting'; readonly outputBytes?: number }
  /** `beforeBoot`: the machine went down since it was taken up, and a claim that was not on the disk by then is lost. Default: it did not. */
  | { readonly is: 'unclaimed'; readonly launcherAlive: boolean; readonly beforeBoot?: true; readonly outputBytes?: number }
  | { readonly is: 'revoked'; readonly outputBytes?: number }
  /** `held`: a debugger holds it at a breakpoint. */
  | { readonly is: 'running'; readonly beginTime: Date; readonly held: boolean }
  /** `unstarted`: the program behind an initialization script could not be started; as `failed` of a launch. */
  | { readonly is: 'ended'; readonly beginTime: Date; readonly endTime: Date; readonly exitCode?: number; readonly signal?: string; readonly reason?: StopReason; readonly outputBytes: number; readonly initialized: boolean; readonly unstarted?: string }
  /** The shim is gone and left no exit record. */
  | { readonly is: 'gone'; readonly beginTime: Date; readonly outputBytes: number; readonly timedOut: boolean }
  /** The run folder is not there any more. `keptAt`: its new place, where it could not be read. */
  | { readonly is: 'lost'; readonly keptAt?: string }
  /** Nothing of it runs, and something in its folder can never be read as what it should be. */
  | ({ readonly is: 'unreadable' } & Unreadable)
  /** Another machine or pid namespace runs it: not ours to judge. */
  | { readonly is: 'elsewhere' };

/** What cannot be read of a run, and why. */
export interface Unreadable {
  readonly file: string;
  readonly why: string;
}

export interface Watch extends Disposable {
  changed(signal?: AbortSignal): Promise<void>;
}
