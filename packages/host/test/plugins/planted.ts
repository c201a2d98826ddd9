// Plugins as a stranger might write them: text in a folder of the test's, since what is wrong with most of them no type checker would let pass.

import { join } from 'node:path';
import { write } from '../folder.ts';

/** A schema that takes everything. */
export const ANY_SPEC = `const spec = { '~standard': { version: 1, vendor: 'planted', validate: (value) => ({ value }) } };`;

/** The text of a plugin with these job types, each the text of an object. */
export function pluginText(name: string, ...types: readonly string[]): string {
  return `${ANY_SPEC}\nexport default { name: '${name}', version: '1.0.0', apiVersion: 1, jobTypes: [${types.join(', ')}] };\n`;
}

/** A command type whose command is `body`, the text of a function's body. */
export function commandType(name: string, body = `return { argv: ['echo', 'done'] };`, more = ''): string {
  return `{ name: '${name}', description: 'Planted.', runs: 'command', capabilities: { persist: true }, spec, command(request) { ${body} }, ${more} }`;
}

/** A package of one file in a folder. Returns the folder. */
export function plant(folder: string, text: string, version = '1.0.0'): string {
  write(join(folder, 'package.json'), JSON.stringify({ name: 'planted', version, type: 'module', main: 'index.js' }));
  write(join(folder, 'index.js'), text);
  return folder;
}
