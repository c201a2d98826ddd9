/**
 * Files of other programs, to take over what they say: Kubernetes manifests, workflows, the definitions of other schedulers.
 * Held to what keeps this process alive, not to what a definition may look like: several documents, merge keys, directives
 * and tags are theirs to use. Keys that are no text become text; no word but `true` and `false` is a boolean, so `on` is a key
 * like any other.
 */
import { JobError } from '@nightshift/sdk';
import type { YamlNode, YamlPair } from './build-tree.ts';
import type { Complaint } from './complaint.ts';
import { quoted } from './quoted.ts';
import { COMPOSE, syntaxComplaints } from './read-yaml.ts';
import { sourceText } from './source-text.ts';
import { frozenMap } from './tree.ts';
import { Composer, type Document, isAlias, isMap, isScalar } from './yaml-library.ts';
import { readTokens, withoutLog } from './yaml-tokens.ts';

const MEBIBYTE = 1024 * 1024;
const LIMITS = { bytes: MEBIBYTE, depth: 64, nodes: 20_000 } as const;
const FORBIDDEN: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * The plain values of every document of a YAML or JSON text, frozen; `file` is its name in complaints. Empty documents are
 * left out. Throws `DefinitionSyntaxError`, `DefinitionKeyForbidden`, or `DefinitionTooLarge` above 1 MiB or 20,000 nodes.
 */
export function readForeignYaml(text: string, file: string): readonly unknown[] {
  const plain = text.replace(/^\ufeff/, '');
  const complain = (complaint: Complaint): JobError => new JobError(sourceText(file, plain).facts(complaint));
  if (Buffer.byteLength(plain) > LIMITS.bytes) throw complain({ code: 'DefinitionTooLarge', message: 'the file has more than 1 MiB', start: 0, end: 0 });
  return withoutLog(() => {
    const { tokens, excess } = readTokens(plain, LIMITS);
    if (excess !== undefined) throw complain(excess);
    // A directive could make it another YAML, in which words such as "on" are booleans.
    const documents = [...new Composer(COMPOSE).compose(tokens.filter(({ type }) => type !== 'directive'), true, plain.length)] as Document.Parsed[];
    const [fault] = documents.flatMap((document) => syntaxComplaints(plain, document));
    if (fault !== undefined) throw complain(fault);
    return documents.filter(({ contents }) => !isNothing(contents as YamlNode | null)).map(({ contents }) => copyOf({ complain, anchors: new Map(), open: new Set(), nodes: 0 }, contents as YamlNode));
  });
}

function isNothing(node: YamlNode | null): boolean {
  return node === null || (node.range?.[0] === node.range?.[1] && !isMap(node));
}

interface Copying {
  readonly complain: (complaint: Complaint) => JobError;
  readonly anchors: Map<string, YamlNode>;
  /** Nodes being copied, to notice one that holds itself. */
  readonly open: Set<YamlNode>;
  /** Those that aliases repeat included. */
  nodes: number;
}

/** Key by key, into maps without prototype. */
function copyOf(copying: Copying, node: YamlNode): unknown {
  if (isAlias(node)) return copyOf(copying, targetOf(copying, node));
  if (++copying.nodes > LIMITS.nodes) throw fault(copying, 'DefinitionTooLarge', `there are more than ${LIMITS.nodes.toLocaleString('en')} nodes with those that aliases (*) repeat`, node);
  if (node.anchor !== undefined) copying.anchors.set(node.anchor, node);
  if (isScalar(node)) return plainScalar(node);
  if (copying.open.has(node)) throw fault(copying, 'DefinitionSyntaxError', 'an alias (*) stands inside its own anchor (&)', node);
  copying.open.add(node);
  const copied = isMap(node) ? frozenMap(entriesOf(copying, node)) : Object.freeze((node.items as readonly YamlNode[]).map((item) => copyOf(copying, item)));
  copying.open.delete(node);
  return copied;
}

function targetOf(copying: Copying, alias: YamlNode): YamlNode {
  const found = copying.anchors.get(alias.source ?? '');
  if (found === undefined) throw fault(copying, 'DefinitionSyntaxError', 'this alias (*) has no anchor (&) before it', alias);
  return found;
}

/** A key of the map itself counts more than a merged one, an earlier merged map more than a later one. */
function entriesOf(copying: Copying, map: YamlNode): ReadonlyMap<string, unknown> {
  const own = new Map<string, unknown>();
  const merged = new Map<string, unknown>();
  for (const { key, value } of map.items as readonly YamlPair[]) {
    const name = nameOf(copying, key as YamlNode);
    const copied = value === null ? null : copyOf(copying, value as YamlNode);
    if (name === '<<') for (const [inner, member] of mergedEntries(copied)) merged.set(inner, merged.has(inner) ? merged.get(inner) : member);
    else if (own.has(name)) throw fault(copying, 'DefinitionSyntaxError', `the key ${quoted(name)} is given twice`, key as YamlNode);
    else own.set(name, copied);
  }
  return new Map([...merged, ...own]);
}

function nameOf(copying: Copying, key: YamlNode): string {
  const value = copyOf(copying, key);
  if (typeof value === 'object' && value !== null) throw fault(copying, 'DefinitionSyntaxError', 'a key must be a single value', key);
  const name = value === null ? '' : String(value);
  if (FORBIDDEN.includes(name)) throw fault(copying, 'DefinitionKeyForbidden', `the key ${quoted(name)} is not read from any file`, key);
  return name;
}

function fault({ complain }: Copying, code: string, message: string, { range }: YamlNode): JobError {
  return complain({ code, message, start: range?.[0] ?? 0, end: range?.[1] ?? 0 });
}

function mergedEntries(merged: unknown): readonly (readonly [string, unknown])[] {
  const maps: readonly unknown[] = Array.isArray(merged) ? merged : [merged];
  return maps.flatMap((map) => (typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.entries(map) : []));
}

/** A number that lost its leading zeros or last digits was hardly meant as one: it stays the text that it was. */
function plainScalar({ value, source, type }: YamlNode): unknown {
  if (typeof value !== 'number' || type !== 'PLAIN' || source === undefined) return value;
  return /^[-+]?0\d/.test(source) || (/^[-+]?\d+$/.test(source) && !Number.isSafeInteger(value)) ? source : value;
}
