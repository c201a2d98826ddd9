/** Where a program plugin lies, and what it may ask of the one who has found it. A `Manifest` is one. */
export interface ProgramPlugin {
  readonly name: string;
  readonly version: string;
  /** Absolute. Programs are started in it. */
  readonly folder: string;
  /** Reads a text file of the folder, given its absolute path; the host hands in the reader that checks owner and mode. Default: UTF-8 text of a file whose real path is inside the folder. */
  readFile?(path: string): Promise<string>;
  /** Is told what a run cannot tell any more since it has ended, such as a second outcome. Default: a warning of this process. */
  note?(text: string): void;
}
