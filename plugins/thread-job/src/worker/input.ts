/** The input of one job: values as they come, then the end. */
export interface Input extends AsyncIterable<unknown> {
  push(values: readonly unknown[], isEnd: boolean): void;
}

export function createInput(all: readonly unknown[] | undefined): Input {
  const waiting: unknown[] = [...(all ?? [])];
  let isOver = all !== undefined;
  let wake: (() => void) | undefined;
  return {
    push(values, isEnd) {
      waiting.push(...values);
      isOver ||= isEnd;
      wake?.();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (waiting.length > 0) yield waiting.shift();
        if (isOver) return;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
