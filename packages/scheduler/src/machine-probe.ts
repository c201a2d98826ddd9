/** What can be asked of the machine. */
export type MachineFact = 'network' | 'battery' | 'idle';

/** What the machine says of itself. Absent: it does not say, or not in time. */
export interface MachineFacts {
  /** There is a network besides the machine's own loop. */
  readonly network?: boolean;
  readonly onBattery?: boolean;
  /** For so many milliseconds nobody has used it; 0 while somebody does. */
  readonly idleFor?: number;
}

/** The eyes of the scheduler: one implementation for each system. */
export interface MachineProbe {
  /** Only what is asked for is looked at. Answers within about a second, whatever the machine does, and never throws. */
  ask(facts: ReadonlySet<MachineFact>): Promise<MachineFacts>;
}
