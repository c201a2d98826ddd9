import type { Clock } from '@nightshift/sdk';
import type { Alarm, NewDelivery, Outcome, Tellings } from '@nightshift/store';
import { didNotRun, sinceOf, type DefinitionNames, type Happening } from './happenings.ts';
import { isAbout, type Hook } from './hooks.ts';

/** Looks whether definitions have had no Completed run for too long. Everything is computed from rows; told is told until it recovers. */
export interface AlarmCheck {
  /** Begins and ends alarms. When the next look is wanted, in milliseconds from now; Infinity: nothing is waited for. */
  look(): Promise<number>;
}

export interface AlarmParts {
  readonly clock: Clock;
  readonly tellings: Tellings;
  readonly hooks: readonly Hook[];
  /** The definitions that are scheduled now, broken ones included. */
  readonly known: ReadonlyMap<string, DefinitionNames>;
  readonly deliveriesOf: (happening: Happening, hooks: readonly Hook[]) => Promise<readonly NewDelivery[]>;
}

/** By so many milliseconds the two clocks may differ before it is a jump, and so long after one nothing is concluded: it may be taken back, or what was missed be caught up. */
const JUMP = 2_000;
const AFTER_JUMP = 60_000;

export function createAlarmCheck({ clock, tellings, hooks, known, deliveriesOf }: AlarmParts): AlarmCheck {
  const waiting = hooks.filter(({ within }) => within !== undefined);
  const offset = (): number => clock.now().getTime() - clock.monotonic();
  let before = offset();
  let quietUntil = -Infinity;

  /** Milliseconds for which no conclusion is drawn from the clock. */
  function quiet(): number {
    const now = offset();
    if (Math.abs(now - before) > JUMP) quietUntil = clock.monotonic() + AFTER_JUMP;
    before = now;
    return Math.max(0, quietUntil - clock.monotonic());
  }
  return {
    async look() {
      if (waiting.length === 0) return Infinity;
      const left = quiet();
      const now = clock.now();
      if (left > 0 || !isPlausible(now)) return Math.max(left, JUMP);
      const told = new Set(tellings.alarms().map(keyOf));
      const [begun, deliveries, ended]: [Alarm[], NewDelivery[], Alarm[]] = [[], [], []];
      let next = Infinity;
      for (const { hook, outcome, definition } of watched(waiting, known, tellings, now)) {
        const within = hook.within as number;
        const rest = sinceOf(outcome).getTime() + within - now.getTime();
        const alarm = { hook: hook.id, definition: outcome.definition };
        if (rest > 0) next = Math.min(next, rest);
        if (rest > 0 && told.has(keyOf(alarm))) ended.push(alarm);
        if (rest > 0 || told.has(keyOf(alarm))) continue;
        begun.push(alarm);
        deliveries.push(...(await deliveriesOf(didNotRun(definition, outcome, within, now), [hook])));
      }
      if (begun.length + ended.length > 0) tellings.setAlarms(begun, deliveries, ended, now);
      return next;
    },
  };
}

/** The scheduler itself does nothing by another clock. Source: scheduled-jobs.md 7.9. */
function isPlausible(now: Date): boolean {
  return now.getUTCFullYear() >= 2024 && now.getUTCFullYear() <= 2090;
}

function* watched(hooks: readonly Hook[], known: ReadonlyMap<string, DefinitionNames>, tellings: Tellings, now: Date): Generator<{ readonly hook: Hook; readonly outcome: Outcome; readonly definition: DefinitionNames }> {
  const keys = [...known.values()].filter(({ name }) => hooks.some((hook) => isAbout(hook, name))).map(({ key }) => key);
  if (keys.length === 0) return;
  for (const outcome of tellings.outcomes(keys, now)) {
    const definition = known.get(outcome.definition) as DefinitionNames;
    for (const hook of hooks) if (isAbout(hook, definition.name)) yield { hook, outcome, definition };
  }
}

function keyOf({ hook, definition }: Alarm): string {
  return `${hook} ${definition}`;
}
