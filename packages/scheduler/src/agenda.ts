import { createInstantHeap } from './heap.ts';

/** Things that are to be done at instants, in milliseconds of one clock. */
export interface Agenda<T> {
  put(instant: number, item: T): void;
  /** Takes out what is due at or before `now`, earliest first; of one instant in the order in which it was put. */
  takeDue(now: number): T[];
  /** The earliest instant; Infinity when there is nothing. */
  next(): number;
  /** Moves everything by so many milliseconds. */
  shift(by: number): void;
}

export function createAgenda<T>(): Agenda<T> {
  const items = new Map<number, T>();
  let heap = createInstantHeap();
  let number = 0;
  return {
    put(instant, item) {
      items.set(number, item);
      heap.push(instant, number);
      number += 1;
    },
    takeDue(now) {
      const due: T[] = [];
      for (let entry = heap.peek(); entry !== undefined && entry.instant <= now; entry = heap.peek()) {
        heap.pop();
        due.push(items.get(entry.index) as T);
        items.delete(entry.index);
      }
      return due;
    },
    next: () => heap.peek()?.instant ?? Infinity,
    shift(by) {
      const old = heap;
      heap = createInstantHeap();
      for (let entry = old.pop(); entry !== undefined; entry = old.pop()) heap.push(entry.instant + by, entry.index);
    },
  };
}
