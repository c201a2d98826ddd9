/** The name of an npm package, with or without a scope, as `plugins` may hold it. No part of it leads out of `node_modules`. */
const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

/** A folder beside the configuration file, or an absolute one; anything else is looked up in `node_modules`. */
export function isFolderName(name: string): boolean {
  return /^(?:\.{1,2}(?:\/|$)|\/)/.test(name) || (process.platform === 'win32' && /^(?:\.{1,2}\\|[a-z]:[\\/])/i.test(name));
}

export function isPluginName(name: string): boolean {
  return !name.includes('\0') && (isFolderName(name) || (name.length <= 214 && PACKAGE.test(name)));
}
