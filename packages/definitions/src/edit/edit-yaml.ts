/**
 * Changes single values of a YAML or JSON text and leaves every other byte as it is: comments, order, quotes, blank lines.
 *
 * Each change is tried in the smallest stretch of the text (`splice-block.ts`, `splice-flow.ts`), which knows the usual
 * shapes and may be wrong about the others. So nothing is believed: the result is read again, its values must be the wanted
 * ones and every comment outside the changed stretch must still be there. Where it is not so, the change is tried once more
 * on one line, then with aliases written out, and then by the library's own document, which keeps comments but not the layout
 * around them.
 */
import { JobError } from '@nightshift/sdk';
import { quoted } from '../quoted.ts';
import { readYaml } from '../read-yaml.ts';
import { sameValue } from '../same-value.ts';
import { sourceText } from '../source-text.ts';
import { plainCopy, type Tree } from '../tree.ts';
import { byDocument } from './by-document.ts';
import { type Comment, commentsOf } from './comments.ts';
import { changesBetween, type Edit, withEdit } from './plan-edit.ts';
import { isJson } from './site.ts';
import { changedStretch, spliceAt, withoutAliases } from './splice.ts';

const BOM = '\ufeff';

/**
 * The text with these values given or (undefined) taken away, one after the other; what is missing on the way is made.
 * Throws `DefinitionSyntaxError` for a text that cannot be read, `DefinitionValueInvalid` for a change that cannot be made
 * without losing something, and `CannotSerializeData` for a value without a form in YAML.
 */
export function editYaml(text: string, edits: readonly Edit[]): string {
  const mark = text.startsWith(BOM) ? BOM : '';
  return mark + edits.reduce(makeEdit, text.slice(mark.length));
}

function makeEdit(text: string, edit: Edit): string {
  const old = plainCopy(read(text).tree);
  const changes = edit.value === undefined ? changesOfRemoval(old, edit) : changesBetween(old, withEdit(old, edit));
  return changes.reduce(makeChange, text);
}

function changesOfRemoval(old: unknown, edit: Edit): readonly Edit[] {
  return sameValue(old, withEdit(old, edit)) ? [] : [edit];
}

function makeChange(text: string, change: Edit): string {
  const { tree, faults } = read(text);
  const task: Task = { text, tree, faults, change, wanted: withEdit(plainCopy(tree), change) };
  for (const attempt of [inPlace, onOneLine, withAliasesWrittenOut, byLibrary]) {
    const result = attempt(task);
    if (result !== undefined && isRight(task, result)) return result;
  }
  const name = change.path.join('.');
  throw new JobError({ code: 'DefinitionValueInvalid', message: `${quoted(name)} cannot be changed without harm to what stands around it`, hint: 'change the file by hand' });
}

/** One change, the text before it, and the values after it. */
interface Task {
  readonly text: string;
  readonly tree: Tree;
  /** How many things were wrong before. */
  readonly faults: number;
  readonly change: Edit;
  readonly wanted: unknown;
}

function inPlace({ text, tree, change }: Task): string | undefined {
  return spliceAt(text, tree, change);
}

/** A block would swallow a comment that follows it and is indented as deeply. */
function onOneLine({ text, tree, change }: Task): string | undefined {
  return spliceAt(text, tree, change, 'line');
}

function withAliasesWrittenOut({ text, tree, change }: Task): string | undefined {
  const plain = withoutAliases(text, tree);
  if (plain === text) return undefined;
  return spliceAt(plain, read(plain).tree, change);
}

function byLibrary({ text, tree, change }: Task): string | undefined {
  return byDocument(withoutAliases(text, tree), change);
}

function isRight({ text, tree, faults, change, wanted }: Task, result: string): boolean {
  const { tree: made, complaints } = readYaml(result);
  if (made === undefined || complaints.length > faults || !sameValue(plainCopy(made), wanted)) return false;
  if (isJson(text) && !isJson(result)) return false;
  const { start, end } = changedStretch(text, tree, change);
  const before = commentsOf(text);
  const kept = before.filter((comment) => comment.start < start || comment.start >= end);
  const after = commentsOf(result);
  return isWithin(kept, after) && isWithin(after, before);
}

/** Whether all of the one are found in the other, in the same order. */
function isWithin(some: readonly Comment[], all: readonly Comment[]): boolean {
  let at = 0;
  for (const { text } of all) if (some[at]?.text === text) at++;
  return at === some.length;
}

function read(text: string): { tree: Tree; faults: number } {
  const { tree, complaints } = readYaml(text);
  if (tree !== undefined) return { tree, faults: complaints.length };
  const [first] = complaints;
  const { file: _, ...facts } = sourceText('', text).facts(first as NonNullable<typeof first>);
  throw new JobError(facts);
}
