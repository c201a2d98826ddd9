/** An answer of the machine; undefined: it does not say. */
export type Answer<T> = T | undefined | Promise<T | undefined>;

/** How one system is asked. A look that needs a program gives it up after `deadline` milliseconds. */
export interface Senses {
  network(deadline: number): Answer<boolean>;
  onBattery(deadline: number): Answer<boolean>;
  /** Milliseconds since somebody has used the machine; 0 while somebody does. */
  idleFor(deadline: number): Answer<number>;
}
