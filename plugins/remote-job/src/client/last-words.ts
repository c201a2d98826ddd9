import { readFileSync } from 'node:fs';

/** The last thing that ssh itself has said, without its name; empty: nothing. */
export function lastWords(log: string): string {
  try {
    const lines = readFileSync(log, 'utf8').split(/[\r\n]+/).filter((line) => line.trim() !== '');
    // Behind why it has failed.
    if (lines.length > 1 && lines.at(-1) === 'Host key verification failed.') lines.pop();
    return (lines.at(-1) ?? '').replace(/^ssh: /, '').trim().slice(0, 300);
  } catch {
    // It did not come to say anything.
    return '';
  }
}
