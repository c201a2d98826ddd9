/** Whose program it is and where it lies; the host adds how its files are read. A `Manifest` is one. */
export interface ProgramPlugin {
  readonly name: string;
  readonly version: string;
  /** Absolute. Programs are started in it. */
  readonly folder: string;
  /** Reads a text file of the folder, given its absolute path; the host hands in the reader that checks owner and mode. Default: UTF-8 text of a file whose real path is inside the folder. */
  readFile?(path: string): Promise<string>;
  /** Version of this Nightshift, told to programs in `hello`. Default: that of this package. */
  readonly nightshift?: string;
}
