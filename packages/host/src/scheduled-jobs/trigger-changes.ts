import { JobError } from '@nightshift/sdk';
import { KIND_NAMES, shortKeyOf } from './trigger-entry.ts';
import type { TypedTrigger } from './trigger-flags.ts';

/** New values by the keys of a trigger, from a program. */
export type TriggerValues = Readonly<Record<string, unknown>>;

/** As if they had been typed: `cron` and `every` name their kind themselves. Throws `SetJobTriggerParameterValidationError` for a kind that nobody knows. */
export function typedChanges({ kind, ...values }: TriggerValues): TypedTrigger {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const short = KIND_NAMES.filter((name) => shortKeyOf(name) !== undefined && given.some(([key]) => key === name));
  const kinds = [...new Set([...(kind === undefined ? [] : [String(kind)]), ...short])];
  const unknown = kinds.find((one) => !KIND_NAMES.includes(one));
  if (unknown !== undefined) throw new JobError({ code: 'SetJobTriggerParameterValidationError', message: `"${unknown}" is no kind of trigger`, hint: `it is one of ${KIND_NAMES.join(', ')}` });
  return { kinds, values: Object.fromEntries(given.map(([key, value]) => [key, typeof value === 'boolean' ? value : String(value)])) };
}
