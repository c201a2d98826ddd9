/** How far a shell is inside quotes. */
export type Quote = '' | '"' | "'";

/** One word of a line as it was typed. */
export interface TypedWord {
  readonly raw: string;
  /** Without its quotes. */
  readonly value: string;
  /** The quotes that are still open at its end. */
  readonly open: Quote;
}

/** The words of one simple command of a POSIX shell; the last one is the one being typed, perhaps empty. Nothing is expanded. */
export function wordsOf(line: string): TypedWord[] {
  const words: TypedWord[] = [];
  for (let rest = line.trimStart(); ; ) {
    const word = firstWord(rest);
    words.push(word);
    const behind = rest.slice(word.raw.length);
    if (behind === '') return words;
    rest = behind.replace(/^[ \t\n]+/, '');
  }
}

/** Reads letter by letter up to a blank outside of quotes, or to the end. */
export function firstWord(text: string): TypedWord {
  let [value, open, index]: [string, Quote, number] = ['', '', 0];
  for (; index < text.length; index++) {
    const letter = text[index] as string;
    if (open === '' && /[ \t\n]/.test(letter)) break;
    if (letter === '\\' && open !== "'" && (open === '' || /["\\$`]/.test(text[index + 1] ?? ''))) value += text[++index] ?? '';
    else if (letter === open) open = '';
    else if (open === '' && (letter === '"' || letter === "'")) open = letter;
    else value += letter;
  }
  return { raw: text.slice(0, index), value, open };
}

/** A text as it is typed inside these quotes, so that the shell reads it as it is: nothing of it is run, expanded or ends the word. */
export function quotedFor(open: Quote, text: string): string {
  switch (open) {
    case "'":
      return text.replaceAll("'", String.raw`'\''`);
    case '"':
      // History is expanded inside double quotes as well, and a backslash there would stay.
      return text.replaceAll(/["\\$`]/g, String.raw`\$&`).replaceAll('!', String.raw`"\!"`);
    case '':
      return text.replaceAll(/[^\p{L}\p{N}_.,:=@%+/-]/gu, String.raw`\$&`);
  }
}
