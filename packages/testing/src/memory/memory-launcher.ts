/**
 * The operating system of a test host. Programs are real processes, with nothing around them: no shim and no run folder, so
 * they end with the test. JavaScript runs in this process, looked after as in a host of its own, by the clock of the test.
 */
import { readFileSync, watch } from 'node:fs';
import { superviseRun, type AnyCodeJobType, type CodeLaunch, type CodeRunWish, type JobLauncher, type JobNames, type LaunchCommand, type Launched, type Observation, type Registry, type RunChildren, type Watch, type WishAnswer } from '@nightshift/core';
import { JobError, type Clock, type Instance, type ProcessIdentity, type StopReason } from '@nightshift/sdk';
import { LineCutter } from './line-cutter.ts';
import { createBooks, createSink } from './memory-books.ts';
import { codeSeen, type MemoryRun } from './memory-run.ts';
import type { MemoryStore } from './memory-store.ts';
import { runProgram } from './run-program.ts';
import { WatcherFolders } from './watcher-folders.ts';

export interface LauncherParts {
  readonly clock: Clock;
  readonly types: Registry;
  readonly storeOf: (instance: Instance) => Promise<MemoryStore>;
  readonly childrenOf: (instance: Instance, store: MemoryStore, workingDirectory: string) => RunChildren;
  readonly warn: (warning: JobError) => void;
}

const HERE: ProcessIdentity = { host: 'memory', boot: 'memory', pid: 1, startTime: '1' };
const GRACE_PERIOD = 10_000;

export class MemoryLauncher implements JobLauncher {
  readonly #parts: LauncherParts;
  readonly #runs = new Map<string, MemoryRun>();
  readonly #revoked = new Set<string>();
  readonly #checkpoints = new Map<string, string>();
  readonly #watchers = new WatcherFolders();
  readonly #listeners = new Set<() => void>();

  constructor(parts: LauncherParts) {
    this.#parts = parts;
  }

  async identity(): Promise<ProcessIdentity> {
    return HERE;
  }

  check({ user }: LaunchCommand): void {
    if (user !== undefined) throw new JobError({ code: 'CredentialNotSupported', message: 'a test host runs nothing as another user' });
  }

  async checkSecrets(command: LaunchCommand): Promise<void> {
    secretsOf(command);
  }

  async launch(instance: Instance, command: LaunchCommand, job: JobNames): Promise<Launched> {
    const key = keyOf(instance);
    if (this.#revoked.has(key) || this.#runs.has(key)) return { failed: 'SpawnFailed: the run could not be claimed' };
    const store = await this.#parts.storeOf(instance);
    try {
      const run = command.code === undefined ? this.#startProgram(store, instance, command, job) : await this.#startCode(store, instance, command, command.code, job);
      return { beginTime: run.beginTime, ended: run.ended };
    } catch (cause) {
      return { failed: (cause as Error).message };
    }
  }

  async observe(instance: Instance): Promise<Observation> {
    const seen = this.#look(instance);
    const watcher = instance.run?.watches === true ? this.#watchers.seen(instance) : undefined;
    return watcher === undefined ? seen : { ...seen, watcher };
  }

  #look(instance: Instance): Observation {
    if (instance.run?.holder === undefined) return { is: 'waiting' };
    const run = this.#runs.get(keyOf(instance));
    if (run === undefined) return this.#revoked.has(keyOf(instance)) ? { is: 'revoked' } : { is: 'unclaimed', launcherAlive: true };
    const { beginTime, end, outputBytes } = run;
    const code = run.code === undefined ? {} : { code: codeSeen(run, this.#checkpoints.has(instance.instanceId)) };
    return end === undefined ? { is: 'running', beginTime, held: false, ...code } : { is: 'ended', beginTime, ...end, outputBytes, initialized: true, ...code };
  }

  async revoke(instance: Instance): Promise<boolean> {
    if (this.#runs.has(keyOf(instance))) return false;
    this.#revoked.add(keyOf(instance));
    return true;
  }

  async end(instance: Instance, { force, gracePeriod }: { readonly force: boolean; readonly gracePeriod: number }): Promise<void> {
    const run = this.#runs.get(keyOf(instance));
    if (run === undefined || run.end !== undefined) return;
    if (instance.run?.watches === true) this.#watchers.wishEnd(instance);
    if (run.code === undefined) return this.#endProgram(run, force ? 0 : gracePeriod);
    const [now = instance] = await (await this.#parts.storeOf(instance)).find({ ids: [instance.id] });
    const reason = now.stopReason ?? 'stopped';
    void run.code.wish(force ? { is: 'kill', reason } : { is: 'stop', reason, killAfter: gracePeriod });
    await run.ended;
  }

  async wish(instance: Instance, wish: CodeRunWish): Promise<() => Promise<WishAnswer | undefined>> {
    let answer: WishAnswer | undefined;
    const carriedOut = this.#runs.get(keyOf(instance))?.code?.wish(wish) ?? Promise.resolve();
    void carriedOut
      .then(() => (answer = {}), (cause: Error & { readonly code?: string }) => (answer = { error: { message: cause.message, ...(cause.code === undefined ? {} : { code: cause.code }) } }))
      .then(this.#hint);
    return async () => answer;
  }

  async cutOff(instance: Instance): Promise<void> {
    const run = this.#runs.get(keyOf(instance));
    if (run === undefined || run.end !== undefined) return;
    Object.assign(run, { isCutOff: true, end: { endTime: this.#parts.clock.now(), signal: 'SIGKILL' } });
    // What is left of it in this process is let go of; nobody hears what it says.
    void run.code?.wish({ is: 'kill', reason: 'shutdown' }).catch(() => {});
    this.#hint();
  }

  async suspend(instance: Instance): Promise<void> {
    this.#runs.get(keyOf(instance))?.program?.kill('SIGSTOP');
  }

  async resume(instance: Instance): Promise<void> {
    this.#runs.get(keyOf(instance))?.program?.kill('SIGCONT');
  }

  watch(): Watch {
    let isHinted = false;
    let wake: (() => void) | undefined;
    const listener = (): void => {
      isHinted = true;
      wake?.();
    };
    this.#listeners.add(listener);
    return {
      changed: async (signal) => {
        if (!isHinted && signal?.aborted !== true) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            signal?.addEventListener('abort', () => resolve(), { once: true });
          });
        }
        isHinted = false;
      },
      [Symbol.dispose]: () => void this.#listeners.delete(listener),
    };
  }

  /** Ends whatever still runs, without waiting for the clock of the test. */
  async close(): Promise<void> {
    const going = [...this.#runs.values()].filter(({ end }) => end === undefined);
    for (const { program, code } of going) {
      program?.kill('SIGKILL');
      void code?.wish({ is: 'kill', reason: 'shutdown' }).catch(() => {});
    }
    await Promise.all(going.map(({ program }) => program?.ended));
    this.#watchers.close();
  }

  async fault(): Promise<undefined> {}
  async setAside(): Promise<undefined> {}
  async inspector(): Promise<undefined> {}
  async endStrays(): Promise<void> {}

  async pause(): Promise<void> {
    throw new JobError({ code: 'DebugJobNoDebuggableJobsFound', message: 'a test host has no debugger' });
  }

  readonly #hint = (): void => {
    for (const listener of this.#listeners) listener();
  };

  #startProgram(store: MemoryStore, instance: Instance, command: LaunchCommand, job: JobNames): MemoryRun {
    const lines = new LineCutter(store, instance);
    const place = command.reattach === undefined ? undefined : this.#watchers.make(instance);
    // It says by a file that it has come to its work.
    const watching = place === undefined ? undefined : watch(place.attempt, this.#hint);
    const program = runProgram(command, { ...process.env, ...secretsOf(command), ...variablesOf(job, instance), ...place?.environment }, (channel, bytes) => {
      lines.hear(channel, bytes);
      run.outputBytes += bytes.length;
      this.#hint();
    });
    const over = new AbortController();
    const end = async (): Promise<void> => {
      const { exitCode, signal, unstarted } = await program.ended;
      over.abort();
      watching?.close();
      lines.finish();
      const endTime = this.#parts.clock.now();
      run.end = { endTime, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }), ...(unstarted === undefined ? {} : { exitCode: 127 }), ...(isTimedOut ? { reason: 'timeout' as StopReason } : {}) };
      this.#hint();
    };
    let isTimedOut = false;
    const run: MemoryRun = { beginTime: this.#parts.clock.now(), ended: end(), program, outputBytes: 0 };
    if (command.timeout !== undefined && command.reattach === undefined) {
      void this.#parts.clock.sleep(command.timeout, over.signal).then(() => {
        isTimedOut = true;
        return this.#endProgram(run, command.gracePeriod ?? GRACE_PERIOD);
      }, () => {});
    }
    this.#runs.set(keyOf(instance), run);
    return run;
  }

  /** Softly, after the grace period by force. */
  async #endProgram({ program, ended }: MemoryRun, gracePeriod: number): Promise<void> {
    if (gracePeriod > 0) {
      program?.kill('SIGTERM');
      program?.kill('SIGCONT');
      const over = new AbortController();
      void ended.then(() => over.abort());
      await this.#parts.clock.sleep(gracePeriod, over.signal).catch(() => {});
    }
    program?.kill('SIGKILL');
    await ended;
  }

  async #startCode(store: MemoryStore, instance: Instance, command: LaunchCommand, { reference, spec, argumentList }: CodeLaunch, job: JobNames): Promise<MemoryRun> {
    const { clock, types, warn } = this.#parts;
    const type = types.find(reference.type)?.type as AnyCodeJobType;
    // As a host of its own does: from what has been kept.
    const checked = await type.spec['~standard'].validate(structuredClone(spec));
    if (checked.issues !== undefined) throw new JobError({ code: 'DefinitionValueInvalid', message: checked.issues.map(({ message }) => message).join('; ') });
    const restored = this.#checkpoints.get(instance.instanceId);
    const place = { store, instance, clock, warn, run: () => run, hint: this.#hint, keepCheckpoint: (json: string) => void this.#checkpoints.set(instance.instanceId, json) };
    const origin = instance.origin.kind === 'parent' && instance.instanceId !== job.instanceId && job.origin !== undefined ? job.origin : instance.origin;
    const run: MemoryRun = {
      beginTime: clock.now(),
      outputBytes: 0,
      ended: Promise.resolve(),
    };
    this.#runs.set(keyOf(instance), run);
    const code = superviseRun(type, {
      plugin: reference.plugin, instance: { id: job.id, instanceId: job.instanceId, name: job.name, attempt: instance.attempt }, origin, spec: checked.value, argumentList,
      workingDirectory: command.workingDirectory ?? process.cwd(), environment: variablesOf(job, instance), secrets: secretsOf(command), gracePeriod: command.gracePeriod ?? GRACE_PERIOD,
      ...(command.timeout === undefined ? {} : { timeout: command.timeout }),
      ...(restored === undefined ? {} : { restored: JSON.parse(restored) as unknown }),
    }, { clock, ownProcess: true, books: createBooks(place), records: createSink(place), children: this.#parts.childrenOf(instance, store, command.workingDirectory ?? process.cwd()) });
    const end = async (): Promise<void> => {
      await code.ended;
      run.end ??= { endTime: run.outcome?.at ?? clock.now(), exitCode: 0, ...(run.outcome?.reason === 'timeout' ? { reason: 'timeout' } : {}) };
      this.#hint();
    };
    return Object.assign(run, { code, ended: end() });
  }
}

/** Each attempt is a run of its own. */
function keyOf({ instanceId, attempt }: Instance): string {
  return `${instanceId}/${attempt}`;
}

function variablesOf(job: JobNames, { attempt }: Instance): Record<string, string> {
  return { NIGHTSHIFT_JOB_ID: String(job.id), NIGHTSHIFT_INSTANCE_ID: job.instanceId, NIGHTSHIFT_JOB_NAME: job.name, NIGHTSHIFT_ATTEMPT: String(attempt) };
}

/** The values behind references, as they are at the start. */
function secretsOf({ secrets = {} }: LaunchCommand): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, reference]) => [name, secretOf(reference)]));
}

function secretOf(reference: string): string {
  const place = reference.slice(reference.indexOf(':') + 1);
  const value = reference.startsWith('env:') ? process.env[place] : readFileSync(place, 'utf8').replace(/\r?\n$/, '');
  if (value === undefined || value === '') throw new JobError({ code: 'DefinitionValueInvalid', message: `${reference} is empty or not there` });
  return value;
}

