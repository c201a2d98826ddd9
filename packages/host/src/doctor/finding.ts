/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'warning' | 'bad';
  /** False for what is bad alone. */
  readonly ok: boolean;
  readonly text: string;
  /** What to type when it is not well. */
  readonly fix?: string;
}

export function well(subject: string, text: string): Finding {
  return { subject, state: 'ok', ok: true, text };
}

/** Nightshift works, but not as somebody might expect. */
export function doubtful(subject: string, text: string, fix: string): Finding {
  return { subject, state: 'warning', ok: true, text, fix };
}

/** Something does not work, or is open to others. */
export function bad(subject: string, text: string, fix: string): Finding {
  return { subject, state: 'bad', ok: false, text, fix };
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
