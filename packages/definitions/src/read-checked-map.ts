import type { JobErrorFacts } from '@nightshift/sdk';
import { checkMap } from './check-value.ts';
import type { Complaint } from './complaint.ts';
import { decodeText } from './decode-text.ts';
import type { Keys } from './definition-keys.ts';
import { readDefinitionFile } from './read-definition-file.ts';
import { readYaml } from './read-yaml.ts';
import { sourceText } from './source-text.ts';
import { firstKey, spanAt, type Entry, type MapNode } from './tree.ts';

/** A YAML or JSON file other than a definition that is held to the same limits and checked by a table of keys. */
export interface CheckedMap {
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: readonly JobErrorFacts[];
  /** The complaint's facts with the place of a key: of one at the top, or of the one that a path of keys and indexes leads to. */
  readonly at: (path: string | readonly PropertyKey[], facts: JobErrorFacts) => JobErrorFacts;
  /** Whether a word stands in the text, whatever else is wrong with it. */
  readonly mentions: (word: string) => boolean;
}

/**
 * Reads `file` (a regular file that nobody else can write: `DefinitionUnsafe`) and checks it against `keys`. `within`: only
 * the map under this key counts. `alsoSingle`: keys whose list may be written as its only entry. An empty file is an empty map.
 */
export async function readCheckedMap(file: string, keys: Keys, { within, alsoSingle = [], safeOwners = [] }: { readonly within?: string; readonly alsoSingle?: readonly string[]; readonly safeOwners?: readonly number[] } = {}): Promise<CheckedMap> {
  const { text, complaint } = decodeText(await readDefinitionFile(file, { roots: [], safeOwners }));
  const source = sourceText(file, text);
  const mentions = (word: string): boolean => text.includes(word);
  if (complaint !== undefined) return { values: {}, errors: [source.facts(complaint)], at: (_, facts) => facts, mentions };
  const { tree, complaints } = readYaml(text);
  const errors: Complaint[] = complaints.filter(({ code }) => code !== 'DefinitionEmpty');
  const node = within === undefined || tree?.kind !== 'map' ? tree : tree.entries.get(within)?.value;
  if (node === undefined) return { values: {}, errors: errors.map(source.facts), at: (_, facts) => facts, mentions };
  if (node.kind !== 'map') {
    errors.push({ code: 'DefinitionValueInvalid', message: `a configuration is a map of keys, not a ${node.kind === 'list' ? 'list' : 'single value'}`, start: node.start, end: node.end });
    return { values: {}, errors: errors.map(source.facts), at: (_, facts) => facts, mentions };
  }
  const values = checkMap({ keys }, withLists(node, alsoSingle), firstKey(node), (fault) => void errors.push(fault));
  const at: CheckedMap['at'] = (path, facts) => ({ ...facts, ...source.place(typeof path === 'string' ? (node.entries.get(path)?.key ?? node) : spanAt(node, path, 'key')) });
  return { values, errors: errors.map(source.facts), at, mentions };
}

function withLists(node: MapNode, names: readonly string[]): MapNode {
  const wrap = ([name, entry]: readonly [string, Entry]): readonly [string, Entry] => {
    const { value } = entry;
    return names.includes(name) && value.kind === 'scalar' ? [name, { ...entry, value: { kind: 'list', items: [value], start: value.start, end: value.end } }] : [name, entry];
  };
  return { ...node, entries: new Map([...node.entries].map(wrap)) };
}
