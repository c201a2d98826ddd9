/** What every error that crosses a border says of itself. */
export interface JobErrorFacts {
  /** PascalCase; PowerShell's error id where one exists. */
  readonly code: string;
  /** One sentence: what is wrong with this input, names in quotes. */
  readonly message: string;
  /** The file that is complained about, as the user wrote its path or absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in characters. */
  readonly column?: number;
  /** What to type or change next. */
  readonly hint?: string;
  /** The complained-about source line and how many of its characters, from `column` on, are meant. Shown with a caret line. */
  readonly excerpt?: { readonly text: string; readonly length: number };
}

/** An error that a user can act upon. Recognise it by `code`, with `isJobError`. */
export class JobError extends Error implements JobErrorFacts {
  readonly code: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
  readonly excerpt?: { readonly text: string; readonly length: number };

  constructor(facts: JobErrorFacts, options?: { cause?: unknown }) {
    super(facts.message, options);
    this.name = 'JobError';
    this.code = facts.code;
    if (facts.file !== undefined) this.file = facts.file;
    if (facts.line !== undefined) this.line = facts.line;
    if (facts.column !== undefined) this.column = facts.column;
    if (facts.hint !== undefined) this.hint = facts.hint;
    if (facts.excerpt !== undefined) this.excerpt = facts.excerpt;
  }
}

/**
 * True for any copy of the package's `JobError`.
 * Errors of the system (`ENOENT`) carry an upper-case `code` and are none of ours.
 */
export function isJobError(value: unknown): value is JobErrorFacts & Error {
  return value instanceof Error && value.name === 'JobError' && 'code' in value && typeof value.code === 'string';
}
