import { sanitiseLine } from '../../print/sanitise.ts';
import { writeError } from '../../print/terminal.ts';
import type { ReportLine } from './remarks.ts';

const MOST_NAMES = 3;

/** One line for each remark; what is said of several definitions in the same words is said once, with the first place. */
export function printReport(report: readonly ReportLine[]): void {
  const groups = new Map<string, { readonly line: ReportLine; readonly names: string[] }>();
  for (const line of report) {
    const key = JSON.stringify([line.severity, line.text]);
    const group = groups.get(key) ?? { line, names: [] };
    if (line.definition !== null && !group.names.includes(line.definition)) group.names.push(line.definition);
    groups.set(key, group);
  }
  for (const { line, names } of groups.values()) writeError(`${sanitiseLine(`${line.place}: ${line.severity}: ${shown(names)}${line.text}`)}\n`);
}

function shown(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `${names.slice(0, MOST_NAMES).join(', ')}${more}: `;
}
