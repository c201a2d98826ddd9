/**
 * note: the job does the same work at the same times; something around it differs.
 * lost: it would not do the same work, and is written disabled.
 * trigger-lost: it would not be due at the same times, or is not written at all.
 */
export type Severity = 'note' | 'lost' | 'trigger-lost';

/** Said twice: as a comment in the file, and as a line of the report. */
export interface Remark {
  readonly severity: Severity;
  /** file:line of the source. */
  readonly place: string;
  readonly text: string;
  /** Path of the key before which the comment stands. Default, and where there is no such key: the top of the file. */
  readonly at?: string;
}

/** A line of the report. `definition` is null where it is about none. */
export interface ReportLine {
  readonly definition: string | null;
  readonly place: string;
  readonly severity: Severity;
  readonly text: string;
}

/** Takes remarks in the order in which they come up. */
export interface Remarks {
  readonly all: readonly Remark[];
  note(place: string, text: string, at?: string): void;
  lost(place: string, text: string, at?: string): void;
  triggerLost(place: string, text: string): void;
}

export function collectRemarks(): Remarks {
  const all: Remark[] = [];
  const add = (severity: Severity) => (place: string, text: string, at?: string): void => {
    all.push({ severity, place, text, ...(at === undefined ? {} : { at }) });
  };
  const triggerLost = add('trigger-lost');
  return { all, note: add('note'), lost: add('lost'), triggerLost: (place, text) => triggerLost(place, text, 'triggers') };
}

const LONGEST = 120;

/** A foreign text inside a sentence: in quotes, on one line, of bounded length. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
