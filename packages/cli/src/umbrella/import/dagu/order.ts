/** The order of steps. */

/** A step as far as order goes. */
export interface Ordered {
  readonly name: string;
  readonly id?: string;
  readonly depends: readonly string[];
}

export interface Order<T> {
  readonly steps: readonly T[];
  /** Each step waits for the one before it, directly or through others. */
  readonly isChain: boolean;
  /** Steps that are waited for and do not exist, or that wait for each other: the order is that of the file. */
  readonly isBroken: boolean;
}

/** By what each step depends on; of several that could be next the first in the file. */
export function ordered<T extends Ordered>(steps: readonly T[]): Order<T> {
  const byName = new Map(steps.flatMap((step) => [[step.name, step] as const, ...(step.id === undefined ? [] : [[step.id, step] as const])]));
  const done = new Set<T>();
  const waits = (step: T): boolean => step.depends.some((name) => !done.has(byName.get(name) as T));
  while (done.size < steps.length) {
    const next = steps.find((step) => !done.has(step) && !waits(step));
    if (next === undefined) return { steps, isChain: false, isBroken: true };
    done.add(next);
  }
  const result = [...done];
  const isChain = result.every((step, index) => index === 0 || ancestors(step, byName).has(result[index - 1] as T));
  return { steps: result, isChain, isBroken: false };
}

function ancestors<T extends Ordered>(step: T, byName: ReadonlyMap<string, T>): ReadonlySet<T> {
  const found = new Set<T>();
  const left = [step];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    for (const name of at.depends) {
      const parent = byName.get(name);
      if (parent === undefined || found.has(parent)) continue;
      found.add(parent);
      left.push(parent);
    }
  }
  return found;
}
