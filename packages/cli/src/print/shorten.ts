import type { JobErrorFacts } from '@nightshift/sdk';

/** Of what was typed or stood in a file, a message repeats as much as helps to recognise it. Source: security specification, section 2. */
const LONGEST_QUOTED = 200;
const LONGEST = 1_000;

/** The same complaint in a size that can be read: what stands in quotes is cut at 200 characters, all of it at 1,000. */
export function shorten(facts: JobErrorFacts): JobErrorFacts {
  const { code, message, hint, file, line, column, excerpt } = facts;
  return {
    code,
    message: cut(message),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(excerpt === undefined ? {} : { excerpt }),
  };
}

function cut(text: string): string {
  return beginning(text.replace(/"([^"]{200,})"/g, (_, inside: string) => `"${beginning(inside, LONGEST_QUOTED)}"`), LONGEST);
}

/** Whole characters: half of one would be printed as none. */
function beginning(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}
