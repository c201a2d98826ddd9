/** `5`, `9..17`, `0/15`, `8..18/2`: one item of a list in a calendar event. */
export interface Component {
  readonly from: number;
  readonly to?: number;
  readonly step?: number;
}

/** The numbers it means, inside a field; undefined where systemd refuses it: a step without an end has to reach a second number. */
export function numbersOf({ from, to, step }: Component, min: number, max: number): readonly number[] | undefined {
  if (from < min || from > max || (to !== undefined && (to < from || to > max)) || step === 0) return undefined;
  if (to === undefined && step !== undefined && from + step > max) return undefined;
  return series(from, to ?? (step === undefined ? from : max), step ?? 1);
}

/** The same for days counted from the end of the month, 1 the last: a step without an end goes on to the end of the month. */
export function numbersFromEnd(component: Component): readonly number[] | undefined {
  const { from, to, step } = component;
  // Further back not every month has a day.
  if (to !== undefined || step === undefined) return numbersOf(component, 1, 28);
  if (step === 0 || from > 28 || from - step < 1) return undefined;
  return series(0, from - 1, step).map((passed) => from - passed);
}

function series(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** Numbers, sorted or not, as the shortest field of a cron expression: `*`, a step, ranges, a list. */
export function fieldText(numbers: readonly number[], min: number, max: number): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [first = min, second = first] = sorted;
  const [step, last] = [second - first, sorted.at(-1) as number];
  const isEven = sorted.length > 2 && sorted.every((number, index) => number === first + index * step);
  if (sorted.length === max - min + 1) return '*';
  if (!isEven || step === 1) return rangesOf(sorted);
  if (first === min && last + step > max) return `*/${step}`;
  return `${first}-${last + step > max ? max : last}/${step}`;
}

function rangesOf(sorted: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] + 1 === number) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (to - from > 1 ? `${from}-${to}` : from === to ? from : `${from},${to}`)).join(',');
}
