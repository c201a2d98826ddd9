import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '@nightshift/core';
import { bad, doubtful, well, type Finding } from './finding.ts';
import { sessionRoot } from './folders.ts';
import { systemNames, systemText, type Surroundings } from './surroundings.ts';

const SET_BY_NETWORK = 'sudo timedatectl set-ntp true';
const HOUR = 3_600_000;

/** The wall clock against itself, the clock of the board and what was written before. Source: reliability.md section 8. */
export function clock(surroundings: Surroundings): readonly Finding[] {
  const now = surroundings.clock.now();
  return [judgeYear(now), ...againstBoard(surroundings, now), ...monotonic(), ...againstFiles(surroundings, now), synchronisation(surroundings)];
}

export function judgeYear(now: Date): Finding {
  const year = now.getUTCFullYear();
  const text = now.toISOString();
  return year >= 2024 && year <= 2090 ? well('clock', text) : bad('clock', `${text}: the scheduler fires nothing before 2024 and after 2090`, SET_BY_NETWORK);
}

/** The board may keep local time, which is at most fourteen hours away from UTC. */
const FURTHEST = 26 * HOUR;

function againstBoard(surroundings: Surroundings, now: Date): readonly Finding[] {
  const seconds = Number(systemText(surroundings, '/sys/class/rtc/rtc0/since_epoch')?.trim() || Number.NaN);
  const apart = Math.abs(now.getTime() - seconds * 1_000);
  return apart > FURTHEST ? [doubtful('clock', `the clock of the board says ${new Date(seconds * 1_000).toISOString()}`, 'sudo hwclock --systohc')] : [];
}

function monotonic(): readonly Finding[] {
  const [first, second] = [process.hrtime.bigint(), process.hrtime.bigint()];
  return second >= first && first > 0n ? [] : [bad('clock', 'the monotonic clock of the system runs backward: no timeout can be kept', 'sudo reboot')];
}

/** Clocks of file servers and of this machine need not agree to the second. */
const TOLERANCE = 60_000;

/** What we wrote last bears a time that has not come yet: the clock was ahead then, or is behind now. */
function againstFiles({ environment, stores }: Surroundings, now: Date): readonly Finding[] {
  const [newest] = [stores.state, sessionRoot(environment, stores.state)].flatMap(databasesIn).toSorted((a, b) => b.time - a.time);
  if (newest === undefined || newest.time <= now.getTime() + TOLERANCE) return [];
  return [doubtful('clock', `${newest.path} was written at ${new Date(newest.time).toISOString()}, which is still to come: the clock has been set back`, `date; touch ${quoted([newest.path])}`)];
}

function databasesIn(folder: string): readonly { readonly path: string; readonly time: number }[] {
  try {
    const paths = readdirSync(folder).filter((name) => /^(?:jobs|ids)\.db(?:-wal)?$/.test(name)).map((name) => join(folder, name));
    return paths.map((path) => ({ path, time: statSync(path).mtimeMs }));
  } catch {
    // Whether a folder can be read is a finding of its own.
    return [];
  }
}

/** Daemons that set the clock, and the files that tell that they run. Their state cannot be read without running a program. */
const DAEMONS: readonly (readonly [name: string, path: string])[] = [
  ['chronyd', '/run/chrony/chronyd.pid'], ['chronyd', '/run/chronyd.pid'], ['chronyd', '/var/run/chrony/chronyd.pid'],
  ['ntpd', '/run/ntpd.pid'], ['ntpd', '/run/openntpd.pid'], ['ntpd', '/var/run/ntpd.pid'], ['ptp4l', '/run/ptp4l'],
];

/** systemd-timesyncd leaves a file when it has set the clock, and a folder when it has begun. */
function synchronisation(surroundings: Surroundings): Finding {
  const subject = 'time service';
  const timesyncd = systemNames(surroundings, '/run/systemd/timesync');
  if (timesyncd.includes('synchronized')) return well(subject, 'systemd-timesyncd has set the clock');
  const daemon = DAEMONS.find(([, path]) => isThere(surroundings, path));
  if (daemon !== undefined) return well(subject, `${daemon[0]} runs`);
  if (isThere(surroundings, '/run/systemd/timesync')) return doubtful(subject, 'systemd-timesyncd runs and has not set the clock yet', 'timedatectl timesync-status');
  return well(subject, 'none is seen; in a container the clock is that of the machine around it');
}

function isThere({ system }: Surroundings, path: string): boolean {
  return statSync(join(system, path), { throwIfNoEntry: false }) !== undefined;
}
