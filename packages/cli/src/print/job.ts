import type { JobView } from '@nightshift/host';
import { writeJson, writeText } from './json.ts';
import { lookOf } from './look.ts';
import { sanitiseLine } from './sanitise.ts';
import { STATE_LOOKS } from './states.ts';
import { layOut, type Column } from './table.ts';
import { writeError } from './terminal.ts';
import { localTime, shortTime } from './time.ts';
import { yaml } from './yaml.ts';

/** The forms of a listing. */
export const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'id'] as const;
export type Format = (typeof FORMATS)[number];

const COLUMNS: readonly Column<JobView>[] = [
  ['Id', ({ id }) => String(id)],
  ['Name', ({ name }) => name, { givesWay: 3 }],
  ['Type', ({ type }) => type, { givesWay: 4 }],
  ['State', ({ state }) => state, { symbol: ({ state }) => STATE_LOOKS[state][0], colour: ({ state }) => STATE_LOOKS[state][1] }],
  ['HasMoreData', ({ hasMoreData }) => (hasMoreData ? 'True' : 'False')],
  ['Location', ({ location }) => location, { givesWay: 2, least: 9 }],
];
const COMMAND: Column<JobView> = ['Command', ({ command }) => command, { givesWay: 1, least: 8 }];

function moreColumns(showTime: (time: Date) => string): readonly Column<JobView>[] {
  const timeOf = (time: string | null): string => (time === null ? '' : showTime(new Date(time)));
  return [
    ['Begin', ({ beginTime }) => timeOf(beginTime)],
    ['End', ({ endTime }) => timeOf(endTime)],
    ['Exit', ({ exitCode, signal }) => signal ?? (exitCode === null ? '' : String(exitCode))],
    ['Reason', ({ reason }) => reason ?? ''],
    ['Origin', ({ origin }) => originText(origin), { givesWay: 5 }],
  ];
}

/** Several jobs: an array in JSON, also when there is one or none. */
export function printJobs(jobs: readonly JobView[], format: Format): void {
  if (format === 'json') writeJson(jobs);
  else writeText(textOf(jobs, format));
}

/** The one job that a start made: an object in JSON. */
export function printJob(job: JobView, format: Format): void {
  if (format === 'json') writeJson(job);
  else writeText(format === 'yaml' ? yaml(job) : textOf([job], format));
}

function textOf(jobs: readonly JobView[], format: Exclude<Format, 'json'>): string {
  switch (format) {
    case 'jsonl':
      return jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
    case 'yaml':
      return yaml(jobs);
    case 'id':
      return jobs.map(({ id }) => `${id}\n`).join('');
    case 'wide':
      warnOfZone();
      return wideTable(jobs);
    case 'table':
      return jobs.length === 0 ? '' : layOut([...COLUMNS, COMMAND], jobs, lookOf(1));
  }
}

/** A terminal has room for little; whoever reads a pipe wants the day as well. */
function wideTable(jobs: readonly JobView[]): string {
  const look = lookOf(1);
  const now = new Date();
  return layOut([...COLUMNS, ...moreColumns(look.width === undefined ? localTime : (time) => shortTime(time, now)), COMMAND], jobs, look);
}

/** Node takes UTC for a zone that it does not know, in silence. */
function warnOfZone(): void {
  const zone = process.env['TZ'];
  if (zone === undefined || zone === '' || isZone(zone)) return;
  writeError(`get-job: warning: TimeZoneIgnored: TZ names no time zone that is known here ("${sanitiseLine(zone.slice(0, 200))}"); times are shown in UTC\n`);
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name.replace(/^:/, '') }).resolvedOptions();
    return true;
  } catch {
    return false;
  }
}

function originText(origin: JobView['origin']): string {
  switch (origin.kind) {
    case 'demand':
      return origin.runNow ? 'run now' : 'demand';
    case 'trigger':
      return `trigger ${origin.triggerId}${origin.catchUp ? ', caught up' : ''}`;
    case 'parent':
      return `job ${origin.parentId}`;
  }
}
