import type { OptionView } from '@nightshift/host';
import type { Format } from './job.ts';
import { writeJson, writeJsonLines, writeText } from './json.ts';
import { lookOf, paint } from './look.ts';
import { sanitiseLine } from './sanitise.ts';
import { writeOut } from './terminal.ts';
import { yaml } from './yaml.ts';

/** So many names are too many for a table: a list, as PowerShell prints it. */
export const OPTION_FORMATS: readonly Format[] = ['table', 'json', 'jsonl', 'yaml'];

/** Options of definitions: a document with a list of them, whatever their number. */
export function printOptions(options: readonly OptionView[], format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, options });
  else if (format === 'yaml') writeText(yaml({ apiVersion: 1, options }));
  else if (format === 'jsonl') writeJsonLines(options);
  else writeOut(options.map(listText).join('\n'));
}

/** Options that belong to no definition: their own keys in a document. */
export function printNewOption(options: OptionView, format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, ...options });
  else if (format === 'yaml') writeText(yaml({ apiVersion: 1, ...options }));
  else if (format === 'jsonl') writeJsonLines([options]);
  else writeOut(listText(options));
}

/** One option a line, the names of one width; whose they are first. */
function listText({ definition, ...options }: OptionView): string {
  const all = Object.entries(definition === undefined ? options : { definition, ...options });
  const width = Math.max(...all.map(([name]) => name.length));
  const look = lookOf(1);
  return all.map(([name, value]) => `${`${paint(look, 'bold', pascal(name).padEnd(width))} : ${sanitiseLine(valueText(value))}`.trimEnd()}\n`).join('');
}

function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** What nobody has said and nothing stands for is empty. */
function valueText(value: unknown): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value as object).filter(([, one]) => one !== null).map(([name, one]) => `${name} ${valueText(one)}`).join(', ');
}
