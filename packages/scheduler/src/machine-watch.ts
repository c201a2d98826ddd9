/**
 * Runs that mind the machine: those that are to be stopped when it goes on battery or comes into use, and those that take up
 * again what was stopped so, when nobody uses it any more.
 *
 *     running ─ on battery ──────────▶ stopped (condition)
 *        └───── in use ─▶ another job is put behind it, if asked for ─▶ stopped (condition) ─ idle again ─▶ the other job starts
 *
 * The other job is in the store before the first is stopped: whoever is killed in between finds it there. A look may take as
 * long as the machine wants: nobody waits for it. What the machine does not say stops nothing and starts nothing.
 */
import type { Clock, StopConditions } from '@nightshift/sdk';
import type { MachineFact, MachineFacts, MachineProbe } from './machine-probe.ts';
import type { Known } from './run-book.ts';

export interface MachineWatch {
  /** Looks, if it is time to. */
  tick(): void;
  /** When `tick` is wanted, by the monotonic clock; Infinity while nothing runs that minds, or a look goes on, whose end wakes the loop. */
  nextTick(): number;
  close(): Promise<void>;
}

export interface MachineWatchParts {
  readonly clock: Clock;
  readonly machine: MachineProbe;
  /** How many runs mind, which costs nothing to ask. */
  readonly count: () => number;
  readonly runs: () => readonly Known[];
  /** Stops a run for a reason; `restarts`: another one follows. Answers with false when it is to be tried again. */
  readonly stop: (one: Known, text: string, restarts: boolean) => Promise<boolean>;
  /** Nobody uses the machine: a run that waited for that may begin. */
  readonly begin: (one: Known) => Promise<void>;
  /** `nextTick` has another answer now. */
  readonly wake: () => void;
  readonly fail: (cause: unknown) => void;
}

/** Between two looks at the machine, in milliseconds. */
const PAUSE = 5_000;

/** What was seen of the machine while a run went on. */
interface Seen {
  mains?: true;
  idle?: true;
}

export function createMachineWatch({ clock, machine, count, runs, stop, begin, wake, fail }: MachineWatchParts): MachineWatch {
  const seen = new WeakMap<Known, Seen>();
  const ending = new WeakSet<Known>();
  let nextLook = -Infinity;
  let looking: Promise<void> | undefined;
  let isClosed = false;

  async function look(): Promise<void> {
    const facts = await machine.ask(new Set(runs().flatMap(factsFor)));
    const found = isClosed ? [] : runs();
    await Promise.all(found.map((one) => (one.phase === 'idle' ? goOn(one, facts) : judge(one, facts))));
  }
  async function goOn(one: Known, { idleFor }: MachineFacts): Promise<void> {
    if (idleFor !== undefined && idleFor >= idleDurationOf(one)) await begin(one);
  }
  async function judge(one: Known, facts: MachineFacts): Promise<void> {
    const conditions = one.run.run?.stopConditions;
    if (conditions === undefined || ending.has(one)) return;
    const before = seen.get(one) ?? {};
    const text = reasonToStop(conditions, facts, before);
    seen.set(one, { ...before, ...(facts.onBattery === false ? { mains: true } : {}), ...((facts.idleFor ?? -1) >= idleDurationOf(one) ? { idle: true } : {}) });
    if (text === undefined) return;
    ending.add(one);
    if (!(await stop(one, text, text === IN_USE && conditions.restarts === true))) ending.delete(one);
  }

  return {
    tick() {
      if (isClosed || looking !== undefined || clock.monotonic() < nextLook || count() === 0) return;
      nextLook = clock.monotonic() + PAUSE;
      looking = look().catch(fail).finally(() => {
        looking = undefined;
        wake();
      });
    },
    nextTick: () => (isClosed || looking !== undefined || count() === 0 ? Infinity : nextLook),
    async close() {
      isClosed = true;
      await looking;
    },
  };
}

const IN_USE = 'the machine is in use';

/** Why a run has to be stopped, if it has. Pure. Source: scheduled-jobs.md section 6, 8.3. */
export function reasonToStop({ onBattery, inUse, idleDuration = 0 }: StopConditions, facts: MachineFacts, before: Readonly<Seen>): string | undefined {
  if (facts.onBattery === true && (onBattery === 'always' || (onBattery === 'change' && before.mains === true))) return 'the machine is on battery';
  if (facts.idleFor === undefined || facts.idleFor >= idleDuration) return undefined;
  return inUse === 'always' || (inUse === 'change' && before.idle === true) ? IN_USE : undefined;
}

function factsFor({ phase, run }: Known): readonly MachineFact[] {
  if (phase === 'idle') return ['idle'];
  const { onBattery, inUse } = run.run?.stopConditions ?? {};
  return [...(onBattery === undefined ? [] : ['battery' as const]), ...(inUse === undefined ? [] : ['idle' as const])];
}

function idleDurationOf({ run }: Known): number {
  return run.run?.stopConditions?.idleDuration ?? 0;
}
