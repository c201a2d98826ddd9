import { asciiLower } from '@nightshift/sdk';
import type { Option } from './option-table.ts';
import { usage } from './usage.ts';

/** Parameters of PowerShell's own host, and what does their work here. */
const FOREIGN: Readonly<Record<string, string>> = {
  erroraction: 'the exit code says whether anything failed',
  warningaction: 'warnings go to stderr: 2>/dev/null',
  informationaction: 'messages go to stderr: 2>/dev/null',
  progressaction: 'progress is shown on a terminal only',
  errorvariable: 'errors go to stderr: 2>FILE, or -o json',
  warningvariable: 'warnings go to stderr: 2>FILE',
  informationvariable: 'messages go to stderr: 2>FILE',
  outvariable: 'use the shell: VARIABLE=$(…)',
  pipelinevariable: 'use the shell: VARIABLE=$(…)',
  outbuffer: 'output is never held back',
};

/**
 * The long name of `-DefinitionName`: without regard to case, by an alias of PowerShell's, or by an unambiguous prefix of
 * three or more letters. Undefined when there is none. Throws `AmbiguousParameter` and `ParameterNotSupported`.
 */
export function longNameOf(shown: string, options: Readonly<Record<string, Option>>): string | undefined {
  const word = asciiLower(shown.slice(1));
  const names = Object.keys(options);
  const exact = names.find((name) => spelled(name) === word) ?? names.find((name) => options[name]?.aliases?.some((alias) => asciiLower(alias) === word));
  if (exact !== undefined) return exact;
  const foreign = Object.hasOwn(FOREIGN, word) ? FOREIGN[word] : undefined;
  if (foreign !== undefined) throw usage('ParameterNotSupported', `${shown} belongs to PowerShell's own host`, foreign);
  if (word.length < 3) return undefined;
  const matches = names.filter((name) => spelled(name).startsWith(word));
  if (matches.length > 1) throw usage('AmbiguousParameter', `${shown} may be ${matches.map((name) => `--${name}`).join(' or ')}`);
  return matches[0];
}

function spelled(name: string): string {
  return name.replaceAll('-', '');
}
