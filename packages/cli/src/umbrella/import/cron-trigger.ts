import { translateCron, type CronDialect } from './cron-expression.ts';
import type { DraftTrigger } from './draft.ts';
import type { Remarks } from './remarks.ts';

/**
 * A cron trigger of a YAML format. `CRON_TZ=ZONE` or `TZ=ZONE` before the expression names its zone, as robfig/cron reads it,
 * and counts more than `zone`. `index`: which trigger of the definition it becomes.
 */
export function cronTrigger(text: string, zone: string | undefined, dialect: CronDialect, { place, index, remarks }: { readonly place: string; readonly index: number; readonly remarks: Remarks }): readonly DraftTrigger[] {
  const [, prefix, expression = text] = /^\s*(?:CRON_)?TZ=(\S+)\s+(.*)$/s.exec(text) ?? [];
  const translated = translateCron(expression, dialect);
  if ('lost' in translated) {
    remarks.triggerLost(place, translated.lost);
    return [];
  }
  for (const note of translated.notes) remarks.note(place, note, `triggers.${index}`);
  const timeZone = prefix ?? zone;
  return [{ place, source: text, value: { ...translated.trigger, ...(timeZone === undefined ? {} : { timeZone }) } }];
}
