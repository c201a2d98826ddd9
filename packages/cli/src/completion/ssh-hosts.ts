import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPUTER_NAME } from '@nightshift/host';

/** The computers that a user's configuration of ssh names: the words of its `Host` lines, without patterns. Files that it includes are not read. */
export function sshHosts(home: string | undefined): readonly string[] {
  const words = textOf(home).split('\n').flatMap((line) => /^\s*host(?:\s+|\s*=\s*)(.*)$/i.exec(line)?.[1]?.split(/\s+/) ?? []);
  return [...new Set(words.filter((word) => COMPUTER_NAME.test(word)))];
}

/** Nobody who completes a line wants to hear of a file that is not there. */
function textOf(home: string | undefined): string {
  try {
    return home === undefined || home === '' ? '' : readFileSync(join(home, '.ssh', 'config'), 'utf8');
  } catch {
    return '';
  }
}
