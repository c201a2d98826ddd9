import { nextDueTimes } from '../../packages/scheduler/src/index.ts';
import { parseDuration } from '../../packages/sdk/src/index.ts';
import { code, table } from './markdown.ts';
import { yaml } from './yaml.ts';

/** What the pages compute times in. Its clocks go forward on 28 March 2027 and back on 31 October 2027. */
export const ZONE = 'Europe/Berlin';

const CRON = [
  '*/15 8-18 * * mon-fri', '0 3 * * *', '30 6 1 * *', '0 22-2 * * *', '0 12 L * *', '0 9 15W * *', '0 9 * * mon#1', '0 18 * * friL', '15,45 * * * *', '0 0 1 jan,jul *', '*/20 * * * * *', '@weekly',
];

/** Each with its next due times in the new year, as the product computes them. */
export function cronTable(): string {
  return table(['expression', 'next due times after 1 January 2027, 00:00'], CRON.map((expression) => [code(expression), dueTimes({ cron: expression }, '2026-12-31T23:00:00Z', 3).map(({ local }) => local).join('<br>')]));
}

const AROUND_THE_GAP = '2027-03-28T00:15:00Z';
const AROUND_THE_OVERLAP = '2027-10-30T23:45:00Z';

const CHANGES: readonly (readonly [trigger: Readonly<Record<string, unknown>>, after: string])[] = [
  [{ daily: { at: '02:30' } }, AROUND_THE_GAP],
  [{ cron: '30 2 * * *' }, AROUND_THE_GAP],
  [{ cron: '*/30 * * * *' }, AROUND_THE_GAP],
  [{ every: '30m' }, AROUND_THE_GAP],
  [{ daily: { at: '02:30' } }, AROUND_THE_OVERLAP],
  [{ cron: '*/30 * * * *' }, AROUND_THE_OVERLAP],
];

/** What becomes of due times on the two nights of a year that are longer or shorter. */
export function clockChangeTable(): string {
  const rows = CHANGES.map(([trigger, after]) => [
    code(yaml(trigger).slice(2, -2)),
    after === AROUND_THE_GAP ? 'forward, 28 March 2027' : 'back, 31 October 2027',
    dueTimes(trigger, after, 4).slice(0, 'daily' in trigger || trigger['cron'] === '30 2 * * *' ? 2 : 4).map(({ local, offset, note }) => `${local} ${offset}${note === '' ? '' : ` (${note})`}`).join('<br>'),
  ]);
  return table(['trigger', 'clocks go', 'due'], rows);
}

const DURATIONS = ['250ms', '90s', '5m', '1h30m', '2d', '1w', '1.5h', 'PT5M', 'P1DT12H', '0'];

export function durationTable(): string {
  return table(['written', 'seconds'], DURATIONS.map((text) => [code(text), (parseDuration(text) / 1_000).toLocaleString('en')]));
}

function dueTimes(trigger: unknown, after: string, limit: number): { local: string; offset: string; note: string }[] {
  const times = nextDueTimes(trigger, { knownSince: new Date(after), after: new Date(after), limit, timeZone: ZONE });
  return times.map(({ dueAt, note }) => ({ ...localTime(dueAt), note }));
}

/** `Fri 1 Jan 2027 03:00`, with seconds where there are any, and the offset. */
function localTime(instant: Date): { local: string; offset: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: ZONE, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'longOffset',
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const seconds = part['second'] === '00' ? '' : `:${part['second']}`;
  return { local: `${part['weekday']} ${part['day']} ${part['month']} ${part['year']} ${part['hour']}:${part['minute']}${seconds}`, offset: (part['timeZoneName'] as string).replace('GMT', '') };
}
