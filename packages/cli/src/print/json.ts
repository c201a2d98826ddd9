import { sanitiseJson } from './sanitise.ts';
import { isTerminal, writeOut } from './terminal.ts';

/** One document, indented for a reader at a terminal. */
export function writeJson(value: unknown): void {
  writeText(`${JSON.stringify(value, null, isTerminal(1) ? 2 : undefined)}\n`);
}

/** One object a line. */
export function writeJsonLines(values: readonly unknown[]): void {
  writeText(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** Text whose strings are quoted as JSON quotes them: JSON, JSON lines, our YAML. */
export function writeText(text: string): void {
  writeOut(jsonText(text));
}

/** The same as it is written. */
export function jsonText(text: string): string {
  return isTerminal(1) ? sanitiseJson(text) : text;
}
