import type { JobView } from '@nightshift/host';
import { sanitiseLine } from './sanitise.ts';
import { writeJson, writeText } from './json.ts';
import { isTerminal, terminalWidth, writeError } from './terminal.ts';
import { table, type Column } from './table.ts';
import { yaml } from './yaml.ts';

/** The forms of a listing. */
export const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'id'] as const;
export type Format = (typeof FORMATS)[number];

const COLUMNS: readonly Column<JobView>[] = [
  ['Id', ({ id }) => String(id)],
  ['Name', ({ name }) => name],
  ['Type', ({ type }) => type],
  ['State', ({ state }) => state],
  ['HasMoreData', ({ hasMoreData }) => (hasMoreData ? 'True' : 'False')],
  ['Location', ({ location }) => location],
];
const COMMAND: Column<JobView> = ['Command', ({ command }) => command];
const MORE: readonly Column<JobView>[] = [
  ['Begin', ({ beginTime }) => localTime(beginTime)],
  ['End', ({ endTime }) => localTime(endTime)],
  ['Exit', ({ exitCode, signal }) => signal ?? (exitCode === null ? '' : String(exitCode))],
  ['Reason', ({ reason }) => reason ?? ''],
  ['Origin', ({ origin }) => originText(origin)],
];

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
      return table([...COLUMNS, ...MORE, COMMAND], jobs, isTerminal(1) ? terminalWidth() : undefined);
    case 'table':
      return jobs.length === 0 ? '' : table([...COLUMNS, COMMAND], jobs, isTerminal(1) ? terminalWidth() : undefined);
  }
}

/** Node takes UTC for a zone that it does not know, in silence. */
function warnOfZone(): void {
  const zone = process.env['TZ'];
  if (zone === undefined || zone === '' || isZone(zone)) return;
  writeError(`get-job: warning: TimeZoneIgnored: TZ names no time zone that is known here ("${sanitiseLine(zone)}"); times are shown in UTC\n`);
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

function localTime(time: string | null): string {
  if (time === null) return '';
  const date = new Date(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
