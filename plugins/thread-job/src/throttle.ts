/**
 * Who may run now: as many at a time as the limit says, first come first run. Pure: it neither starts nor ends anything.
 *
 *     waiting ──▶ running ──▶ gone        a running one that waits for a job of its own pool lends its place meanwhile
 */
export class Throttle<Item extends object> {
  #limit: number;
  /** Those that were put back go first. */
  readonly #front: Item[] = [];
  #queue: Item[] = [];
  #head = 0;
  readonly #waiting = new Set<Item>();
  readonly #running = new Set<Item>();
  readonly #lending = new Set<Item>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** From now on, also for those that wait already. */
  set limit(limit: number) {
    this.#limit = limit;
  }

  /** Places that nobody has; below zero when more run than the limit allows. */
  get free(): number {
    return this.#limit - this.#running.size + this.#lending.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  add(item: Item): void {
    this.#waiting.add(item);
    this.#queue.push(item);
  }

  /** Back to where they came from: in front of all that wait, in the order given. */
  putBack(items: readonly Item[]): void {
    for (const item of items) {
      this.#running.delete(item);
      this.#lending.delete(item);
      this.#waiting.add(item);
    }
    this.#front.unshift(...items);
  }

  /** The next that may run, which then does. Undefined: none waits, or there is no place. */
  next(): Item | undefined {
    if (this.free <= 0) return undefined;
    const item = this.take();
    if (item !== undefined) this.#running.add(item);
    return item;
  }

  /** The first that waits: from now on somebody else keeps it, until it begins, is put back or ends. */
  take(): Item | undefined {
    for (let item = this.#shift(); item !== undefined; item = this.#shift()) if (this.#waiting.delete(item)) return item;
    return undefined;
  }

  /** Runs whatever the limit says. */
  begin(item: Item): void {
    this.#waiting.delete(item);
    this.#running.add(item);
  }

  /** It has ended, in whatever way, or is wanted no more. A place becomes free only if it had one. */
  end(item: Item): void {
    this.#waiting.delete(item);
    this.#running.delete(item);
    this.#lending.delete(item);
  }

  isWaiting(item: Item): boolean {
    return this.#waiting.has(item);
  }

  /** While it waits for a job of its own pool its place counts as free. */
  lend(item: Item): void {
    if (this.#running.has(item)) this.#lending.add(item);
  }

  /** It goes on, even if its place has been taken: it must not wait for it. */
  takeBack(item: Item): void {
    this.#lending.delete(item);
  }

  #shift(): Item | undefined {
    if (this.#front.length > 0) return this.#front.shift();
    const item = this.#queue[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}
