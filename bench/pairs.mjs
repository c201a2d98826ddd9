// Two ways of doing one thing, in turns: A B B A A B … A ratio of neighbours does not care how busy or fast the machine is,
// and what the first of a pair leaves behind (dirty pages, a busy disk) meets each of them as often.

/** Each way returns its measure. The ratio is the median of those of all pairs; the first `warmUp` pairs do not count. */
export async function measurePairs(a, b, { pairs, warmUp = 3 }) {
  const seen = [];
  for (let n = 0; n < warmUp + pairs; n += 1) {
    const pair = n % 2 === 0 ? { a: await a(), b: await b() } : { b: await b(), a: await a() };
    if (n >= warmUp) seen.push(pair);
  }
  const ratios = seen.map((pair) => pair.a / pair.b);
  return {
    ratio: median(ratios),
    lowerQuartile: quantile(ratios, 0.25),
    upperQuartile: quantile(ratios, 0.75),
    a: median(seen.map((pair) => pair.a)),
    b: median(seen.map((pair) => pair.b)),
  };
}

export const median = (list) => quantile(list, 0.5);

function quantile(list, part) {
  const sorted = list.toSorted((x, y) => x - y);
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

/** For the table: both measures, and where the middle half of the ratios lies. */
export function describePairs({ a, b, lowerQuartile, upperQuartile }, unit) {
  return `${a.toFixed(1)} against ${b.toFixed(1)} ${unit}; half of all pairs ${lowerQuartile.toFixed(2)} to ${upperQuartile.toFixed(2)}`;
}
