/**
 * The candidate nearest to a misspelt word, without case: at most a third of its letters differ (two neighbours swapped
 * count once), of one or two letters none; else one that begins with it; else one that it begins with, of four letters or
 * more. Of several that are equally near the first. Undefined when none is near: no guess is better than a wild one.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined;
  const lower = asciiLower(word);
  const known = [...candidates];
  let best: string | undefined;
  let bestDistance = (word.length < 3 ? 0 : Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of known) {
    const distance = distanceOf(lower, asciiLower(candidate), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? beginningWith(lower, known) ?? beginningOf(lower, known);
}

/** `start` for `start-job`: cut off rather than misspelt. */
function beginningWith(lower: string, candidates: readonly string[]): string | undefined {
  return lower.length < 3 ? undefined : candidates.find((candidate) => asciiLower(candidate).startsWith(lower));
}

/** `get-job-list` for `get-job`: the longest. */
function beginningOf(lower: string, candidates: readonly string[]): string | undefined {
  const fit = candidates.filter((candidate) => candidate.length >= 4 && lower.startsWith(asciiLower(candidate)));
  return fit.length === 0 ? undefined : fit.reduce((longest, candidate) => (candidate.length > longest.length ? candidate : longest));
}

/** Lower case of ASCII letters only, so that no locale changes what is equal. */
export function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

/** Damerau's distance with neighbours swapped as one step; gives up early at `limit`. */
function distanceOf(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((previous[column] as number) + 1, (current[column - 1] as number) + 1, (previous[column - 1] as number) + (same ? 0 : 1));
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] as number) + 1);
      current.push(cost);
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length] as number;
}
