/** What changes in an example's text when it becomes somebody's own: its name, and paths that depend on the place. */
import type { Edit } from '@nightshift/definitions';

/** Where the copy will stand. */
export interface NewPlace {
  readonly name: string;
  /** From its folder to the JSON Schema of definitions; undefined: there is none to be found from there. */
  readonly schema: string | undefined;
  /** From its folder to the root of its project. */
  readonly projectRoot: string;
}

const MODELINE = /^# yaml-language-server:.*\n/;
const COMMENT = /(?:^|\s)#.*$/gm;
/** Where an example says "the root of the project": examples lie in a folder of it. */
const ROOT = /^ {2}workingDirectory: \.\.$/m;

export function adaptExample(text: string, example: string, place: NewPlace, editYaml: (text: string, edits: readonly Edit[]) => string): string {
  const modeline = place.schema === undefined ? '' : `# yaml-language-server: $schema=${place.schema}\n`;
  const named = renamed(text.replace(MODELINE, () => modeline), example, place.name);
  return ROOT.test(named) && place.projectRoot !== '..' ? editYaml(named, [{ path: ['job', 'workingDirectory'], value: place.projectRoot }]) : named;
}

/** In comments alone: the same word may mean something in a value. */
function renamed(text: string, from: string, to: string): string {
  const word = new RegExp(`\\b${from}\\b`, 'g');
  return text.replace(COMMENT, (comment) => comment.replace(word, () => to));
}
