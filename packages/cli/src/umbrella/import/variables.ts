import { quoted, type Remarks } from './remarks.ts';

/** A variable that the source sets, and where. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly place: string;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What no definition may set: it loads code into every program (security.md S11). */
const INJECTION = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*)$/i;
/** Keys that no file of ours may have. */
const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
/** Names whose values are probably secrets. Wider than what `validate` warns about: to ask once too often costs nothing. */
const SENSITIVE = /secret|token|passw(?:or)?d|passphrase|pwd$|api_?key|private_?key|credential/i;

/** `TOKEN_FILE` and the like name a place, not a value. */
export function isSensitive(name: string): boolean {
  return SENSITIVE.test(name) && !/_(?:file|path|dir)$/i.test(name);
}

/**
 * The variables as `environment` and `secrets` of a job; of two with one name the later one counts. The value of a sensitive
 * name is dropped: what stands in the file is a reference to a variable of the same name.
 */
export function placeVariables(variables: readonly Variable[], remarks: Remarks): { environment?: Readonly<Record<string, string>>; secrets?: Readonly<Record<string, string>> } {
  const environment = new Map<string, string>();
  const secrets = new Map<string, string>();
  for (const { name, value, place } of lastOfEach(variables)) {
    if (!NAME.test(name)) remarks.note(place, `the variable ${quoted(name)} has a name that no shell knows, and was left out`, 'job.environment');
    else if (FORBIDDEN.includes(name)) remarks.lost(place, `a variable cannot be called ${name} in a definition`, 'job.environment');
    else if (INJECTION.test(name)) remarks.lost(place, `${name} cannot be set by a definition: it loads code into every program`, 'job.environment');
    else if (isSensitive(name) && value !== '') secrets.set(name, referenceTo(name, place, remarks));
    else environment.set(name, value);
  }
  return { ...(environment.size > 0 && { environment: Object.fromEntries(environment) }), ...(secrets.size > 0 && { secrets: Object.fromEntries(secrets) }) };
}

function referenceTo(name: string, place: string, remarks: Remarks): string {
  remarks.lost(place, `the value of ${name} looks like a secret and was not copied; the definition refers to a variable ${name} instead`, 'job.secrets');
  return `env:${name}`;
}

function lastOfEach(variables: readonly Variable[]): readonly Variable[] {
  return [...new Map(variables.map((variable) => [variable.name, variable])).values()];
}
