import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerWithin } from '../launch/spawn-detached.ts';
import type { Senses } from './senses.ts';
import { hasNetwork } from './network.ts';

/** Where Linux shows batteries and chargers (sysfs-class-power). */
const SUPPLIES = 'sys/class/power_supply';

/**
 * What Linux says of itself. `system` is the root of the file system.
 *
 * Battery: the supplies of the kernel. A machine that shows none has none; nor is one on battery whose charger is plugged in.
 *
 * Idleness: what systemd-logind says of all sessions together (`IdleHint`, `IdleSinceHintMonotonic`). A terminal counts as
 * used until about five minutes after its last input, a desktop until its own delay has run out, for its desktop says so to
 * logind; what inhibits idleness, such as a film, keeps the machine in use. Where nobody is logged in it has been idle since it
 * was started. A desktop that tells logind nothing is never idle. Without logind, as in most containers, it is unknown.
 */
export function linuxSenses(system: string, monotonic: () => number): Senses {
  return {
    network: hasNetwork,
    onBattery: () => runsOnBattery(system),
    async idleFor(deadline) {
      const text = await answerWithin(['loginctl', 'show-session', '--property=IdleHint', '--property=IdleSinceHintMonotonic'], deadline);
      return text === undefined ? undefined : idleIn(text, monotonic());
    },
  };
}

/** Reads what `loginctl` says of its manager; `now` is the machine's monotonic clock in milliseconds. Undefined: it says nothing of it. */
export function idleIn(text: string, now: number): number | undefined {
  const facts = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]));
  const [hint, since = ''] = [facts.get('IdleHint'), facts.get('IdleSinceHintMonotonic')];
  if (hint === 'no') return 0;
  return hint === 'yes' && /^\d+$/.test(since) ? Math.max(0, now - Number(since) / 1_000) : undefined;
}

/** A machine without a battery is not on battery, and neither is one whose charger is plugged in. */
function runsOnBattery(system: string): boolean | undefined {
  const supplies = suppliesIn(join(system, SUPPLIES));
  if (supplies === undefined) return undefined;
  const isPlugged = supplies.some((supply) => textOf(supply, 'type') !== 'Battery' && textOf(supply, 'online') === '1');
  return !isPlugged && supplies.some((supply) => textOf(supply, 'type') === 'Battery' && textOf(supply, 'scope') !== 'Device' && textOf(supply, 'status') === 'Discharging');
}

/** None where the kernel knows no supplies at all; undefined where it may not be asked. */
function suppliesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? [] : undefined;
  }
}

/** Not every supply says everything of itself. */
function textOf(supply: string, fact: string): string | undefined {
  try {
    return readFileSync(join(supply, fact), 'utf8').trim();
  } catch {
    return undefined;
  }
}
