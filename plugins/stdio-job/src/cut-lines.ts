/** A line without its end; `isWhole` is false for a piece of a line that is longer than allowed. */
export interface Line {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
}

const NEWLINE = 0x0a;

/** Cuts a flow of bytes into lines. Holds one line at most, and of a longer one `limit` bytes: a flood costs no memory. */
export class LineCutter {
  readonly #limit: number;
  #begun: Buffer[] = [];
  #length = 0;

  /** `limit`: bytes of a line without its end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in this chunk, and the pieces that have grown too long in it. */
  *cut(chunk: Buffer): Generator<Line> {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline === -1 ? chunk.length : newline;
      const room = this.#limit - this.#length;
      if (end - from > room) {
        const piece = this.#take(chunk.subarray(from, from + room));
        const whole = wholeCharacters(piece);
        this.#keep(piece.subarray(whole));
        from += room;
        yield { bytes: piece.subarray(0, whole), isWhole: false };
        continue;
      }
      if (newline === -1) this.#keep(chunk.subarray(from));
      else yield { bytes: this.#take(chunk.subarray(from, newline)), isWhole: true };
      from = end + 1;
    }
  }

  /** What came after the last line end; undefined when nothing did. */
  rest(): Buffer | undefined {
    return this.#length === 0 ? undefined : this.#take(Buffer.alloc(0));
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#begun.push(bytes);
    this.#length += bytes.length;
  }

  #take(last: Buffer): Buffer {
    const line = this.#begun.length === 0 ? last : Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    this.#length = 0;
    return line;
  }
}

/** How many of these bytes do not cut a UTF-8 character in two. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length - 1); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return back < lengthOf(byte) ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Of a UTF-8 character, by its first byte. */
function lengthOf(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}
