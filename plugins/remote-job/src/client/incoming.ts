/**
 * One of the two streams that come from the other computer: first the noise of login files, then bytes of the command with words of
 * ours among them, each a line that begins with a word which nobody else knows.
 *
 *     noise noise ⟨nonce hello⟩ ⟨nonce started⟩ bytes bytes ⟨nonce over …⟩ bytes ⟨nonce end⟩
 *
 * Bytes are given on up to the last line end, so that a file never ends within a line while more is to come: a record must not be
 * cut where one attempt ends and the next begins. Of a line without an end, a mebibyte at a time.
 */
const LINE_END = 10;
const LONGEST_HELD = 1_048_576;
const LONGEST_WORDS = 8_192;
const NOISE_KEPT = 4_096;

export interface Heard {
  /** Words of ours, in order with the bytes. */
  said(words: readonly string[]): void;
  wrote(bytes: Uint8Array): void;
}

export class Incoming {
  readonly #mark: Buffer;
  readonly #heard: Heard;
  /** What may be the beginning of words of ours. */
  #held: Buffer = Buffer.alloc(0);
  /** Bytes of a line that has no end so far. */
  #line: Buffer[] = [];
  #lineLength = 0;
  #isNoise = true;
  #noise = '';
  #received = 0;

  constructor(nonce: string, heard: Heard) {
    this.#mark = Buffer.from(`${nonce} `);
    this.#heard = heard;
  }

  /** Bytes of the command that came before the last words of ours, or were given on since. */
  get received(): number {
    return this.#received;
  }

  /** The last line that something else than we has written before our first word. */
  get noise(): string {
    return this.#noise.trim().split('\n').at(-1)?.trim() ?? '';
  }

  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (;;) {
      const at = this.#held.indexOf(this.#mark);
      const end = at < 0 ? -1 : this.#held.indexOf(LINE_END, at);
      if (end < 0) return this.#takeBefore(at);
      const words = this.#held.subarray(at + this.#mark.length, end).toString();
      this.#take(this.#held.subarray(0, at));
      this.#held = this.#held.subarray(end + 1);
      this.#isNoise = false;
      this.#heard.said(words.trim().split(/\s+/));
    }
  }

  /** The command writes no more: a line without an end is one. */
  finish(): void {
    this.#giveLine();
  }

  /** No word of ours is whole. `mark`: where one begins; negative: nowhere, though its beginning may stand at the very end. */
  #takeBefore(mark: number): void {
    if (mark >= 0 && this.#held.length - mark > LONGEST_WORDS) throw new Error('the other computer does not keep to what was agreed');
    // There is no line end in a mark.
    const safe = mark >= 0 ? mark : Math.max(this.#held.lastIndexOf(LINE_END) + 1, this.#held.length - this.#mark.length);
    this.#take(this.#held.subarray(0, safe));
    this.#held = this.#held.subarray(safe);
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (this.#isNoise) {
      this.#noise = (this.#noise + bytes.toString()).slice(-NOISE_KEPT);
      return;
    }
    this.#received += bytes.length;
    const whole = bytes.lastIndexOf(LINE_END) + 1;
    if (whole > 0) {
      this.#giveLine();
      this.#heard.wrote(bytes.subarray(0, whole));
    }
    if (whole === bytes.length) return;
    // A copy: the rest of a chunk would keep all of it in memory.
    this.#line.push(Buffer.from(bytes.subarray(whole)));
    this.#lineLength += bytes.length - whole;
    if (this.#lineLength >= LONGEST_HELD) this.#giveLine();
  }

  #giveLine(): void {
    if (this.#lineLength > 0) this.#heard.wrote(Buffer.concat(this.#line));
    this.#line = [];
    this.#lineLength = 0;
  }
}
