import { JobError, type CommandLine } from '@nightshift/sdk';
import type { JobNames } from '@nightshift/core';

/** What a thread job sees of its process: set anew for each. */
const OF_THREADS = ['NIGHTSHIFT_THREAD_HOST', 'NIGHTSHIFT_JOB_ID', 'NIGHTSHIFT_INSTANCE_ID', 'NIGHTSHIFT_JOB_NAME', 'NIGHTSHIFT_RUN_DIR', 'NIGHTSHIFT_ATTEMPT'];

/** Variables that make programs load foreign code: they do not reach a job unless it was told so itself. Source: S11. */
const INJECTION = /^(NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/;

/** A job that a triggered job starts was not itself due; one that a child starts is nobody's child. */
const OF_TRIGGERS = ['NIGHTSHIFT_DUE_AT', 'NIGHTSHIFT_TRIGGER_ID', 'NIGHTSHIFT_PARENT_JOB_ID'];

/** All that a triggered job gets of the scheduler's own environment, which may hold anybody's secrets; and where our stores are. Source: S11. */
const FROM_SCHEDULER = /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|NIGHTSHIFT_STATE_DIR|NIGHTSHIFT_RUNTIME_DIR)$/;

/**
 * The environment of a job: the caller's minus what injects code, or of a triggered job a few variables of the scheduler's;
 * plus what was declared, plus what names the job.
 */
export function jobEnvironment(
  caller: NodeJS.ProcessEnv, declared: CommandLine['environment'], job: JobNames, run: { readonly folder: string; readonly attempt: number },
): Record<string, string> {
  // Without a prototype: __proto__ may be the name of a variable.
  const environment = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(caller)) {
    const passes = job.origin?.kind === 'trigger' ? FROM_SCHEDULER.test(name) : !INJECTION.test(name) && !OF_TRIGGERS.includes(name);
    if (value !== undefined && passes) environment[name] = value;
  }
  for (const [name, value] of Object.entries(declared ?? {})) {
    if (value === null) delete environment[name];
    else environment[name] = value;
  }
  return {
    ...environment,
    NIGHTSHIFT_JOB_ID: String(job.id),
    NIGHTSHIFT_INSTANCE_ID: job.instanceId,
    NIGHTSHIFT_JOB_NAME: job.name,
    NIGHTSHIFT_RUN_DIR: run.folder,
    NIGHTSHIFT_ATTEMPT: String(run.attempt),
    ...(job.parentId === undefined ? {} : { NIGHTSHIFT_PARENT_JOB_ID: String(job.parentId) }),
    ...(job.origin?.kind === 'trigger' ? { NIGHTSHIFT_DUE_AT: job.origin.dueAt.toISOString(), NIGHTSHIFT_TRIGGER_ID: job.origin.triggerId } : {}),
  };
}

/** The environment of a plugin's process: the caller's minus what injects code. */
export function pluginEnvironment(caller: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(caller).filter(([name]) => !INJECTION.test(name)));
}

/** The environment of a thread job, without what names the job. */
export function threadEnvironment(caller: NodeJS.ProcessEnv, declared: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const passed = Object.entries(caller).filter(([name, value]) => value !== undefined && !INJECTION.test(name) && !OF_TRIGGERS.includes(name) && !OF_THREADS.includes(name));
  return { ...(Object.fromEntries(passed) as Record<string, string>), ...declared };
}

/** That of a process of ours which runs other people's jobs: it gets none of theirs. */
export function hostEnvironment(caller: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(caller).filter(([name, value]) => value !== undefined && FROM_SCHEDULER.test(name))) as Record<string, string>;
}

/** Those of the scheduler's variables that no job gets which it starts by itself. */
export function withheldFromJobs(scheduler: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(scheduler).filter((name) => !FROM_SCHEDULER.test(name));
}

/** Functions that bash exports, and what every shell sets anew. */
const LOST_IN_THE_SHELL = /^(?:BASH_FUNC_.*|IFS|OPTIND|PPID)$/;

/**
 * Variables that would not survive the shell which the shim is. They travel as words of `env`, which every user of the
 * machine can read: so only what holds code or counts, never another name that a shell cannot hold (`my.password`). Those
 * are lost where /bin/sh drops them.
 */
export function variablesForEnv(environment: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(environment).filter(([name]) => LOST_IN_THE_SHELL.test(name)).map(([name, value]) => `${name}=${value}`);
}

/** One warning for each variable of the caller's that does not reach the job and was not declared for it. */
export function ignoredVariables(caller: NodeJS.ProcessEnv, declared: Readonly<Record<string, unknown>>): readonly JobError[] {
  return Object.keys(caller)
    .filter((name) => INJECTION.test(name) && !Object.hasOwn(declared, name))
    .map((name) => new JobError({ code: 'InjectionVariableIgnored', message: `${name} is not passed on to the job`, hint: `--env ${name}=… passes it on` }));
}
