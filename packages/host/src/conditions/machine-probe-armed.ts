/**
 * `NIGHTSHIFT_MACHINE=FILE`: the machine as FILE says it, `{"network": true, "onBattery": false, "idleFor": 600000}` in JSON,
 * that the driver of a test replaces by rename; what is not in it is unknown. `hangs: true`: it never answers. Without the
 * variable the machine is the real one.
 * The export condition `failpoints` puts this in the place of `machine-probe.ts`.
 */
import { readFileSync } from 'node:fs';
import type { MachineFacts, MachineProbe } from '@nightshift/scheduler';
import type { Clock } from '@nightshift/sdk';
import { machineProbe as real, probeOf } from './machine-probe.ts';

const file = process.env['NIGHTSHIFT_MACHINE'] ?? '';

export function machineProbe(system: string, clock: Pick<Clock, 'monotonic' | 'sleep'>): MachineProbe {
  if (file === '') return real(system, clock);
  const told = <Key extends keyof MachineFacts>(key: Key) => (): Promise<MachineFacts[Key]> | MachineFacts[Key] => {
    const facts = JSON.parse(readFileSync(file, 'utf8')) as MachineFacts & { readonly hangs?: boolean };
    return facts.hangs === true ? new Promise(() => {}) : facts[key];
  };
  return probeOf({ network: told('network'), onBattery: told('onBattery'), idleFor: told('idleFor') }, clock);
}
