import type { Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** The name that a flag gives a job. Throws `ParameterArgumentValidationError` for one that no job can have. */
export function namePart(options: Parsed, flag = 'name'): { readonly name?: string } {
  const name = options.text(flag);
  if (name !== undefined && name.length > 256) throw usage('ParameterArgumentValidationError', `a job's name has at most 256 characters, not ${name.length}`);
  return name === undefined ? {} : { name };
}
