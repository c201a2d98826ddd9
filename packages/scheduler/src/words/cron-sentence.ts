import cronstrue from 'cronstrue';

/** What the library says about an expression, as the middle of a sentence: "every 15 minutes, between 08:00 and 18:59". */
export function cronSentence(expression: string): string {
  const sentence = cronstrue.toString(expression, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
