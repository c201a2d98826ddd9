/**
 * What a value may be that a program hands over, and how a table of such kinds is held against an object. Codes are those of
 * the command line for the same mistake (jobs.md 6.4): a wrong form `ParameterArgumentTransformationError`, a right one out
 * of range `ParameterArgumentValidationError`.
 */
import { JobError, parseDuration, suggest } from '@nightshift/sdk';

/** Throws the complaint about a value. `name` is what the value is called in it. */
export type Check = (value: unknown, name: string) => void;

/** One check for each option: a new option without one does not compile. */
export type Checks<Options> = { readonly [Key in keyof Required<Options>]: Check };

/** Holds what was given against a table. Options that are undefined count as not given. Throws `NamedParameterNotFound` for one that the table does not know. */
export function checkOptions(given: unknown, checks: Readonly<Record<string, Check>>, whose: string): void {
  if (!isMap(given)) throw wrongForm(`what ${whose} is told`, 'an object', given);
  for (const name in given) {
    if (given[name] === undefined) continue;
    if (!Object.hasOwn(checks, name)) throw unknownOption(name, Object.keys(checks), whose);
    (checks[name] as Check)(given[name], name);
  }
}

export function unknownOption(name: string, known: readonly string[], whose: string): JobError {
  const near = suggest(name, known);
  return refused('NamedParameterNotFound', `${whose} has no option ${shown(name)}`, near === undefined ? `it has ${known.join(', ')}` : `did you mean ${near}?`);
}

export function refused(code: string, message: string, hint?: string): JobError {
  return new JobError({ code, message, ...(hint === undefined ? {} : { hint }) });
}

export function wrongForm(name: string, wanted: string, value: unknown, hint?: string): JobError {
  return refused('ParameterArgumentTransformationError', `${name} must be ${wanted}; it is ${shown(value)}`, hint);
}

export function outOfRange(name: string, wanted: string, value: unknown, hint?: string): JobError {
  return refused('ParameterArgumentValidationError', `${name} must be ${wanted}; it is ${shown(value)}`, hint);
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text: Check = (value, name) => {
  if (typeof value !== 'string') throw wrongForm(name, 'a text', value);
};

export const filledText: Check = (value, name) => {
  text(value, name);
  if (value === '') throw refused('ParameterArgumentValidationError', `${name} is empty`);
};

export const flag: Check = (value, name) => {
  if (typeof value !== 'boolean') throw wrongForm(name, 'true or false', value);
};

/** `least` and `most` are taken as well. */
export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  const wanted = most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least} up` : `a whole number from ${least} to ${most}`;
  return (value, name) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw outOfRange(name, wanted, value);
  };
}

export function oneOf(words: readonly string[]): Check {
  return (value, name) => {
    text(value, name);
    if (words.includes(value as string)) return;
    const near = suggest(value as string, words);
    throw outOfRange(name, `one of ${words.join(', ')}`, value, near === undefined ? undefined : `did you mean ${near}?`);
  };
}

export function listOf(check: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) throw wrongForm(name, 'an array', value);
    for (const [index, item] of value.entries()) check(item, `${name}[${index}]`);
  };
}

/** Milliseconds, or a text such as "5m". Throws `DurationInvalid`. */
export const duration: Check = (value, name) => {
  if (typeof value === 'string') parseDuration(value);
  else if (typeof value !== 'number' || !(value >= 0) || !Number.isSafeInteger(Math.round(value))) {
    throw refused('DurationInvalid', `${name} must be milliseconds from 0 up, or a text such as "5m"; it is ${shown(value)}`);
  }
};

export const date: Check = (value, name) => {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrongForm(name, 'a Date', value);
};

export const abortSignal: Check = (value, name) => {
  if (!isMap(value) || typeof value['aborted'] !== 'boolean') throw wrongForm(name, 'an AbortSignal', value);
};

export const callback: Check = (value, name) => {
  if (typeof value !== 'function') throw wrongForm(name, 'a function', value);
};

/** Of words that a program gets: numbers, true and false become text. */
export const plainValue: Check = (value, name) => {
  if (typeof value !== 'string' && typeof value !== 'boolean' && !Number.isFinite(value)) throw wrongForm(name, 'a text, a number, true or false', value);
};

export const environment: Check = (value, name) => {
  if (!isMap(value)) throw wrongForm(name, 'an object of names and values', value);
  for (const [variable, content] of Object.entries(value)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw refused('ParameterArgumentValidationError', `${name}: ${JSON.stringify(variable)} is no name of a variable`, 'a name has letters, digits and "_" only');
    plainValue(content, `${name}.${variable}`);
  }
};

export const filledFolder: Check = (value, name) => {
  text(value, name);
  if ((value as string).trim() === '') throw refused('ParameterArgumentValidationError', `${name} is empty`);
};

/** A value as a complaint quotes it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
