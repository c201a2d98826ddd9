import { sanitiseLine } from './sanitise.ts';

/** The name of a computer, as it stands before a line that comes from there. */
export function before(name: string): string {
  return `${sanitiseLine(name)}: `;
}

/** The same before a sentence of ours, which may begin with the name already. */
export function beforeSentence(name: string, sentence: string): string {
  return sentence.startsWith(`${name} `) ? '' : before(name);
}
