import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Conditions } from '@nightshift/scheduler';
import type { Clock } from '@nightshift/sdk';

/** Where Linux shows batteries and chargers (sysfs-class-power). */
const SUPPLIES = 'sys/class/power_supply';

/** For so long an answer of the machine is believed, in milliseconds: ten thousand definitions may ask at once. */
const BELIEVED = 1_000;

/** Says which of the conditions this machine does not meet. `system` is the root of the file system. */
export function conditionsOf(system: string, clock: Pick<Clock, 'monotonic'>): (conditions: Conditions) => string | undefined {
  const [isOffline, isOnBattery] = [believed(clock, () => !hasNetwork()), believed(clock, () => runsOnBattery(system))];
  return ({ network, mains, idle }) => {
    if (network && isOffline()) return 'there is no network';
    if (mains && isOnBattery()) return 'the machine is on battery';
    return idle ? 'whether the machine is idle cannot be seen here' : undefined;
  };
}

function believed(clock: Pick<Clock, 'monotonic'>, ask: () => boolean): () => boolean {
  let until = -Infinity;
  let answer = false;
  return () => {
    const now = clock.monotonic();
    if (now >= until) [answer, until] = [ask(), now + BELIEVED];
    return answer;
  };
}

/** An address besides those of the machine's own loop. */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));
}

/** A machine without a battery is not on battery, and neither is one whose charger is plugged in. */
function runsOnBattery(system: string): boolean {
  const supplies = namesIn(join(system, SUPPLIES)).map((name) => join(system, SUPPLIES, name));
  const isPlugged = supplies.some((supply) => textOf(supply, 'type') !== 'Battery' && textOf(supply, 'online') === '1');
  return !isPlugged && supplies.some((supply) => textOf(supply, 'type') === 'Battery' && textOf(supply, 'scope') !== 'Device' && textOf(supply, 'status') === 'Discharging');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
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
