import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { bad, doubtful, well, type Finding } from './finding.ts';
import { systemText, type Surroundings } from './surroundings.ts';

/** The zone in which triggers are read when they name none, and who says so. */
export function timeZone(surroundings: Surroundings, configured: string | undefined): Finding {
  const subject = 'time zone';
  const { TZ } = surroundings.environment;
  if (configured !== undefined) return well(subject, `${configured}, from the configuration`);
  if (TZ === undefined) return well(subject, `${hostZone()}, from ${localtime(surroundings)}`);
  const name = TZ.replace(/^:/, '');
  if (name === '') return well(subject, 'UTC, because TZ is empty');
  return isZone(name) ? well(subject, `${name}, from TZ`) : doubtful(subject, `TZ=${TZ} names no zone that is known here: times are in UTC`, 'unset TZ');
}

function hostZone(): string {
  const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  return zone === undefined || zone === 'Etc/Unknown' ? 'UTC' : zone;
}

function localtime({ system }: Surroundings): string {
  try {
    return `/etc/localtime -> ${readlinkSync(join(system, '/etc/localtime'))}`;
  } catch {
    return "the system's default";
  }
}

/** Whether this Node knows the zones of the world and their rules. */
export function zoneData(surroundings: Surroundings): Finding {
  const subject = 'zone data';
  const { icu, tz } = process.versions;
  const text = `tzdata ${tz ?? 'of an unknown version'}, ICU ${icu ?? 'missing'}`;
  const wrong = SAMPLES.filter(([zone, day, offset]) => offsetOf(zone, day) !== offset).map(([zone]) => zone);
  const fix = 'nvm install --lts';
  if (wrong.length > 0) return bad(subject, `${text}; this Node is wrong about ${wrong.join(', ')}`, fix);
  const zones = zonesOf(systemText(surroundings, '/usr/share/zoneinfo/zone.tab') ?? '');
  const unknown = zones.filter((zone) => !isZone(zone));
  if (unknown.length > 0) return doubtful(subject, `${text}; of ${zones.length} zones of the system ${unknown.length} are not known: ${unknown.slice(0, 3).join(', ')}`, fix);
  return well(subject, zones.length === 0 ? text : `${text}; all ${zones.length} zones of the system are known`);
}

/** Winter and summer on both halves of the world, and an offset that is no whole hour. */
const SAMPLES: readonly (readonly [zone: string, day: string, offset: string])[] = [
  ['Europe/Berlin', '2026-01-15', 'GMT+01:00'], ['Europe/Berlin', '2026-07-15', 'GMT+02:00'], ['America/New_York', '2026-07-15', 'GMT-04:00'],
  ['Australia/Lord_Howe', '2026-01-15', 'GMT+11:00'], ['Asia/Kathmandu', '2026-01-15', 'GMT+05:45'],
];

function offsetOf(zone: string, day: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(new Date(day)).find(({ type }) => type === 'timeZoneName')?.value;
  } catch {
    return undefined;
  }
}

/** The third column of the system's list; lines of comments begin with "#". */
export function zonesOf(list: string): readonly string[] {
  return list.split('\n').filter((line) => line !== '' && !line.startsWith('#')).flatMap((line) => line.split('\t')[2] ?? []);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
