/** How a complaint about a part of the spec is made: its place, and a sentence that names it as the file does. */
import type { SpecIssue } from '@nightshift/sdk';

/** A place in the `job:` part, and how to complain about what stands there. */
export interface Place {
  readonly path: readonly (string | number)[];
  inside(...members: readonly (string | number)[]): Place;
  complain(text: string, facts?: Pick<SpecIssue, 'code' | 'hint' | 'at'>): undefined;
}

/** The place of the whole part; complaints are put at the end of `issues`. */
export function rootPlace(issues: SpecIssue[], path: readonly (string | number)[] = []): Place {
  return {
    path,
    inside: (...members) => rootPlace(issues, [...path, ...members]),
    complain(text, facts) {
      issues.push({ message: `${JSON.stringify(`job${path.map(shown).join('')}`)} ${text}`, path, ...facts });
    },
  };
}

function shown(member: string | number): string {
  return typeof member === 'number' ? `[${member}]` : `.${member.length > 80 ? `${member.slice(0, 80)}…` : member}`;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a value is, in the words of a complaint. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return { object: 'a map', string: 'text', number: 'a number', boolean: 'a boolean' }[typeof value as string] ?? `a ${typeof value}`;
}
