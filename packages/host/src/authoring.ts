/** Writing definition files: texts made, changed, checked before they count, and put into their place. */
import { definitionText, editYaml, readForeignYaml, replaceFile, type Comments, type Edit, type YamlDefinitions } from '@nightshift/definitions';
import type { JobErrorFacts } from '@nightshift/sdk';
import { makeFolder } from './make-folder.ts';
import { checkFound, type CheckParts } from './validate.ts';

/** What verbs that write definitions are made of. */
export interface Authoring {
  /**
   * A value as YAML in the style of our examples. `header`: comment lines at the top, without '#'. `before`: comment lines
   * before the key or list item at a path such as 'job.command' or 'triggers.0'. Throws `CannotSerializeData`.
   */
  definitionText(value: object, comments?: Comments): string;
  /**
   * The text with these values given or (undefined) taken away, one after the other, every other byte as it was. Throws
   * `DefinitionSyntaxError` for a text that cannot be read, `DefinitionValueInvalid` for a change that would harm what stands
   * around it, `CannotSerializeData`.
   */
  editYaml(text: string, edits: readonly Edit[]): string;
  /**
   * Plain values of every document of a foreign YAML or JSON text; `file` is its name in complaints. Throws
   * `DefinitionSyntaxError`, `DefinitionKeyForbidden`, `DefinitionTooLarge`, with place and excerpt.
   */
  readForeignYaml(text: string, file: string): readonly unknown[];
  /**
   * Writes a file in one step, mode 0644 less the caller's umask; an existing one keeps its mode. `create`: refuses an
   * existing one with `existsCode`, by default `CantRegisterScheduledJobDefinition`. Throws `StoreFull`, `ReadOnlyFileSystem`,
   * `UnauthorizedAccessToRegisterScheduledJobDefinition`, `DirectoryNotFoundException`, `InputOutputError`; leaves nothing
   * behind then.
   */
  replaceFile(path: string, text: string, options?: { readonly create?: boolean; readonly existsCode?: string }): Promise<void>;
  /**
   * A folder that people own, with those above it. Answers with the ones that were missing, outermost first, so that they can
   * be taken back. Throws the same.
   */
  makeFolder(folder: string): Promise<readonly string[]>;
  /** What validate would print of a text if it were the file at `path`, which need not exist. Runs nothing. */
  checkText(path: string, text: string): Promise<{ readonly errors: readonly JobErrorFacts[]; readonly warnings: readonly JobErrorFacts[] }>;
}

export interface AuthoringParts extends CheckParts {
  readonly yaml: YamlDefinitions;
  /** Of the person who called. */
  readonly umask: number;
}

export function createAuthoring({ yaml, umask, ...parts }: AuthoringParts): Authoring {
  return {
    definitionText,
    editYaml,
    readForeignYaml,
    replaceFile: (path, text, options) => replaceFile(path, text, { ...options, umask }),
    async makeFolder(folder) {
      const made: string[] = [];
      await makeFolder(folder, umask, (one) => void made.push(one));
      return made;
    },
    async checkText(path, text) {
      const { errors, warnings } = await checkFound(parts, await yaml.check(path, text));
      return { errors, warnings };
    },
  };
}
