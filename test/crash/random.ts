/** Numbers that a seed determines: a failed round can be played again. mulberry32, public domain, by Tommy Ettinger. */
export interface Random {
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  oneOf<T>(list: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return { between, oneOf: <T>(list: readonly T[]): T => list[between(0, list.length - 1)] as T };
}
