import { suggest } from '@nightshift/sdk';
import { checkScalar, expected, type Fault, wanted } from './check-scalar.ts';
import { checkKind, kindOfStray } from './check-kind.ts';
import type { Complain, Span } from './complaint.ts';
import { codePoint } from './decode-text.ts';
import type { KeyRule, Keys, ValueRule } from './definition-keys.ts';
import { quoted } from './quoted.ts';
import { type Entry, frozenMap, type MapNode, plainCopy, type Tree } from './tree.ts';

/** What a value is called in complaints, and their code. */
interface Subject {
  readonly name: string;
  readonly code: string;
}

/** Checks one value and everything in it. Returns it as plain data; words and options in the spelling of the table. */
export function checkValue(subject: Subject, rule: ValueRule, { key, value: node }: Entry, complain: Complain): unknown {
  if (node.kind === 'map' && (rule.is === 'map' || rule.is === 'oneKind' || rule.is === 'anyMap')) return checkMapRule(rule, node, key, complain);
  if (node.kind === 'list' && rule.is === 'list') return checkItems(subject, rule.of, node.items, complain);
  if (node.kind === 'list' && rule.is === 'days') return checkItems(subject, rule, node.items, complain);
  if (node.kind !== 'scalar') return report(subject, expected(rule, node), node, complain);
  const short = rule.is === 'map' && rule.short !== undefined ? ruleOf(rule.keys, rule.short) : undefined;
  if (short !== undefined) return checkValue({ name: subject.name, code: short.code ?? subject.code }, short.value, { key, value: node }, complain);
  if (node.faulty) return node.value;
  const checked = checkScalar(rule, node);
  return 'value' in checked ? checked.value : report(subject, checked, node, complain);
}

function report({ name, code }: Subject, fault: Fault, node: Tree, complain: Complain): unknown {
  complain({ code, ...fault, message: `${name}: ${fault.message}`, start: node.start, end: node.end });
  return plainCopy(node);
}

function checkItems({ name, code }: Subject, rule: ValueRule, items: readonly Tree[], complain: Complain): readonly unknown[] {
  const subject = { name: `an entry of ${quoted(name)}`, code };
  return Object.freeze(items.map((item) => checkValue(subject, rule, { key: item, value: item }, complain)));
}

function checkMapRule(rule: ValueRule & { is: 'map' | 'oneKind' | 'anyMap' }, node: MapNode, key: Span, complain: Complain): unknown {
  if (rule.is === 'anyMap') return plainCopy(node);
  if (rule.is === 'map') return checkMap(rule, node, key, complain);
  checkKind(rule, node, complain);
  return checkMap({ keys: { ...rule.kinds, ...rule.keys } }, node, key, complain, (name) => kindOfStray(rule.kinds, node, name));
}

interface MapRule {
  readonly keys: Keys;
  readonly missing?: string;
}

/**
 * Checks the keys of a map and their values; returns the known ones. A missing key is reported at `blamed`, a misplaced one
 * with the hint of `hintFor`.
 */
export function checkMap(rule: MapRule, node: MapNode, blamed: Span, complain: Complain, hintFor?: (key: string) => string | undefined): Readonly<Record<string, unknown>> {
  reportMissing(rule, node, blamed, complain);
  const checked = new Map<string, unknown>();
  for (const [name, entry] of node.entries) {
    const known = ruleOf(rule.keys, name);
    if (known === undefined) {
      reportUnknown(rule.keys, name, entry, complain, hintFor?.(name));
      continue;
    }
    const value = checkValue({ name, code: known.code ?? 'DefinitionValueInvalid' }, known.value, entry, complain);
    const key = known.means?.key ?? name;
    if (checked.has(key)) reportTwice(name, entry, complain);
    else checked.set(key, known.means?.opposite === true && typeof value === 'boolean' ? !value : value);
  }
  return frozenMap(checked);
}

/** The table's own keys only: `toString` is none of them. */
function ruleOf(keys: Keys, name: string): KeyRule | undefined {
  return Object.hasOwn(keys, name) ? keys[name] : undefined;
}

function reportUnknown(known: Keys, name: string, { key }: Entry, complain: Complain, hint: string | undefined): void {
  const near = hint === undefined ? suggest(name, Object.keys(known)) : undefined;
  const advice = oddBlank(name) ?? hint ?? (near === undefined ? undefined : `did you mean ${quoted(near)}?`);
  complain({ code: 'DefinitionKeyUnknown', message: `unknown key ${quoted(name)}`, ...(advice === undefined ? {} : { hint: advice }), ...key });
}

/** What a web page or a word processor puts in the place of a blank; YAML takes it for a letter. */
function oddBlank(name: string): string | undefined {
  const found = /[^\S ]|[\u200b-\u200d\u2060\ufeff]/.exec(name)?.[0];
  return found && `it holds ${codePoint(found, 0)}, which only looks like a blank: type it anew`;
}

function reportMissing({ keys, missing }: MapRule, node: MapNode, blamed: Span, complain: Complain): void {
  const absent = Object.entries(keys).filter(([name, { required }]) => required !== undefined && !node.entries.has(name));
  if (absent.length === 0) return;
  // A misspelt key is reported as an unknown one, with the right one as suggestion.
  const misspelt = new Set([...node.entries.keys()].filter((name) => ruleOf(keys, name) === undefined).map((name) => suggest(name, Object.keys(keys))));
  for (const [name, rule] of absent) {
    if (misspelt.has(name)) continue;
    complain({ code: missing ?? 'DefinitionKeyMissing', message: `the key ${quoted(name)} is missing`, hint: `add ${name}: ${asked(rule)}`, start: blamed.start, end: blamed.end });
  }
}

/** What is to be written behind a key, in few words. */
function asked({ value, description }: KeyRule): string {
  return ['text', 'days', 'anyMap'].includes(value.is) ? description.slice(0, 1).toLowerCase() + description.slice(1).replace(/\.$/, '') : wanted(value);
}

/** Two spellings of one option. (One spelling given twice was refused by the reader.) */
function reportTwice(name: string, { key }: Entry, complain: Complain): void {
  complain({ code: 'DefinitionKeysExclusive', message: `${quoted(name)} is given in another spelling too`, hint: 'keep one of them', ...key });
}
