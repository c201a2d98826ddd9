/** A draft as the value and the comments of a definition file. */
import type { Draft, DraftTrigger } from './draft.ts';

/** What the file says, and what stands in it as comments. */
export interface DefinitionParts {
  readonly value: Readonly<Record<string, unknown>>;
  readonly comments: { readonly header: readonly string[]; readonly before: Readonly<Record<string, readonly string[]>> };
}

const WIDTH = 100;

export function definitionParts(draft: Draft): DefinitionParts {
  const value = valueOf(draft);
  const before: Record<string, string[]> = {};
  const header = [`Imported from ${draft.place}.`];
  const said = new Set<string>();
  for (const remark of draft.remarks) {
    const path = placeOf(value, remark.at);
    // The same of two containers, or of two steps, is said once.
    if (said.has(`${path} ${remark.text}`)) continue;
    said.add(`${path} ${remark.text}`);
    const lines = wrap(`${remark.severity === 'note' ? '' : 'Lost: '}${remark.text}`);
    if (path === undefined) header.push(...lines);
    else (before[path] ??= []).push(...lines);
  }
  if (value['enabled'] === false) before['enabled'] = [...(before['enabled'] ?? []), whyDisabled(draft)];
  return { value, comments: { header, before } };
}

/** A definition is on only when it would do what its source did, when its source did it. */
export function isEnabled({ enabled, remarks }: Draft): boolean {
  return enabled !== false && remarks.every(({ severity }) => severity === 'note');
}

function whyDisabled({ enabled, remarks }: Draft): string {
  const lost = remarks.some(({ severity }) => severity !== 'note') ? ['Off because of what is lost. Look at that, then write true.'] : [];
  return [...(enabled === false ? ['It was switched off where it comes from.'] : []), ...lost].join(' ');
}

function valueOf(draft: Draft): Readonly<Record<string, unknown>> {
  const { description, job, triggers, options, maxResultCount } = draft;
  const zone = commonZone(triggers);
  const lost = draft.remarks.some(({ severity }) => severity === 'trigger-lost');
  return {
    type: 'ScheduledJob',
    ...(description === undefined ? {} : { description: oneLine(description) }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    job,
    ...(triggers.length === 0 && !lost ? {} : { triggers: triggers.map((trigger) => withoutZone(trigger, zone)) }),
    options,
    ...(maxResultCount === undefined ? {} : { maxResultCount }),
    ...(isEnabled(draft) ? {} : { enabled: false }),
  };
}

/** The zone of all triggers stands once, at the top. */
function commonZone(triggers: readonly DraftTrigger[]): unknown {
  const [first, ...others] = triggers.map(({ value }) => value['timeZone']);
  return others.every((zone) => zone === first) ? first : undefined;
}

function withoutZone({ value }: DraftTrigger, zone: unknown): Readonly<Record<string, unknown>> {
  if (zone === undefined) return value;
  const { timeZone: _, ...rest } = value;
  return rest;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 500);
}

/** The path itself, or the nearest above it that the value has; undefined for the top of the file. */
function placeOf(value: unknown, at: string | undefined): string | undefined {
  for (let keys = at?.split('.') ?? []; keys.length > 0; keys = keys.slice(0, -1)) if (has(value, keys)) return keys.join('.');
  return undefined;
}

function has(value: unknown, keys: readonly string[]): boolean {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return false;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return true;
}

/** Lines for comments. A word that is longer than a line stays whole. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
