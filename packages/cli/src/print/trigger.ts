import type { TriggerView } from '@nightshift/host';
import type { Format } from './job.ts';
import { writeJson, writeJsonLines, writeText } from './json.ts';
import { printTable, type Column } from './table.ts';
import { writeOut } from './terminal.ts';
import { yaml } from './yaml.ts';

const DEFINITION: Column<TriggerView> = ['Definition', ({ definition }) => definition ?? '', { givesWay: 1 }];

const COLUMNS: readonly Column<TriggerView>[] = [
  ['Id', ({ id }) => String(id)],
  ['Kind', ({ kind }) => kind],
  ['Time', timeText, { givesWay: 2, least: 16 }],
  ['DaysOfWeek', daysText, { givesWay: 3 }],
  ['Enabled', ({ enabled }) => (enabled ? 'True' : 'False')],
];

const MORE: readonly Column<TriggerView>[] = [
  ['RandomDelay', ({ randomDelay }) => randomDelay ?? ''],
  ['TimeZone', ({ timeZone }) => timeZone ?? ''],
  ['DayMatch', ({ dayMatch }) => dayMatch ?? ''],
];

/** Triggers of definitions: a document with a list of them, whatever their number. */
export function printTriggers(triggers: readonly TriggerView[], format: Format): void {
  switch (format) {
    case 'json':
      return writeJson({ apiVersion: 1, triggers });
    case 'yaml':
      return writeText(yaml({ apiVersion: 1, triggers }));
    case 'jsonl':
      return writeJsonLines(triggers);
    case 'id':
      return writeOut(triggers.map(({ id }) => `${id}\n`).join(''));
    default:
      if (triggers.length > 0) printTable([...COLUMNS, ...(format === 'wide' ? MORE : []), DEFINITION], triggers);
  }
}

/** A trigger that belongs to no definition: its own keys in a document. */
export function printNewTrigger(trigger: TriggerView, format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, ...trigger });
  else if (format === 'yaml') writeText(yaml({ apiVersion: 1, ...trigger }));
  else if (format === 'jsonl') writeJsonLines([trigger]);
  else printTable([...COLUMNS, ...(format === 'wide' ? MORE : [])], [trigger]);
}

/** "daily 03:00", to say which one is meant. */
export function triggerText(trigger: TriggerView): string {
  const days = daysText(trigger);
  return [trigger.kind, timeText(trigger), days === '' ? '' : `on ${days}`].filter((word) => word !== '').join(' ');
}

/** All that says when it is due, but the days of a week. */
function timeText({ at, cron, every, user, daysInterval, weeksInterval, repetitionInterval, repetitionDuration, repeatIndefinitely }: TriggerView): string {
  const [interval, unit] = [daysInterval ?? weeksInterval ?? 1, daysInterval === null ? 'weeks' : 'days'];
  const again = repetitionInterval === null ? '' : `, every ${repetitionInterval}${repeatIndefinitely === true ? '' : ` for ${repetitionDuration}`}`;
  const when = at ?? cron ?? every ?? (user === null || user === '*' ? '' : `user ${user}`);
  return `${when}${interval === 1 ? '' : ` every ${interval} ${unit}`}${again}`;
}

function daysText({ daysOfWeek }: TriggerView): string {
  return daysOfWeek === null ? '' : daysOfWeek.length === 7 ? 'every day' : daysOfWeek.join(', ');
}
