/** A min-heap of instants, each with the index of what it belongs to. Of equal instants the smaller index comes first. */
export interface InstantHeap {
  readonly size: number;
  push(instant: number, index: number): void;
  /** The earliest entry, which stays; undefined when there is none. */
  peek(): HeapEntry | undefined;
  /** Takes the earliest entry out; undefined when there is none. */
  pop(): HeapEntry | undefined;
}

export interface HeapEntry {
  /** Milliseconds since 1970 UTC. */
  readonly instant: number;
  /** A whole number from 0 to 2^32 - 1. */
  readonly index: number;
}

const FIRST_CAPACITY = 64;

/**
 * A heap of 12 bytes an entry, made for hundreds of thousands of them: no object is kept per entry. Nothing can be taken out
 * of the middle; who does not want an entry any more passes it over when it comes.
 */
export function createInstantHeap(): InstantHeap {
  let instants = new Float64Array(FIRST_CAPACITY);
  let indexes = new Uint32Array(FIRST_CAPACITY);
  let size = 0;

  const entryAt = (place: number): HeapEntry => ({ instant: instants[place] as number, index: indexes[place] as number });
  const isBefore = ({ instant, index }: HeapEntry, place: number): boolean => instant < (instants[place] as number) || (instant === instants[place] && index < (indexes[place] as number));
  const put = (place: number, { instant, index }: HeapEntry): void => {
    instants[place] = instant;
    indexes[place] = index;
  };
  const move = (from: number, to: number): void => {
    instants[to] = instants[from] as number;
    indexes[to] = indexes[from] as number;
  };

  /** Lets the hole at a place rise until `entry` may stand in it. */
  const rise = (hole: number, entry: HeapEntry): void => {
    let place = hole;
    for (let parent = (place - 1) >> 1; place > 0 && isBefore(entry, parent); parent = (place - 1) >> 1) {
      move(parent, place);
      place = parent;
    }
    put(place, entry);
  };

  /** Lets the hole at the top sink until `entry` may stand in it. */
  const sink = (entry: HeapEntry): void => {
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && isBefore(entryAt(child + 1), child)) child += 1;
      if (isBefore(entry, child)) break;
      move(child, place);
      place = child;
    }
    put(place, entry);
  };

  return {
    get size() {
      return size;
    },
    push(instant, index) {
      if (size === instants.length) [instants, indexes] = [grown(instants, new Float64Array(2 * size)), grown(indexes, new Uint32Array(2 * size))];
      size += 1;
      rise(size - 1, { instant, index });
    },
    peek: () => (size === 0 ? undefined : entryAt(0)),
    pop() {
      if (size === 0) return undefined;
      const first = entryAt(0);
      size -= 1;
      if (size > 0) sink(entryAt(size));
      return first;
    },
  };
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
