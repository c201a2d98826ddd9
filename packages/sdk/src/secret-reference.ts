/** Where the value of a secret is to be had: `env:NAME`, `file:PATH`, `keyring:…` or `systemd-cred:…`. Source: security S25. */
export const SECRET_REFERENCE: RegExp = /^(?:env:[A-Za-z_][A-Za-z0-9_]*|(?:file|keyring|systemd-cred):\S.*)$/;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Names that no secret can have, in any case: what loads code into every program, what names the job, and what no shell hands on as it is. */
export const NO_SECRET: RegExp = /^(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_.*|NIGHTSHIFT_.*|BASH_FUNC_.*|IFS|OPTIND|PPID|__proto__)$/i;

/**
 * What is wrong with the name of a secret and its reference, as the end of a sentence that begins with the name; undefined:
 * nothing. Neither says the value, which may be the secret itself. Of the four kinds of references this version resolves
 * `env:` and `file:`.
 */
export function secretFault(name: string, reference: unknown): { readonly fault: string; readonly hint: string; readonly at: 'key' | 'value' } | undefined {
  const references = 'write env:NAME or file:PATH';
  if (!NAME.test(name)) return { fault: 'is no name for a secret', hint: 'use letters, digits and _, and no digit first', at: 'key' };
  if (NO_SECRET.test(name)) return { fault: 'cannot be the name of a secret: the variable has a meaning of its own', hint: 'give it another name', at: 'key' };
  if (typeof reference !== 'string' || !SECRET_REFERENCE.test(reference)) return { fault: 'must be a reference to a secret, never the secret', hint: references, at: 'value' };
  if (!/^(?:env|file):/.test(reference)) return { fault: `is a reference of the kind ${reference.slice(0, reference.indexOf(':') + 1)}, which this version does not resolve`, hint: references, at: 'value' };
  return undefined;
}
