import { JobError } from './errors.ts';

/** The rule of a definition's name as a regular expression, for schemas. `checkName` asks for more. */
export const NAME_PATTERN = '^[A-Za-z][A-Za-z0-9._-]{0,63}$';

const NAME = new RegExp(NAME_PATTERN);
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;
const OF_OBJECTS = ['__proto__', 'constructor', 'prototype'];

/**
 * Returns `name` when it may name a definition, a job type or a namespace: `NAME_PATTERN`, no `..`, no trailing dot,
 * no Windows device name, nothing that means something to JavaScript objects.
 * Throws `InvalidDefinitionName` otherwise, before anybody touches a file. Source: security specification S5.
 */
export function checkName(name: string): string {
  const fault = faultOf(name);
  if (fault === undefined) return name;
  throw new JobError({
    code: 'InvalidDefinitionName',
    message: `${JSON.stringify(shorten(name))} is not a name: ${fault}`,
    hint: 'a name begins with a letter and has letters, digits, ".", "_" and "-" only, at most 64 characters',
  });
}

function faultOf(name: string): string | undefined {
  if (name.length > 64) return `it has ${name.length} characters, at most 64 are allowed`;
  if (OF_OBJECTS.includes(name)) return 'it is reserved';
  if (!NAME.test(name)) return /^[A-Za-z]/.test(name) ? 'it holds a character that is not allowed' : 'it must begin with a letter';
  if (name.includes('..')) return 'it holds ".."';
  if (name.endsWith('.')) return 'it ends with a dot';
  if (WINDOWS_DEVICE.test(name)) return 'it is the name of a Windows device';
  return undefined;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
