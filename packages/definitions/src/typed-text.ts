/**
 * Texts that somebody typed outside of a file: the value of an option, or what came through a pipe. Complaints have line,
 * column and excerpt of the text, and no file, which makes them mistakes of a command line.
 */
import { JobError, type JobErrorFacts } from '@nightshift/sdk';
import { checkScalar } from './check-scalar.ts';
import { checkMap, checkValue } from './check-value.ts';
import type { Complaint } from './complaint.ts';
import type { KeyRule, Keys } from './definition-keys.ts';
import { readYaml } from './read-yaml.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { firstKey, type MapNode, plainCopy, type ScalarNode, spanAt, type Tree } from './tree.ts';

/** One map of a text. */
export interface TypedMap {
  /** Plain and frozen. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The complaint with the place in the text of what stands at `path`. */
  at(path: readonly PropertyKey[], facts: Omit<JobErrorFacts, 'file'>, part?: 'key' | 'value'): JobErrorFacts;
  /** Everything wrong with the entries that have a rule; `value` in their spelling. What is null says nothing: printed objects have every key. */
  check(keys: Keys): CheckedValue<Readonly<Record<string, unknown>>>;
}

export interface CheckedValue<T = unknown> {
  readonly value: T;
  readonly issues: readonly JobErrorFacts[];
}

/**
 * The maps that a text of JSON, JSON lines or YAML holds: one, a list of them, or a map with a list of them under `list`.
 * Throws `DefinitionSyntaxError` and the other complaints of a text that cannot be read, and `DefinitionValueInvalid` where
 * something else than a map stands.
 */
export function readTypedMaps(text: string, list: string): readonly TypedMap[] {
  const source = sourceText('', asOneText(text));
  const tree = treeOf(asOneText(text), source);
  return itemsOf(tree, list).map((node) => {
    if (node.kind === 'map') return typedMap(node, source);
    throw new JobError(placed(source, { code: 'DefinitionValueInvalid', message: `expected a map such as {key: value}, not ${node.kind === 'list' ? 'a list' : 'a single value'}`, start: node.start, end: node.end }));
  });
}

/** One object a line, as the verbs print them with `-o jsonl`. */
function asOneText(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  return lines.length > 1 && lines.every((line) => /^\{.*\}$/.test(line.trim())) ? `[${lines.join(',\n')}]` : text;
}

function treeOf(text: string, source: SourceText): Tree {
  const { tree, complaints } = readYaml(text);
  const [first] = complaints;
  if (first !== undefined) throw new JobError(placed(source, first));
  return tree as Tree;
}

function itemsOf(tree: Tree, list: string): readonly Tree[] {
  if (tree.kind === 'list') return tree.items;
  const inner = tree.kind === 'map' ? tree.entries.get(list)?.value : undefined;
  return inner?.kind === 'list' ? inner.items : [tree];
}

function typedMap(node: MapNode, source: SourceText): TypedMap {
  return {
    value: plainCopy(node) as Readonly<Record<string, unknown>>,
    at: (path, facts, part = 'value') => placed(source, { ...facts, ...spanAt(node, path, path.length === 0 ? 'key' : part) }),
    check(keys) {
      const complaints: Complaint[] = [];
      const value = checkMap({ keys }, withoutNulls(node, (key) => Object.hasOwn(keys, key)), firstKey(node), (complaint) => void complaints.push(complaint));
      return { value, issues: complaints.map((complaint) => placed(source, complaint)) };
    },
  };
}

function withoutNulls(node: MapNode, isMeant: (key: string) => boolean = () => true): MapNode {
  const entries = [...node.entries].filter(([key, { value }]) => isMeant(key) && !(value.kind === 'scalar' && value.value === null));
  return { ...node, entries: new Map(entries.map(([key, entry]) => [key, entry.value.kind === 'map' ? { ...entry, value: withoutNulls(entry.value) } : entry])) };
}

function placed(source: SourceText, complaint: Complaint): JobErrorFacts {
  const { file: _, ...facts } = source.facts(complaint);
  return facts;
}

/**
 * The value of one option, checked by the rule of its key: numbers and booleans are read where they are wanted, a map is
 * written as in YAML, and a single value in its place stands for its first mandatory, else its first key. Messages begin with
 * `name`.
 */
export function checkTyped(name: string, rule: KeyRule, text: string): CheckedValue {
  const { value: wanted, code = 'DefinitionValueInvalid' } = rule;
  if (wanted.is === 'map') return checkTypedMap(name, wanted.keys, text);
  const checked = checkScalar(wanted, scalarOf(text, wanted.is));
  if ('value' in checked) return { value: checked.value, issues: [] };
  return { value: undefined, issues: [{ code, ...checked, message: `${name}: ${checked.message}` }] };
}

function scalarOf(text: string, is: KeyRule['value']['is']): ScalarNode {
  const number = (is === 'integer' || is === 'number') && /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
  const boolean = is === 'boolean' && /^(?:true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined;
  return { kind: 'scalar', value: number ?? boolean ?? text, source: text, plain: true, faulty: false, start: 0, end: text.length };
}

function checkTypedMap(name: string, keys: Keys, text: string): CheckedValue {
  const source = sourceText('', text);
  const tree = treeOf(text, source);
  const [short] = Object.entries(keys).toSorted(([, a], [, b]) => Number(b.required ?? false) - Number(a.required ?? false));
  if (tree.kind === 'scalar' && short !== undefined) {
    const { value, issues } = checkTyped(name, short[1], text);
    return { value: { [short[0]]: value }, issues };
  }
  const complaints: Complaint[] = [];
  const value = checkValue({ name, code: 'DefinitionValueInvalid' }, { is: 'map', keys: optional(keys) }, { key: firstKey(tree), value: tree }, (complaint) => void complaints.push(complaint));
  return { value, issues: complaints.map((complaint) => placed(source, complaint)) };
}

/** What is not given may stand in the file already. */
function optional(keys: Keys): Keys {
  const all = Object.entries(keys).map(([name, rule]) => {
    const { required: _, ...others } = rule;
    return [name, others] as const;
  });
  return Object.fromEntries(all);
}
