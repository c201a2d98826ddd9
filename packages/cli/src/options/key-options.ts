/** Keys of definition files as options of a command line. */
import type { KeyRule } from '@nightshift/host/keys';
import type { Option } from './option-table.ts';

/** The long name without dashes: `daysOfWeek` is `--days-of-week`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What a value is called in the help, by what it is; texts by their key. */
const VALUES: Readonly<Record<string, string>> = { duration: 'DURATION', integer: 'N', number: 'N', days: 'DAY,…', timeZone: 'ZONE', size: 'SIZE', word: 'WORD', map: 'MAP', at: 'TIME', user: 'USER' };

/** An option with the description and the default of its key. */
export function optionOf(key: string, { value, description, default: otherwise, means }: KeyRule): Option {
  const sentence = description.slice(0, 1).toLowerCase() + description.slice(1).replace(/\.$/, '');
  if (value.is === 'boolean') return { kind: 'switch', help: means === undefined && otherwise === true ? `${sentence}; on unless =false` : sentence };
  const help = otherwise === undefined || Array.isArray(otherwise) ? sentence : `${sentence}; default ${String(otherwise)}`;
  return { kind: value.is === 'days' ? 'list' : 'text', value: VALUES[value.is] ?? VALUES[key] ?? 'TEXT', help, ...(value.is === 'word' ? { completes: value.words } : {}) };
}
