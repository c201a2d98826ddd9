/** Keys of definition files as options of a command line. */
import type { KeyRule } from '@nightshift/host/keys';
import type { Option } from './option-table.ts';

/** What a value is called in the help, by what it is; texts by their key. */
const VALUES: Readonly<Record<string, string>> = { duration: 'DURATION', integer: 'N', number: 'N', days: 'DAY,…', timeZone: 'ZONE', size: 'SIZE', word: 'WORD', map: 'MAP', at: 'TIME', user: 'USER' };

/** What an option takes beyond its key in a file. */
const MORE: Readonly<Record<string, string>> = { at: 'when: 03:00, 3:00 PM, 2026-12-24T18:00 or "Dec 24, 2026 6 PM"' };

/** An option with the description and the default of its key. */
export function optionOf(key: string, { value, description, default: otherwise, example, means }: KeyRule): Option {
  const sentence = sentenceOf(MORE[key] ?? description);
  if (value.is === 'boolean') return { kind: 'switch', help: means === undefined && otherwise === true ? `${sentence}; on unless =false` : sentence };
  const help = otherwise !== undefined && !Array.isArray(otherwise) ? `${sentence}; default ${String(otherwise)}` : MORE[key] === undefined ? `${sentence}; such as ${exampleText(example)}` : sentence;
  return { kind: value.is === 'days' ? 'list' : 'text', value: VALUES[value.is] ?? VALUES[key] ?? 'TEXT', help, ...(value.is === 'word' ? { completes: value.words } : {}) };
}

/** The first line of a description as help begins. */
export function sentenceOf(description: string): string {
  const text = description.replace('. Default: ', '; default: ').replace(/\.$/, '');
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** As somebody would type it. */
function exampleText(example: unknown): string {
  if (Array.isArray(example)) return example.join(',');
  if (typeof example !== 'object' || example === null) return String(example);
  return `'{${Object.entries(example).map(([name, value]) => `${name}: ${String(value)}`).join(', ')}}'`;
}
