// Reads what a document tells its reader to type, and what it says will come out.

/** A command as typed, and the lines that the document shows after it. */
export interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

export interface Block {
  /** Of the fence, from 1. */
  readonly line: number;
  readonly steps: readonly Step[];
  /** Why it is not run: `<!-- not run: … -->` above the block. */
  readonly notRun?: string;
}

/** What a reader has done before, without the document saying how: `<!-- given: … -->`. */
export interface Given {
  readonly line: number;
  readonly given: string;
}

/** The parts of a document that something is to be done about, in order. */
export function partsOf(markdown: string): readonly (Block | Given)[] {
  const lines = markdown.split('\n');
  const parts: (Block | Given)[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const given = /^<!-- given: (.*) -->$/.exec(lines[at] as string)?.[1];
    if (given !== undefined) parts.push({ line: at + 1, given });
    if (!/^```\w*$/.test(lines[at] as string) || lines[at] === '```') continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`the block of line ${at + 1} has no end`);
    if (lines[at] === '```console') parts.push({ line: at + 1, steps: stepsOf(lines.slice(at + 1, end), at + 2), ...reason(lines.slice(0, at)) });
    at = end;
  }
  return parts;
}

function reason(before: readonly string[]): { notRun?: string } {
  const why = /^<!-- not run: (.+) -->$/.exec(before.findLast((line) => line !== '') ?? '')?.[1];
  return why === undefined ? {} : { notRun: why };
}

function stepsOf(lines: readonly string[], first: number): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < lines.length;) {
    if (!lines[at]?.startsWith('$ ')) throw new Error(`line ${first + at} is neither a command nor the output of one: ${lines[at]}`);
    const shown = at + linesTyped(lines.slice(at), first + at);
    const next = lines.findIndex((line, index) => index >= shown && line.startsWith('$ '));
    const end = next === -1 ? lines.length : next;
    steps.push({ command: lines.slice(at, shown).map((line, index) => (index === 0 ? line.slice(2) : line.replace(/^> /, ''))).join('\n'), shown: lines.slice(shown, end) });
    at = end;
  }
  return steps;
}

/** How many lines the first command takes: with those behind a `> `, or up to the mark of a text that it brings (`<<'END'`). */
function linesTyped(lines: readonly string[], first: number): number {
  const mark = /<<-?\s*(['"]?)(\w+)\1/.exec(lines[0] as string)?.[2];
  const more = lines.findIndex((line, index) => (mark === undefined ? index > 0 && !line.startsWith('> ') : index > 0 && line.replace(/^> /, '') === mark));
  if (mark === undefined) return more === -1 ? lines.length : more;
  if (more === -1) throw new Error(`the text that begins in line ${first} has no end`);
  return more + 1;
}
