import { describe, expect, test } from 'vitest';
import { startTimeOf } from '../../src/launch/identity.ts';
import { carriersOf, sessionMembers, signal, signalGroup, ticksAt } from '../../src/launch/processes.ts';
import { runs, statField, until } from '../folder.ts';
import { createBench } from './bench.ts';

describe('the processes of a run', () => {
  test('are found by session and by what they carry', async () => {
    const bench = createBench();
    const [inside, outside] = (await bench.pidsOf('sleep 600 & echo $!; setsid sleep 600 & echo $!; exec sleep 600', 2)) as [number, number];
    await until('one has left the session', () => statField(outside, 6) === String(outside));
    const shim = Number(bench.read('claim')?.split(' ')[0]);
    const pidsOf = (found: readonly { readonly pid: number }[]) => found.map(({ pid }) => pid);
    expect(pidsOf(sessionMembers(shim))).toEqual(expect.arrayContaining([shim, inside]));
    expect(pidsOf(sessionMembers(shim))).not.toContain(outside);
    expect(pidsOf(carriersOf(new Set([bench.instance.instanceId])))).toEqual(expect.arrayContaining([inside, outside]));
  });

  test('are never this one', () => {
    expect(sessionMembers(Number(statField(process.pid, 6))).map(({ pid }) => pid)).not.toContain(process.pid);
    expect(carriersOf(new Set(['']))).toEqual([]);
  });
});

describe('a signal', () => {
  test('reaches a process that is still the one that was found', async () => {
    const bench = createBench();
    const [pid] = (await bench.pidsOf('echo $$; exec sleep 600', 1)) as [number];
    const found = { pid, startTime: startTimeOf(pid) as string };
    expect(signal({ ...found, startTime: '1' }, 'SIGKILL')).toBe(false);
    expect(signalGroup({ ...found, startTime: '1' }, 'SIGKILL')).toBe(false);
    expect(runs(pid)).toBe(true);
    expect(signal(found, 'SIGKILL')).toBe(true);
    await until('it is gone', () => !runs(pid));
    expect(signal(found, 'SIGKILL')).toBe(false);
  });
});

test('a moment is counted as the system counts start times', () => {
  const mine = Number(statField(process.pid, 22));
  const begun = new Date(Date.now() - process.uptime() * 1_000);
  expect(Math.abs(ticksAt(begun) - 100 - mine)).toBeLessThan(200);
});
