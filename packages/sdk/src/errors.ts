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
  /** Thrown by a describing call: which part of the spec is meant. The host finds its line. */
  readonly path?: readonly PropertyKey[];
}

/** An error that a user can act upon. Recognise it by `code`, with `isJobError`. */
export class JobError extends Error implements JobErrorFacts {
  readonly code: string;
  declare readonly file?: string;
  declare readonly line?: number;
  declare readonly column?: number;
  declare readonly hint?: string;
  declare readonly excerpt?: { readonly text: string; readonly length: number };
  declare readonly path?: readonly PropertyKey[];

  constructor(facts: JobErrorFacts, options?: { cause?: unknown }) {
    super(facts.message, options);
    this.name = 'JobError';
    this.code = facts.code;
    if (facts.file !== undefined) this.file = facts.file;
    if (facts.line !== undefined) this.line = facts.line;
    if (facts.column !== undefined) this.column = facts.column;
    if (facts.hint !== undefined) this.hint = facts.hint;
    if (facts.excerpt !== undefined) this.excerpt = facts.excerpt;
    if (facts.path !== undefined) this.path = facts.path;
  }
}

/**
 * True for any copy of the package's `JobError`.
 * Errors of the system (`ENOENT`) carry an upper-case `code` and are none of ours.
 */
export function isJobError(value: unknown): value is JobErrorFacts & Error {
  return value instanceof Error && value.name === 'JobError' && 'code' in value && typeof value.code === 'string';
}
