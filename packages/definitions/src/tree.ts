import type { Span } from './complaint.ts';

/** A definition's text as nested values that know where they stand. Aliases are resolved, keys are text. */
export type Tree = MapNode | ListNode | ScalarNode;

export interface MapNode extends Span {
  readonly kind: 'map';
  /** In the order of the text. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: Span;
  readonly value: Tree;
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface ScalarNode extends Span {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As the file spells it, quotes included. */
  readonly source: string;
  /** Without quotes, on no block: what follows ` #` was cut off as a comment. */
  readonly plain: boolean;
  /** Complained about already; one mistake is reported once. */
  readonly faulty: boolean;
}

/** The values alone, frozen, in maps without prototype: `'constructor' in map` is true for every ordinary object. */
export function plainCopy(node: Tree): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return Object.freeze(node.items.map(plainCopy));
  return frozenMap([...node.entries].map(([key, entry]) => [key, plainCopy(entry.value)]));
}

/**
 * Made from entries, since assignments and spreads set a prototype when a key is called `__proto__`. The prototype goes at the
 * end: an object that begins without one is a hash table, of 256 bytes instead of 56 and slower to make.
 */
export function frozenMap(entries: Iterable<readonly [string, unknown]>): Readonly<Record<string, unknown>> {
  return Object.freeze(Object.setPrototypeOf(Object.fromEntries(entries), null) as Record<string, unknown>);
}

/** Where the value at `path` stands, or its nearest ancestor that stands anywhere. An ancestor is shown by its key. */
export function spanAt(root: Tree, path: readonly PropertyKey[], at: 'key' | 'value'): Span {
  let node = root;
  let key = firstKey(root);
  for (const part of path) {
    const entry = childOf(node, part);
    if (entry === undefined) return key;
    ({ value: node, key } = entry);
  }
  return at === 'key' ? key : node;
}

/** A map as a whole is no useful culprit: its first key stands for it. */
export function firstKey(node: Tree): Span {
  return node.kind === 'map' ? ([...node.entries.values()][0]?.key ?? node) : node;
}

function childOf(node: Tree, part: PropertyKey): Entry | undefined {
  if (node.kind === 'map') return node.entries.get(String(part));
  const item = node.kind === 'list' ? node.items[Number(part)] : undefined;
  return item && { key: firstKey(item), value: item };
}
