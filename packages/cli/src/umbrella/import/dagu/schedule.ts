/** `schedule:` of dagu: a cron expression, a list of them, a map with start, stop and restart, and typed entries. */
import { DAGU } from '../cron-expression.ts';
import { cronTrigger } from '../cron-trigger.ts';
import type { DraftTrigger } from '../draft.ts';
import { quoted, type Remarks } from '../remarks.ts';
import type { Step } from '../yaml-places.ts';
import { listOf, mapOf, textOf } from '../yaml-values.ts';

type Place = (...path: readonly Step[]) => string;

export function scheduleTriggers(schedule: unknown, place: Place, remarks: Remarks): readonly DraftTrigger[] {
  const map = mapOf(schedule);
  if (map === undefined || isEntry(schedule)) return startsOf(schedule, [], place, remarks);
  for (const key of ['stop', 'restart']) {
    for (const [index, entry] of listOf(map[key]).entries()) remarks.triggerLost(place(key, ...(Array.isArray(map[key]) ? [index] : [])), `schedule.${key}: ${quoted(expressionOf(entry) ?? '')} has no equal: nothing here ${key}s a job at a time`);
  }
  return startsOf(map['start'], ['start'], place, remarks);
}

function startsOf(value: unknown, path: readonly Step[], place: Place, remarks: Remarks): readonly DraftTrigger[] {
  const triggers: DraftTrigger[] = [];
  for (const [index, entry] of listOf(value).entries()) {
    const where = { place: place(...path, ...(Array.isArray(value) ? [index] : [])), index: triggers.length, remarks };
    const instant = textOf(mapOf(entry)?.['at']);
    const expression = expressionOf(entry);
    if (instant !== undefined) triggers.push({ place: where.place, source: instant, value: { once: { at: instant } } });
    else if (expression === undefined || expression === '') remarks.triggerLost(where.place, 'an entry of schedule is neither a cron expression nor a time');
    else triggers.push(...cronTrigger(expression, undefined, DAGU, where));
  }
  return triggers;
}

function isEntry(value: unknown): boolean {
  const map = mapOf(value);
  return map !== undefined && ['cron', 'expression', 'at', 'kind'].some((key) => key in map);
}

function expressionOf(entry: unknown): string | undefined {
  return textOf(entry) ?? textOf(mapOf(entry)?.['expression']) ?? textOf(mapOf(entry)?.['cron']);
}
