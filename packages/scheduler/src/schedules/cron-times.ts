import type { CronFields } from './cron-language.ts';

/** The seconds of a day that an expression picks. */
export interface CronTimes {
  /** The first one at or after a second; -1 when the day has none any more. */
  next(from: number): number;
  /** How many there are up to a second, which is included. */
  upTo(second: number): number;
  /** How many a day has. */
  readonly perDay: number;
}

export function cronTimes(fields: CronFields): CronTimes {
  const hours = new Set(fields.hour);
  const perMinute = new Set(fields.second).size;
  const perHour = new Set(fields.minute).size * perMinute;
  const [beforeHour, beforeMinute, beforeSecond] = [countTable(fields.hour, 24), countTable(fields.minute, 60), countTable(fields.second, 60)];
  const minutes = new Set(fields.minute);
  return {
    next: nextTime(fields),
    upTo(at) {
      const [hour, minute, second] = [Math.floor(at / 3_600), Math.floor(at / 60) % 60, at % 60];
      const inMinute = minutes.has(minute) ? (beforeSecond[second + 1] as number) : 0;
      const inHour = hours.has(hour) ? (beforeMinute[minute] as number) * perMinute + inMinute : 0;
      return (beforeHour[hour] as number) * perHour + inHour;
    },
    perDay: hours.size * perHour,
  };
}

function nextTime(fields: CronFields): CronTimes['next'] {
  const hours = nextTable(fields.hour, 24);
  const minutes = nextTable(fields.minute, 60);
  const seconds = nextTable(fields.second, 60);
  const [firstMinute, firstSecond] = [at(minutes, 0), at(seconds, 0)];
  return (from) => {
    // As in adding by hand: a place that finds nothing carries one, and everything right of a place that moved starts anew.
    let second = at(seconds, from % 60);
    const wantedMinute = (Math.floor(from / 60) % 60) + (second < 0 ? 1 : 0);
    let minute = at(minutes, wantedMinute);
    if (minute !== wantedMinute || second < 0) second = firstSecond;
    const wantedHour = Math.floor(from / 3_600) + (minute < 0 ? 1 : 0);
    const hour = at(hours, wantedHour);
    if (hour < 0) return -1;
    if (minute < 0 || hour !== wantedHour) [minute, second] = [firstMinute, firstSecond];
    return hour * 3_600 + minute * 60 + second;
  };
}

/** For every number up to `size`, the smallest value at or after it, or -1. */
function nextTable(values: readonly number[], size: number): Int8Array {
  const table = new Int8Array(size + 1).fill(-1);
  for (let number = size - 1; number >= 0; number--) table[number] = values.includes(number) ? number : at(table, number + 1);
  return table;
}

function at(table: Int8Array, index: number): number {
  return table[index] ?? -1;
}

/** For every number up to `size`, how many values are smaller. */
function countTable(values: readonly number[], size: number): Uint8Array {
  const table = new Uint8Array(size + 1);
  for (let number = 0; number < size; number++) table[number + 1] = (table[number] as number) + (values.includes(number) ? 1 : 0);
  return table;
}
