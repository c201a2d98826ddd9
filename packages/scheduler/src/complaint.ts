import type { SpecIssue } from '@nightshift/sdk';

/** What is wrong with a value, before anybody knows where in the trigger it stands. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A value as we need it, or everything that is wrong with it. */
export type Read<T> = { readonly value: T } | { readonly faults: readonly Complaint[] };

/** Takes a value as parsed from a file. */
export type Reader<T> = (value: unknown) => Read<T>;

/** A refusal for one reason. */
export function fault(code: string, message: string, hint?: string): { readonly faults: readonly [Complaint] } {
  return { faults: [hint === undefined ? { code, message } : { code, message, hint }] };
}

/** The complaint with its place in the trigger. */
export function placed(complaint: Complaint, path: readonly string[], at?: 'key'): SpecIssue {
  return at === undefined ? { ...complaint, path } : { ...complaint, path, at };
}

/** Foreign text inside a sentence: quoted, escaped, cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** What kind of thing a value is, as the author of a file would say. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? quote(value) : String(value);
}

/** True for a map of a file: no list, no date. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
