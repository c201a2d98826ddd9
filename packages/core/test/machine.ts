import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, CommandLine, Instance, ProcessIdentity, StopReason } from '@nightshift/sdk';
import { attemptFolder, outputBytesOf, RUN_FILES } from '@nightshift/store';
import type { CodeRunWish, CodeSeen, JobLauncher, JobNames, Launched, Observation, Unreadable, Watch, WatcherSeen, WishAnswer } from '../src/index.ts';

export const HERE: ProcessIdentity = { host: 'here', boot: 'boot-1', pid: 100, startTime: '7' };

interface Run {
  claim?: 'shim' | 'recovery';
  beginTime?: Date;
  end?: { readonly at: Date; readonly exitCode?: number; readonly signal?: string; readonly reason?: StopReason };
  /** The shim died and left no record. */
  isGone?: boolean;
  isElsewhere?: boolean;
  onEnd?: () => void;
  /** Survives every signal. */
  isImmortal?: boolean;
}

/**
 * The operating system, in memory: processes that print, exit and die when the test says so. What they print lies in the
 * run folder, where the store reads it; a claim can be had once, by the shim or by a recovery.
 */
export class Machine implements JobLauncher {
  /** What the next launches answer in place of a process. */
  refusal: string | undefined;
  /** For so many launches the system has no process left. */
  scarceLaunches = 0;
  /** Happens after the rows are there and before the shim claims. */
  beforeClaim: ((instance: Instance) => Promise<void>) | undefined;
  /** Happens when a run is looked at, before the answer. */
  beforeLook: ((instance: Instance) => Promise<void>) | undefined;
  /** Happens when a run is asked to end. */
  beforeEnd: ((instance: Instance) => Promise<void>) | undefined;
  /** Happens when a run is held still or let go, before it is. */
  beforeSignal: ((instance: Instance) => Promise<void>) | undefined;
  /** Of every run's debugger; undefined: none has one. */
  address: string | undefined;
  launcherAlive = true;
  /** Runs that stand still. */
  readonly held = new Set<number>();
  /** Runs that a debugger holds. */
  readonly atBreakpoint = new Set<number>();
  readonly checked: CommandLine[] = [];
  readonly launched: { readonly instance: Instance; readonly command: CommandLine; readonly job: JobNames }[] = [];
  readonly ended: { readonly id: number; readonly force: boolean; readonly gracePeriod: number }[] = [];
  /** What the hosts of JavaScript have written down, by the id of their job. */
  readonly code = new Map<number, CodeSeen>();
  /** What watchers have written down, by the id of their job. */
  readonly watchers = new Map<number, WatcherSeen>();
  /** What a host makes of a wish. Default: it is carried out. */
  onWish: ((instance: Instance, wish: CodeRunWish) => Promise<WishAnswer | undefined>) | undefined;
  readonly wishes: { readonly id: number; readonly wish: CodeRunWish }[] = [];
  readonly strays: number[] = [];
  readonly #clock: Clock;
  readonly #runs = new Map<string, Run>();
  readonly #damage = new Set<number>();
  #keptAt: string | undefined;
  readonly #listeners = new Set<() => void>();
  #onWatched: (() => void) | undefined;
  #watched = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async identity(): Promise<ProcessIdentity> {
    return HERE;
  }

  check(command: CommandLine): void {
    this.checked.push(command);
  }

  async checkSecrets(): Promise<void> {}

  async launch(instance: Instance, command: CommandLine, job: JobNames): Promise<Launched> {
    this.launched.push({ instance, command, job });
    await this.beforeClaim?.(instance);
    if (this.scarceLaunches-- > 0) return { failed: 'SpawnFailed: the system could not start a process (EAGAIN)', scarce: true };
    if (this.refusal !== undefined) return { failed: this.refusal };
    if (this.#runOf(instance).claim !== undefined) return { failed: 'SpawnFailed: the run could not be claimed' };
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#runOf(instance).onEnd = resolve;
    return { beginTime: this.claim(instance), ended };
  }

  async observe(instance: Instance): Promise<Observation> {
    const seen = await this.#look(instance);
    const watcher = instance.run?.watches === true ? this.watchers.get(instance.id) : undefined;
    if (watcher !== undefined) return { ...seen, watcher };
    return instance.run?.form === 'code' ? { ...seen, code: this.code.get(instance.id) ?? { checkpoint: false } } : seen;
  }

  async #look(instance: Instance): Promise<Observation> {
    await this.beforeLook?.(instance);
    if (instance.run !== undefined && instance.run.holder === undefined) return { is: 'waiting' };
    const { claim, beginTime, end, isGone, isElsewhere } = this.#runOf(instance);
    const folder = folderOf(instance);
    if (!existsSync(folder)) return { is: 'lost', ...(this.#keptAt === undefined ? {} : { keptAt: this.#keptAt }) };
    if (this.#damage.has(instance.id)) return { is: 'unreadable', file: join(folder, 'claim'), why: 'it names no process' };
    if (isElsewhere === true) return { is: 'elsewhere' };
    if (claim === undefined || beginTime === undefined) return { is: 'unclaimed', launcherAlive: this.launcherAlive };
    if (claim === 'recovery') return { is: 'revoked' };
    const outputBytes = outputBytesOf(folder);
    if (end !== undefined) {
      const { at: endTime, ...how } = end;
      return { is: 'ended', ...how, beginTime, endTime, outputBytes, initialized: true };
    }
    return isGone === true ? { is: 'gone', beginTime, outputBytes, timedOut: false } : { is: 'running', beginTime, held: this.atBreakpoint.has(instance.id) };
  }

  async fault(_instance: Instance, cause: unknown): Promise<Unreadable | undefined> {
    const { path, message } = cause as NodeJS.ErrnoException;
    return path === undefined ? undefined : { file: path, why: message };
  }

  async setAside({ runFolder }: Instance): Promise<string | undefined> {
    if (!existsSync(runFolder as string)) return undefined;
    const target = `${runFolder}.corrupt-now`;
    renameSync(runFolder as string, target);
    this.#damage.clear();
    this.#keptAt = target;
    return target;
  }

  /** Something in its folder cannot be read. */
  damage(instance: Instance): void {
    this.#damage.add(instance.id);
  }

  async revoke(instance: Instance): Promise<boolean> {
    const run = this.#runOf(instance);
    if (run.claim !== undefined) return false;
    Object.assign(run, { claim: 'recovery', beginTime: this.#clock.now() });
    return true;
  }

  async end(instance: Instance, how: { readonly force: boolean; readonly gracePeriod: number }): Promise<void> {
    this.ended.push({ id: instance.id, ...how });
    await this.beforeEnd?.(instance);
    const run = this.#runOf(instance);
    if (run.claim === 'shim' && run.end === undefined && run.isGone !== true && run.isImmortal !== true) this.exit(instance, { signal: how.force ? 'SIGKILL' : 'SIGTERM' });
  }

  async suspend(instance: Instance): Promise<void> {
    await this.beforeSignal?.(instance);
    this.held.add(instance.id);
  }

  async resume(instance: Instance): Promise<void> {
    await this.beforeSignal?.(instance);
    this.held.delete(instance.id);
  }

  async wish(instance: Instance, wish: CodeRunWish): Promise<() => Promise<WishAnswer | undefined>> {
    this.wishes.push({ id: instance.id, wish });
    const answer = this.onWish === undefined ? {} : await this.onWish(instance, wish);
    return async () => answer;
  }

  async cutOff(instance: Instance): Promise<void> {
    this.exit(instance, { signal: 'SIGKILL' });
  }

  async inspector(): Promise<string | { readonly taken: string } | undefined> {
    return this.address;
  }

  async pause(instance: Instance, _address: string, paused: () => Promise<void>, signal: AbortSignal): Promise<void> {
    this.atBreakpoint.add(instance.id);
    await paused();
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    this.atBreakpoint.delete(instance.id);
  }

  async endStrays(instances: readonly Instance[]): Promise<void> {
    this.strays.push(...instances.map(({ id }) => id));
  }

  watch(): Watch {
    let hinted = false;
    let wake: (() => void) | undefined;
    const stopWaiting = (): void => {
      if (wake === undefined) return;
      this.#watched--;
      wake();
      wake = undefined;
    };
    const listener = (): void => {
      hinted = true;
      stopWaiting();
    };
    this.#listeners.add(listener);
    return {
      changed: async (signal) => {
        if (!hinted && signal?.aborted !== true) {
          await new Promise<void>((done) => {
            wake = done;
            signal?.addEventListener('abort', stopWaiting, { once: true });
            this.#watched++;
            this.#onWatched?.();
          });
        }
        hinted = false;
      },
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
      },
    };
  }

  /** How many watches are still held. */
  get watches(): number {
    return this.#listeners.size;
  }

  /** Resolves when somebody waits for a change. */
  async watched(): Promise<void> {
    if (this.#watched > 0) return;
    await new Promise<void>((resolve) => (this.#onWatched = resolve));
  }

  /** Something may have changed. */
  hint(): void {
    for (const listener of this.#listeners) listener();
  }

  /** A shim takes the run over. */
  claim(instance: Instance): Date {
    const beginTime = this.#clock.now();
    Object.assign(this.#runOf(instance), { claim: 'shim', beginTime });
    for (const name of [RUN_FILES.stdout, RUN_FILES.stderr]) writeFileSync(join(folderOf(instance), name), '', { flag: 'a' });
    this.hint();
    return beginTime;
  }

  print(instance: Instance, channel: 'stdout' | 'stderr', text: string | Uint8Array): void {
    appendFileSync(join(folderOf(instance), RUN_FILES[channel]), text);
    this.hint();
  }

  exit(instance: Instance, how: { readonly exitCode?: number; readonly signal?: string; readonly reason?: StopReason }): void {
    const run = this.#runOf(instance);
    run.end = { at: this.#clock.now(), ...how };
    run.onEnd?.();
    this.hint();
  }

  /** The shim dies without a word. */
  kill(instance: Instance): void {
    const run = this.#runOf(instance);
    run.isGone = true;
    run.onEnd?.();
    this.hint();
  }

  makeImmortal(instance: Instance): void {
    this.#runOf(instance).isImmortal = true;
  }

  /** Another machine with the same home folder runs it. */
  takeAway(instance: Instance): void {
    this.#runOf(instance).isElsewhere = true;
    this.hint();
  }

  bringBack(instance: Instance): void {
    this.#runOf(instance).isElsewhere = false;
    this.hint();
  }

  /** Each attempt is a run of its own. */
  #runOf({ instanceId, attempt }: Instance): Run {
    const key = `${instanceId}/${attempt}`;
    const run = this.#runs.get(key) ?? {};
    this.#runs.set(key, run);
    return run;
  }
}

function folderOf({ runFolder, attempt }: Instance): string {
  return attemptFolder(runFolder as string, attempt);
}
