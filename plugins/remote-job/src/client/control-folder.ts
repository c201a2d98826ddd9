/** Where ssh keeps the sockets of connections that are left open for the next one to the same computer. */
import { lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A socket's path has room for 104 bytes on some systems: a slash, 40 letters of `%C`, 17 that ssh puts behind them, and a NUL. */
const LONGEST = 104 - 1 - 40 - 17 - 1;

/**
 * A short folder that is this user's alone: whoever could write there would be asked in the place of the other computer.
 * Undefined: there is none, and nothing is left open.
 */
export function controlFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const user = process.getuid?.();
  if (user === undefined) return undefined;
  const places = [environment['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((place) => place !== undefined && place.startsWith('/'));
  return places.map((place) => join(place as string, `nightshift-ssh-${user}`)).find((folder) => Buffer.byteLength(folder) <= LONGEST && !/[\s%"'\\]/.test(folder) && isPrivate(folder, user));
}

function isPrivate(folder: string, user: number): boolean {
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const facts = lstatSync(folder);
    // Whose folder it lies in could put another one into its place, as with the XDG_RUNTIME_DIR of somebody who has become root.
    if (![user, 0].includes(statSync(dirname(folder)).uid)) return false;
    return facts.isDirectory() && facts.uid === user && (facts.mode & 0o077) === 0;
  } catch {
    // Not there and not to be made: the next place may do.
    return false;
  }
}

/** Whether some connection was left open, to whichever computer. */
export function hasOpenConnections(environment: NodeJS.ProcessEnv): boolean {
  const folder = controlFolder(environment);
  return folder !== undefined && readdirSync(folder).some((name) => /^[0-9a-f]{40}/.test(name));
}
