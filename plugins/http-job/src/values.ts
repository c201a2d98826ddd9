/** The values of secrets: put where the spec says, and taken out of whatever is told. */
import { isMap } from '@nightshift/sdk';

export type Values = Readonly<Record<string, string>>;

/** Puts the values where `${NAME}` stands; what names no secret stays as it is. */
export function fill(text: string, values: Values): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] as string) : whole));
}

/** The same value of JSON with each text in it changed, keys too. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((member) => mapTexts(member, change));
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), mapTexts(member, change)])) : value;
}

/** Shorter ones would hide half of every text, for ever. Source: S28. */
const SHORTEST = 6;

/** A text without the secrets that were sent: a server may send them back. */
export function masked(text: string, values: Values): string {
  return Object.values(values).filter(({ length }) => length >= SHORTEST).toSorted((a, b) => b.length - a.length).reduce((rest, value) => rest.replaceAll(value, '***'), text);
}
