import type { Complain, Complaint, Span } from './complaint.ts';
import { codePoint } from './decode-text.ts';
import { LIMITS } from './limits.ts';
import { lineOf, lineStarts } from './lines.ts';
import { quoted } from './quoted.ts';
import type { Entry, ListNode, MapNode, ScalarNode, Tree } from './tree.ts';

/** The part of a parsed node that is read here; the library behind it is known to `yaml-library.ts` alone. */
export interface YamlNode {
  readonly range?: readonly [number, number, number] | null | undefined;
  readonly anchor?: string | undefined;
  readonly tag?: string | undefined;
  /** Of a scalar, 'PLAIN' for one without quotes. */
  readonly type?: string | undefined;
  readonly value?: unknown;
  /** Of an alias: the anchor's name. */
  readonly source?: string | undefined;
  readonly items?: readonly unknown[];
}

export interface YamlPair {
  readonly key: unknown;
  readonly value: unknown;
}

export type KindOf = (node: YamlNode) => 'map' | 'list' | 'scalar' | 'alias';

const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;
const LEADING_ZERO = /^[-+]?0\d/;
const INTEGER = /^(?:[-+]?\d+|0x[\da-f]+|0o[0-7]+)$/i;
const CONTROL = /(?![\t\n])\p{Cc}/u;

/** Turns parsed nodes into a tree of ours, resolving aliases and refusing what YAML allows and a definition does not. */
export function buildTree(text: string, root: YamlNode | null, kindOf: KindOf): { tree?: Tree; complaints: readonly Complaint[] } {
  const complaints: Complaint[] = [];
  if (root === null || spanOf(root).start === spanOf(root).end) return { complaints: [empty()] };
  const builder: Builder = {
    text,
    kindOf,
    complain: (complaint) => void complaints.push(complaint),
    anchors: new Map(),
    targets: new Map(),
    open: new Set(),
    lines: undefined,
    nodes: 0,
    alias: undefined,
    full: false,
  };
  const tree = build(builder, root, { depth: 1, repeated: false });
  return builder.full ? { complaints } : { tree, complaints };
}

interface Builder {
  readonly text: string;
  readonly kindOf: KindOf;
  readonly complain: Complain;
  /** The last anchor of each name so far. */
  readonly anchors: Map<string, YamlNode>;
  /** What each alias meant where it was written; a later anchor of that name does not change it. */
  readonly targets: Map<YamlNode, YamlNode | undefined>;
  /** Nodes being built, to notice one that holds itself. */
  readonly open: Set<YamlNode>;
  lines: readonly number[] | undefined;
  nodes: number;
  /** The outermost alias that is being built: what becomes too much in it is its doing, not its anchor's. */
  alias: Span | undefined;
  /** A limit was passed: nothing further is built. */
  full: boolean;
}

interface Position {
  readonly depth: number;
  /** Inside an alias: anchors and mistakes in it were seen already. */
  readonly repeated: boolean;
  /** The key that the value belongs to, for messages. */
  readonly key?: string;
}

function build(builder: Builder, node: YamlNode, position: Position): Tree {
  const kind = builder.kindOf(node);
  if (kind === 'alias') return buildAlias(builder, node, position);
  countNode(builder, node);
  if (builder.full) return nothing(spanOf(node));
  if (node.anchor !== undefined && !position.repeated) builder.anchors.set(node.anchor, node);
  if (kind === 'scalar') return buildScalar(builder, node, position);
  if (position.depth > LIMITS.depth) {
    stop(builder, { code: 'DefinitionSyntaxError', message: `maps and lists are nested deeper than ${LIMITS.depth}`, ...spanOf(node) });
    return nothing(spanOf(node));
  }
  builder.open.add(node);
  const built = kind === 'map' ? buildMap(builder, node, position) : buildList(builder, node, position);
  builder.open.delete(node);
  return built;
}

function buildMap(builder: Builder, node: YamlNode, { depth, repeated }: Position): MapNode {
  const entries = new Map<string, Entry>();
  const pairs = (node.items ?? []) as readonly YamlPair[];
  for (const [index, pair] of pairs.entries()) {
    const keyNode = pair.key as YamlNode;
    const key = spanOf(keyNode);
    if (index >= LIMITS.keysOfMap) stop(builder, { code: 'DefinitionTooLarge', message: `this map has more than ${LIMITS.keysOfMap} keys`, ...key });
    countNode(builder, keyNode);
    if (builder.full) break;
    if (keyNode.anchor !== undefined && !repeated) builder.anchors.set(keyNode.anchor, keyNode);
    const fault = faultOfKey(builder, keyNode, entries);
    if (fault !== undefined) {
      if (!repeated) builder.complain({ ...fault, ...key });
      continue;
    }
    const name = keyNode.value as string;
    const value = pair.value === null ? nothing({ start: key.end, end: key.end }) : build(builder, pair.value as YamlNode, { depth: depth + 1, repeated, key: name });
    entries.set(name, { key, value });
  }
  return { kind: 'map', entries, ...spanOf(node) };
}

function buildList(builder: Builder, node: YamlNode, { depth, repeated }: Position): ListNode {
  const items: Tree[] = [];
  for (const item of (node.items ?? []) as readonly YamlNode[]) {
    if (builder.full) break;
    items.push(build(builder, item, { depth: depth + 1, repeated }));
  }
  return { kind: 'list', items, ...spanOf(node) };
}

function buildScalar(builder: Builder, node: YamlNode, { key, repeated }: Position): ScalarNode {
  const span = spanOf(node);
  const value = node.value as ScalarNode['value'];
  const source = builder.text.slice(span.start, span.end);
  const fault = (typeof value === 'string' ? faultOfText(value) : undefined) ?? (typeof value === 'number' ? faultOfNumber(value, source, key) : undefined);
  if (fault !== undefined && !repeated) builder.complain({ ...fault, ...span });
  const unknownTag = node.tag !== undefined && !CORE_TAG.test(node.tag);
  // Any other that is unknown was complained about by the parser; this one it takes for "whatever this is".
  if (node.tag === '!' && !repeated) builder.complain({ code: 'DefinitionSyntaxError', message: 'a "!" alone is a tag without a name', hint: 'remove it, or quote the text', ...span });
  return { kind: 'scalar', value, source, plain: node.type === 'PLAIN', faulty: fault !== undefined || unknownTag, ...span };
}

function buildAlias(builder: Builder, node: YamlNode, { depth, key }: Position): Tree {
  const span = spanOf(node);
  if (!builder.targets.has(node)) builder.targets.set(node, builder.anchors.get(node.source ?? ''));
  const target = builder.targets.get(node);
  if (builder.targets.size > LIMITS.aliases) {
    stop(builder, { code: 'DefinitionSyntaxError', message: `there are more than ${LIMITS.aliases} aliases (*)`, ...span });
  } else if (target === undefined) {
    builder.complain({ code: 'DefinitionSyntaxError', message: 'this alias (*) has no anchor (&) before it', hint: 'quote a text that begins with "*"', ...span });
  } else if (builder.open.has(target)) {
    builder.complain({ code: 'DefinitionSyntaxError', message: 'this alias (*) stands inside its own anchor (&)', ...span });
  } else {
    const outer = builder.alias;
    builder.alias ??= span;
    const built = build(builder, target, { depth, repeated: true, ...(key === undefined ? {} : { key }) });
    builder.alias = outer;
    return { ...built, ...span };
  }
  return { ...nothing(span), faulty: true };
}

type Fault = Pick<Complaint, 'code' | 'message' | 'hint'>;

function faultOfKey(builder: Builder, node: YamlNode, earlier: ReadonlyMap<string, Entry>): Fault | undefined {
  if (builder.kindOf(node) !== 'scalar' || typeof node.value !== 'string') return { code: 'DefinitionSyntaxError', message: 'a key must be text' };
  const name = node.value;
  if (FORBIDDEN.includes(name)) return { code: 'DefinitionKeyForbidden', message: `the key ${quoted(name)} is not allowed anywhere in a definition` };
  if (name === '<<' && node.type === 'PLAIN') return { code: 'DefinitionSyntaxError', message: 'merge keys ("<<") are not allowed', hint: 'write the keys out' };
  const first = earlier.get(name);
  if (first === undefined) return faultOfText(name);
  builder.lines ??= lineStarts(builder.text);
  const line = lineOf(builder.lines, first.key.start) + 1;
  return { code: 'DefinitionSyntaxError', message: `the key ${quoted(name)} is given twice; the first stands in line ${line}` };
}

/** What an escape may have brought in: the text of the file itself was looked through before it was parsed. */
function faultOfText(value: string): Fault | undefined {
  const at = value.search(CONTROL);
  if (at !== -1) return { code: 'DefinitionSyntaxError', message: `the control character ${codePoint(value, at)} is not allowed, as an escape neither` };
  if (!value.isWellFormed()) return { code: 'DefinitionSyntaxError', message: 'an escape stands for half a character (a lone surrogate)' };
  return undefined;
}

function faultOfNumber(value: number, source: string, key: string | undefined): Fault | undefined {
  const name = key === undefined ? 'a number in this list' : `the number of ${quoted(key)}`;
  if (LEADING_ZERO.test(source)) return { code: 'DefinitionValueInvalid', message: `${name} has a leading zero, which YAML drops`, hint: 'quote it' };
  if (!INTEGER.test(source) || Number.isSafeInteger(value)) return undefined;
  return { code: 'DefinitionValueInvalid', message: `${name} is too large to be kept exactly`, hint: 'quote it where text will do, or write a smaller one' };
}

function countNode(builder: Builder, node: YamlNode): void {
  builder.nodes++;
  if (builder.nodes <= LIMITS.nodes) return;
  const message = `there are more than ${LIMITS.nodes.toLocaleString('en')} nodes (keys, values, maps and lists)`;
  stop(builder, { code: 'DefinitionTooLarge', message, ...spanOf(node) });
}

function stop(builder: Builder, complaint: Complaint): void {
  if (!builder.full) builder.complain({ ...complaint, ...builder.alias });
  builder.full = true;
}

function empty(): Complaint {
  return { code: 'DefinitionEmpty', message: 'the file holds no definition', hint: 'a definition has at least a map "job"', start: 0, end: 0 };
}

function nothing(span: Span): ScalarNode {
  return { kind: 'scalar', value: null, source: '', plain: true, faulty: false, ...span };
}

function spanOf(node: YamlNode): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
