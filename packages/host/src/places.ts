import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { JobError } from '@nightshift/sdk';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the durable store, of the id counter and of session stores. From the environment only. Source: cli.md section 2. */
export function stateFolderPath(environment: Environment): string {
  const named = environment['NIGHTSHIFT_STATE_DIR'];
  if (named !== undefined && named !== '') return resolve(named);
  if (process.platform === 'win32' && environment['LOCALAPPDATA'] !== undefined) return join(environment['LOCALAPPDATA'], 'nightshift');
  if (process.platform === 'darwin') return join(homeFolder(environment), 'Library', 'Application Support', 'nightshift');
  return join(xdgFolder(environment, 'XDG_STATE_HOME', ['.local', 'state']), 'nightshift');
}

/** The user's own configuration file, unless another is named. */
export function userConfigPath(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_CONFIG_HOME', ['.config']), 'nightshift', 'config.yaml');
}

/** The folder named for the session store; undefined: one per boot in the state folder. */
export function runtimeFolderPath(environment: Environment): string | undefined {
  const named = environment['NIGHTSHIFT_RUNTIME_DIR'];
  return named === undefined || named === '' ? undefined : resolve(named);
}

/** HOME, else the account's home. Throws `HomeNotFound` when neither is a folder. */
export function homeFolder(environment: Environment): string {
  const named = environment['HOME'];
  if (named !== undefined && isAbsolute(named) && isFolder(named)) return named;
  const account = accountHome();
  if (account !== undefined && isFolder(account)) return account;
  throw new JobError({ code: 'HomeNotFound', message: 'there is no home folder to keep jobs in', hint: 'set NIGHTSHIFT_STATE_DIR to a folder of yours' });
}

/** A relative path in an XDG variable is to be ignored (XDG Base Directory Specification 0.8). */
function xdgFolder(environment: Environment, variable: string, otherwise: readonly string[]): string {
  const named = environment[variable];
  return named !== undefined && isAbsolute(named) ? named : join(homeFolder(environment), ...otherwise);
}

function accountHome(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').userInfo().homedir;
  } catch {
    // No account of this number: homedir() asks the environment only.
    return process.getBuiltinModule('node:os').homedir() || undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
