import { CST, Lexer } from '../yaml-library.ts';
import { withoutLog } from '../yaml-tokens.ts';

/** A comment and where it begins. */
export interface Comment {
  readonly start: number;
  readonly text: string;
}

/** The comments of a text in its order; what looks like one inside a text is none. */
export function commentsOf(text: string): readonly Comment[] {
  return withoutLog(() => {
    const comments: Comment[] = [];
    let [start, isText] = [0, false];
    for (const lexeme of new Lexer().lex(text)) {
      if (!isText && CST.tokenType(lexeme) === 'comment') comments.push({ start, text: lexeme.trimEnd() });
      isText = !isText && lexeme === CST.SCALAR;
      // Announcements are no part of the text.
      if (!isMark(lexeme)) start += lexeme.length;
    }
    return comments;
  });
}

function isMark(lexeme: string): boolean {
  return lexeme === CST.DOCUMENT || lexeme === CST.SCALAR || lexeme === CST.FLOW_END;
}
