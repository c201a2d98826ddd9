/** How runs that are caught up keep out of each other's way. Source: scheduled-jobs.md 7.8. */
export interface Spread {
  /** A wake-up, with its moment. */
  begin(now: Date): void;
  /** The scheduler has just started, or the clock has just jumped: two may begin at once again. */
  restart(): void;
  /** When the next one may begin; undefined: at once. */
  next(definitionKey: string): Date | undefined;
}

const AT_ONCE = 2;
const WIDTH = 30_000;

/** Two begin at once, every further one up to 30 s later, by an offset that its definition fixes. */
export function createSpread(): Spread {
  let now = new Date(0);
  let begun = 0;
  return {
    begin(moment) {
      now = moment;
    },
    restart() {
      begun = 0;
    },
    next(definitionKey) {
      begun += 1;
      return begun <= AT_ONCE ? undefined : new Date(now.getTime() + offsetOf(definitionKey));
    },
  };
}

/** FNV-1a: a spread needs no more, and loading a digest would cost every start of a scheduler. */
function offsetOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % WIDTH;
}
