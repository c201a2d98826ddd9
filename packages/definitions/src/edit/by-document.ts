import { COMPOSE } from '../read-yaml.ts';
import { Composer, type Document, Parser } from '../yaml-library.ts';
import { withoutLog } from '../yaml-tokens.ts';
import type { Edit } from './plan-edit.ts';

/** An edit by the library's own means, which writes the whole text anew. The text was read before, within all limits. */
export function byDocument(text: string, { path, value }: Edit): string {
  return withoutLog(() => {
    const [document] = new Composer(COMPOSE).compose(new Parser().parse(text), true, text.length) as unknown as readonly [Document];
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, withCommentsOf(document.getIn(path, true), document.createNode(value)));
    return document.toString({ lineWidth: 0 });
  });
}

interface Commented {
  comment?: string | null;
  commentBefore?: string | null;
}

function withCommentsOf<T extends Commented>(old: unknown, node: T): T {
  const { comment = null, commentBefore = null } = (old ?? {}) as Commented;
  if (comment !== null) node.comment = comment;
  if (commentBefore !== null) node.commentBefore = commentBefore;
  return node;
}
