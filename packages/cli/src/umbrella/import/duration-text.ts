const UNITS = [['w', 604_800_000], ['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1_000], ['ms', 1]] as const;

/** Milliseconds as a duration of a definition: `90m`, `1h30m` is `1h30m`, `0` is `0s`. Rounded to whole milliseconds. */
export function durationText(milliseconds: number): string {
  let left = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of UNITS) {
    // A week is a word for seven days only where nothing else follows.
    if (unit === 'w' && left % size !== 0) continue;
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return text === '' ? '0s' : text;
}
