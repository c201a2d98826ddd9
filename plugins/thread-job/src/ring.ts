/**
 * Bytes from a worker to its pool, through memory that both see: what a job has written is there even if its worker is ended
 * in the middle of an endless loop, and a job that writes faster than anybody reads stands still. Positions count all bytes
 * ever written, in 32 bits that wrap.
 */

/** Words in front of the bytes. `HEAD`: written. `TAIL`: read. `KEY`: of the task that writes. */
const HEAD = 0;
const TAIL = 1;
const KEY = 2;
const WORDS = 3;
/** A power of two. */
const SIZE = 262_144;

export interface RingMemory {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

export function newRingMemory(): RingMemory {
  return { words: new Int32Array(new SharedArrayBuffer(WORDS * 4)), bytes: new Uint8Array(new SharedArrayBuffer(SIZE)) };
}

/** The worker's side. */
export interface RingWriter {
  /** From here on everything is of this task. */
  begin(key: number): void;
  /** Stands still while there is no room. */
  write(text: string): void;
  /** How much has been written, of all tasks. */
  position(): number;
}

/** `nudge`: there is something to read, which nobody has been told. */
export function ringWriter({ words, bytes }: RingMemory, nudge: (position: number) => void): RingWriter {
  let head = 0;
  let nudged = 0;
  const publish = (): void => {
    Atomics.store(words, HEAD, head);
    // Read up to the last nudge: nobody will look again by himself.
    if (((Atomics.load(words, TAIL) - nudged) | 0) < 0) return;
    nudged = head;
    nudge(head);
  };
  const room = (): number => {
    for (;;) {
      const tail = Atomics.load(words, TAIL);
      const free = SIZE - ((head - tail) | 0);
      if (free > 0) return free;
      Atomics.wait(words, TAIL, tail);
    }
  };
  const put = (part: Uint8Array): void => {
    const at = head & (SIZE - 1);
    const first = Math.min(part.length, SIZE - at);
    bytes.set(part.subarray(0, first), at);
    bytes.set(part.subarray(first), 0);
    head = (head + part.length) | 0;
  };
  return {
    begin: (key) => void Atomics.store(words, KEY, key),
    position: () => head,
    write(text) {
      let rest: Uint8Array = Buffer.from(text);
      // In one step where there is room: a line that is cut off is none.
      while (rest.length <= SIZE && room() < rest.length) Atomics.wait(words, TAIL, Atomics.load(words, TAIL), 50);
      while (rest.length > 0) {
        const part = rest.subarray(0, room());
        put(part);
        publish();
        rest = rest.subarray(part.length);
      }
    },
  };
}

/** The pool's side. */
export interface RingReader {
  /** What there is up to a position that is known to be of one task; undefined: nothing. */
  upTo(position: number): Uint8Array | undefined;
  /** All that there is, as long as it is of this task. */
  allOf(key: number): Uint8Array | undefined;
}

export function ringReader({ words, bytes }: RingMemory): RingReader {
  let tail = 0;
  const take = (to: number): Uint8Array | undefined => {
    const length = (to - tail) | 0;
    if (length <= 0) return undefined;
    const at = tail & (SIZE - 1);
    const first = Math.min(length, SIZE - at);
    const taken = new Uint8Array(length);
    taken.set(bytes.subarray(at, at + first));
    taken.set(bytes.subarray(0, length - first), first);
    tail = to;
    Atomics.store(words, TAIL, tail);
    Atomics.notify(words, TAIL);
    return taken;
  };
  return {
    upTo: take,
    allOf(key) {
      const head = Atomics.load(words, HEAD);
      // The head first: what was written by then is of this task if it still is the one that writes.
      return Atomics.load(words, KEY) === key ? take(head) : undefined;
    },
  };
}
