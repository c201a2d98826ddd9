import { usage } from './usage.ts';

/** The variables of `--env KEY=VALUE`. Throws `ParameterArgumentValidationError`. */
export function readEnvironment(pairs: readonly string[]): Record<string, string> {
  // Not by assignment: __proto__ may be the name of a variable.
  return Object.fromEntries(pairs.map((pair) => {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(pair) ?? [];
    if (name === undefined || value === undefined) throw usage('ParameterArgumentValidationError', `--env takes NAME=VALUE; "${pair.split('=')[0]}" ${pair.includes('=') ? 'is no name' : 'has no ='}`, 'a name has letters, digits and "_" only');
    return [name, value];
  }));
}
