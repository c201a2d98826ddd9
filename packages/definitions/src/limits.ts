/** What a definition file may hold at most (definition reference 2.1). A limit is part of the contract, not a setting. */
export const LIMITS: Readonly<Record<'bytes' | 'depth' | 'nodes' | 'keysOfMap' | 'aliases' | 'definitions', number>> = {
  bytes: 256 * 1024,
  /** Maps and lists inside one another, the outermost included. */
  depth: 32,
  /** Keys, values, maps and lists, each time an alias repeats them. */
  nodes: 2_000,
  keysOfMap: 500,
  aliases: 20,
  /** Files in one folder. */
  definitions: 10_000,
};
