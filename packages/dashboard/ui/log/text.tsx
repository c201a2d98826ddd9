import type { JSX } from 'preact';
import { spansOf } from './ansi.ts';

/** One line: its colours, and what is searched for marked in it. Text is text: nothing in it is markup. */
export function LineText({ text, sought }: { readonly text: string; readonly sought: string }): JSX.Element {
  return (
    <>
      {spansOf(text).map(({ text: part, look }, at) => (
        look === '' && sought === '' ? part : <span key={at} class={look}>{sought === '' ? part : marked(part, sought)}</span>
      ))}
    </>
  );
}

/** Found as the server finds it: without case of ASCII letters. */
function marked(text: string, sought: string): (string | JSX.Element)[] {
  const [lower, wanted] = [asciiLower(text), asciiLower(sought)];
  const parts: (string | JSX.Element)[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + wanted.length)}</mark>);
    from = at + wanted.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
