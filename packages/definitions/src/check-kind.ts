import { suggest } from '@nightshift/sdk';
import type { Complain } from './complaint.ts';
import type { Keys } from './definition-keys.ts';
import { quoted } from './quoted.ts';
import { type Entry, firstKey, type MapNode } from './tree.ts';

type Found = readonly (readonly [name: string, entry: Entry])[];

/** Checks what the keys of one trigger say together: exactly one kind, and nothing beside it that contradicts it. */
export function checkKind({ kinds }: { readonly kinds: Keys }, node: MapNode, complain: Complain): void {
  const found = kindsIn(kinds, node);
  reportKinds(Object.keys(kinds), node, found, complain);
  reportDelays(node, found, complain);
  reportDayMatch(node, found, complain);
}

/** `- daily:` with `at:` below it at the same indentation: the key is right, its place is not. */
export function kindOfStray(kinds: Keys, node: MapNode, key: string): string | undefined {
  const owner = kindsIn(kinds, node).find(([name]) => {
    const rule = kinds[name]?.value;
    return rule?.is === 'map' && Object.hasOwn(rule.keys, key);
  });
  return owner && `write it inside ${quoted(owner[0])}, indented deeper`;
}

function kindsIn(kinds: Keys, node: MapNode): Found {
  return [...node.entries].filter(([name]) => Object.hasOwn(kinds, name));
}

function reportKinds(names: readonly string[], node: MapNode, [first, second]: Found, complain: Complain): void {
  if (first !== undefined && second !== undefined) {
    const message = `a trigger has one kind, not both ${quoted(first[0])} and ${quoted(second[0])}`;
    complain({ code: 'TriggerInvalid', message, hint: 'make two entries of it', ...second[1].key });
  }
  if (first !== undefined) return;
  // A misspelt kind is reported as an unknown key, with the right one as suggestion.
  const misspelt = [...node.entries.keys()].some((name) => suggest(name, names) !== undefined);
  if (!misspelt) complain({ code: 'TriggerInvalid', message: 'the trigger has no kind', hint: `give it one of ${names.join(', ')}`, ...spanOf(node) });
}

function reportDelays(node: MapNode, found: Found, complain: Complain): void {
  const outer = node.entries.get('randomDelay');
  const inner = found.some(([, { value }]) => value.kind === 'map' && value.entries.has('randomDelay'));
  if (outer === undefined || !inner) return;
  complain({ code: 'DefinitionKeysExclusive', message: '"randomDelay" is given twice for one trigger', hint: 'keep one of them', ...outer.key });
}

function reportDayMatch(node: MapNode, found: Found, complain: Complain): void {
  const dayMatch = node.entries.get('dayMatch');
  if (dayMatch === undefined || found.length === 0 || found.some(([name]) => name === 'cron')) return;
  complain({ code: 'TriggerInvalid', message: '"dayMatch" belongs to cron triggers only', ...dayMatch.key });
}

function spanOf(node: MapNode): { start: number; end: number } {
  const { start, end } = firstKey(node);
  return { start, end };
}
