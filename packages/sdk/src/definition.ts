import type { JobErrorFacts } from './errors.ts';

/**
 * A place where definitions of one type live. All calls may be repeated and must not run what they find. `path`: what
 * --definition-path names, absolute. `files`: what a source reads files with that say what will run.
 */
export interface DefinitionSource {
  /** All definitions of this name (compared without case), broken ones included. Empty means "not mine". Throwing is a warning, not an end. */
  find(name: string, path: string | undefined, files: SourceFiles): Promise<readonly (Definition | BrokenDefinition)[]>;
  /** Where it looks unless told otherwise, as shown in "not found". Default: not said. */
  readonly places?: readonly string[];
  /**
   * Asked only when its type is named (`--type`, no wildcard): for files that were not written for us, whose names must not
   * make `--definition-name` ambiguous. Default false.
   */
  readonly onlyByType?: boolean;
  /** Every definition, broken ones included, in name order. */
  list(path: string | undefined, files: SourceFiles): AsyncIterable<Definition | BrokenDefinition>;
  /** Names whose definition appeared, changed or went. Default: the host lists again every 30 s. */
  watch?(path: string | undefined, signal: AbortSignal): AsyncIterable<{ readonly name: string }>;
}

/** What the host reads for a source, by the rules for definition files. */
export interface SourceFiles {
  /**
   * The bytes of a regular file that nobody but the user, root and the owners of the configuration's `safeOwners` can have
   * written; a link may lead elsewhere in its own folder. Throws `DefinitionUnsafe` for any other, `FilePathNotFound`,
   * `DefinitionPathUnreadable`, and `DefinitionTooLarge` above 256 KiB. In the process of a plugin nothing is known of
   * `safeOwners`. Source: security specification S4.
   */
  read(file: string): Promise<Uint8Array>;
}

/** A named, stored description of a job. */
export interface Definition {
  /** `<namespace>/<name in lower case>`: firings, clocks, overlap, retention and queue ids go by it. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  /** Shown in every error: a file path, a URL, a key. */
  readonly location: string;
  readonly description?: string;
  /** What its source calls it where that can be no name: `build:prod` of build-prod. Whoever asks for it so is told the name. Default: `name`. */
  readonly sourceName?: string;
  /** Not yet validated: the host asks the type's schema. */
  readonly spec: unknown;
  /** Absolute folder that relative paths in the definition start from. Default: the caller's working directory. */
  readonly baseFolder?: string;
  /** For types with the `triggers` capability; shape as in the definition reference. Default: none. */
  readonly triggers?: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Default true. */
  readonly enabled?: boolean;
  /** IANA name. Default: the configuration's, else the host's. */
  readonly timeZone?: string;
  /** Finished runs kept. Default 32. */
  readonly maxResultCount?: number;
  /** Complaints that do not keep it from running. Default: none. */
  readonly warnings?: readonly JobErrorFacts[];
  /**
   * Where the value at `path` stands in the definition's text, or its nearest ancestor that stands anywhere: so a complaint
   * of a job type about its `spec` gets a line and a column. `path` begins with `job`. Default: no places.
   */
  place?(path: readonly PropertyKey[], at?: 'key' | 'value'): DefinitionPlace;
}

/** Where something stands in a definition's text. */
export type DefinitionPlace = Pick<JobErrorFacts, 'file' | 'line' | 'column' | 'excerpt'>;

/** A definition that cannot be used, and everything that is wrong with it. */
export interface BrokenDefinition extends Pick<Definition, 'baseFolder' | 'place'> {
  readonly name: string;
  readonly location: string;
  /** Absent when it could not be read. Else its type complains about it as well, so that one look shows every mistake. */
  readonly spec?: unknown;
  /** Absent when even that could not be read. */
  readonly type?: string;
  /** At least one, in the order of their places. */
  readonly errors: readonly JobErrorFacts[];
  readonly warnings?: readonly JobErrorFacts[];
}

/** True for a definition that cannot be used. */
export function isBroken(found: Definition | BrokenDefinition): found is BrokenDefinition {
  return 'errors' in found;
}
