import type { Read } from './complaint.ts';
import { daysOfWeek } from './trigger-values.ts';
import { dayName } from './words/value-words.ts';

/** The names of days as `daysOfWeek` of a trigger takes them, in the order given, each once. */
export function readDayNames(value: unknown): Read<readonly string[]> {
  const read = daysOfWeek(value);
  return 'value' in read ? { value: read.value.map(dayName) } : read;
}
