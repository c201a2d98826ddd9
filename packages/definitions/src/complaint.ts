/** A stretch of a text: offsets in UTF-16 units, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something wrong or doubtful at one place of a text, before it is known how the file is shown. */
export interface Complaint extends Span {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A list that grows while a text is looked through: one mistake must not hide the next. */
export type Complain = (complaint: Complaint) => void;
