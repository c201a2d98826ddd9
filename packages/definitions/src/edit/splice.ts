/** Where in a text a change belongs, and whether it stands in lines of its own (block) or between brackets (flow). */
import type { Span } from '../complaint.ts';
import { plainCopy, type Tree } from '../tree.ts';
import { flowText } from '../write-yaml.ts';
import type { Edit } from './plan-edit.ts';
import { afterLine, endOf, type Form, isAlias, isFlow, isSpread, type Member, membersOf, type Parent } from './site.ts';
import { addToBlock, emptyBlock, removeFromBlock, replaceInBlock } from './splice-block.ts';
import { addToFlow, removeFromFlow, replaceInFlow } from './splice-flow.ts';

/** The text with one change made in the smallest stretch, the new value on one line if need be. Undefined for a shape that this does not know. */
export function spliceAt(text: string, root: Tree, { path, value }: Edit, form: Form = 'block'): string | undefined {
  if (path.length === 0) return undefined;
  const parent = parentOf(text, root, path, form);
  if (parent === undefined) return undefined;
  const member = parent.members.find(({ name }) => name === String(path.at(-1)));
  if (value !== undefined) return member === undefined ? add(text, parent, path, value) : replace(text, parent, member, value);
  if (member === undefined) return undefined;
  if (isFlow(text, parent.node)) return removeFromFlow(text, parent, member);
  if (parent.members.length > 1) return removeFromBlock(text, parent, member);
  const empty = parent.node.kind === 'map' ? {} : [];
  return parent.owner === undefined ? emptyBlock(text, parent) : replace(text, parent.owner.parent, parent.owner.member, empty);
}

function add(text: string, parent: Parent, path: Edit['path'], value: unknown): string | undefined {
  const name = String(path.at(-1));
  return isFlow(text, parent.node) ? addToFlow(text, parent, name, value) : addToBlock(text, parent, name, value);
}

function replace(text: string, parent: Parent, member: Member, value: unknown): string | undefined {
  return isFlow(text, parent.node) ? replaceInFlow(text, member, value) : replaceInBlock(text, parent, member, value);
}

/** The map or list that the last member of the path belongs to; undefined where an alias stands for it. */
function parentOf(text: string, root: Tree, path: Edit['path'], form: Form = 'block'): Parent | undefined {
  let parent = asParent(text, root, { depth: 0, owner: undefined, form });
  for (const part of path.slice(0, -1)) {
    const member = parent?.members.find(({ name }) => name === String(part));
    if (parent === undefined || member === undefined) return undefined;
    parent = asParent(text, member.value, { depth: parent.depth + 1, owner: { parent, member }, form });
  }
  return parent;
}

function asParent(text: string, node: Tree, facts: Pick<Parent, 'depth' | 'owner' | 'form'>): Parent | undefined {
  if (node.kind === 'scalar' || isAlias(text, node)) return undefined;
  return { ...facts, node, members: membersOf(text, node) };
}

/** What a change may do away with, comments included: the old value, and of a removed one its key and the rest of its line. */
export function changedStretch(text: string, root: Tree, { path, value }: Edit): Span {
  const parent = path.length === 0 ? undefined : parentOf(text, root, path);
  const member = parent?.members.find(({ name }) => name === String(path.at(-1)));
  if (parent === undefined || member === undefined) return { start: 0, end: 0 };
  const end = endOf(text, member.value);
  if (value === undefined) return { start: member.key?.start ?? member.value.start, end: afterLine(text, end) };
  if (!isSpread(text, member.value)) return { start: member.value.start, end };
  return { start: Math.min(member.value.start, afterLine(text, member.key?.end ?? member.value.start)), end: afterLine(text, end) };
}

/** The text with what each alias (*) stands for in its place. */
export function withoutAliases(text: string, root: Tree): string {
  return aliasesIn(text, root).toReversed().reduce((changed, node) => changed.slice(0, node.start) + flowText(plainCopy(node)) + changed.slice(node.end), text);
}

function aliasesIn(text: string, node: Tree): readonly Tree[] {
  if (isAlias(text, node)) return [node];
  return membersOf(text, node).flatMap(({ value }) => aliasesIn(text, value));
}
