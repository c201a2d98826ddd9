/** Lines of at most so many columns, broken at blanks; those behind the first are indented. Blanks inside a line stay as they are. */
export function wrapped(text: string, columns: number, indent: number): string[] {
  if (text.length <= columns) return [text.trimEnd()];
  const start = text.search(/\S/);
  const at = text.lastIndexOf(' ', columns);
  // A word that is longer than a line stays whole.
  const end = at > start ? at : text.indexOf(' ', columns);
  if (end === -1) return [text];
  return [text.slice(0, end).trimEnd(), ...wrapped(' '.repeat(indent) + text.slice(end).trimStart(), columns, indent)];
}
