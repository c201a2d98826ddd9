import type { Host, Survey } from '@nightshift/host';
import type { JobErrorFacts } from '@nightshift/sdk';
import type { ErrorFacts } from './api.ts';

/** What answers are made from. */
export interface Desk {
  readonly host: Host;
  readonly survey: Survey;
  readonly version: string;
  readonly writes: boolean;
  /** For the header of every POST of a program that has the token. */
  readonly csrf: string;
  /** Told of what goes wrong and is nobody's question. */
  readonly warn: (cause: unknown) => void;
}

/** An error as it is shown to a browser: without its cause and its stack. */
export function factsOf({ code, message, file, line, column, excerpt, hint }: JobErrorFacts): ErrorFacts {
  return {
    code,
    message,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(excerpt === undefined ? {} : { excerpt: `${excerpt.text}\n${' '.repeat(Math.max(0, (column ?? 1) - 1))}${'^'.repeat(Math.max(1, excerpt.length))}` }),
    ...(hint === undefined ? {} : { hint }),
  };
}
