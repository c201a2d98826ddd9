import { accessSync, constants, lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { quoted } from '@nightshift/core';
import { isJobError } from '@nightshift/sdk';
import { thisMachine } from '../launch/identity.ts';
import { runtimeFolderPath, userConfigPath } from '../places.ts';
import { nearestAbove } from '../mount.ts';
import { bad, well, type Finding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

/** The folders that must be ours and nobody else's (S15, S16). Looked at, never made. */
export function stateFolder({ stores }: Surroundings): Finding {
  return privateFolder('state folder', stores.state, 'NIGHTSHIFT_STATE_DIR');
}

export function sessionFolder({ environment, stores }: Surroundings): Finding {
  const subject = 'session folder';
  const named = runtimeFolderPath(environment);
  if (named === undefined) {
    const above = inState(subject, stores.state, 'session');
    return above.ok ? inState(subject, stores.state, `session/${thisMachine().boot}`) : above;
  }
  if (named === stores.state) return bad(subject, `NIGHTSHIFT_RUNTIME_DIR and NIGHTSHIFT_STATE_DIR name the same folder, ${named}`, 'unset NIGHTSHIFT_RUNTIME_DIR');
  return privateFolder(subject, named, 'NIGHTSHIFT_RUNTIME_DIR');
}

/** Where the session store of this boot lies, made or not. */
export function sessionRoot(environment: NodeJS.ProcessEnv, state: string): string {
  return runtimeFolderPath(environment) ?? join(state, 'session', thisMachine().boot);
}

/** Warm code of the verbs: who can write it, runs code as us. */
export function cacheFolder({ stores }: Surroundings): Finding {
  return inState('cache', stores.state, 'cache');
}

/** Others may read it; what they could write there they could make us trust. */
export function configFolder({ environment }: Surroundings): Finding {
  const subject = 'config folder';
  try {
    const path = dirname(userConfigPath(environment));
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return well(subject, `${path}, made when it is needed`);
    const fault = strangerIn(facts) ?? ((facts.mode & 0o022) === 0 ? undefined : `mode ${modeOf(facts)}, others can write it`);
    return fault === undefined ? well(subject, `${path}, mode ${modeOf(facts)}`) : bad(subject, `${path}, ${fault}`, strangerIn(facts) === undefined ? `chmod go-w ${quoted([path])}` : ownIt(path));
  } catch (cause) {
    if (!isJobError(cause) || cause.code !== 'HomeNotFound') throw cause;
    return well(subject, 'there is no home folder, hence no configuration of your own');
  }
}

/** Told by its name in the state folder, which is a finding of its own. */
function inState(subject: string, state: string, name: string): Finding {
  const { text, ...finding } = privateFolder(subject, join(state, name), 'NIGHTSHIFT_STATE_DIR');
  return { ...finding, text: text.startsWith(state) ? text.slice(state.length + 1) : text };
}

function privateFolder(subject: string, path: string, variable: string): Finding {
  const facts = lookAt(path);
  if (facts === undefined) return missing(subject, path, variable);
  if (facts.isSymbolicLink()) return bad(subject, `${path} is a symbolic link, which is not followed`, elsewhere(path, variable));
  if (!facts.isDirectory()) return bad(subject, `${path} is not a folder`, `mv ${quoted([path, `${path}.aside`])}`);
  const stranger = strangerIn(facts);
  if (stranger !== undefined) return bad(subject, `${path}, ${stranger}`, ownIt(path));
  const text = `${path}, mode ${modeOf(facts)}`;
  if (process.platform !== 'win32' && (facts.mode & 0o777) !== 0o700) return bad(subject, text, `chmod 700 ${quoted([path])}`);
  const refusal = refusalIn(path);
  return refusal === undefined ? well(subject, text) : bad(subject, `${path} ${refusal}`, `export ${variable}=FOLDER`);
}

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    // Something on its way is a file.
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw cause;
  }
}

/** A folder that is not there yet is well when it can be made. */
function missing(subject: string, path: string, variable: string): Finding {
  const above = nearestAbove(path);
  const refusal = statSync(above).isDirectory() ? refusalIn(above) : 'is not a folder';
  return refusal === undefined ? well(subject, `${path}, made when it is needed`) : bad(subject, `${path} cannot be made: ${above} ${refusal}`, `export ${variable}=FOLDER`);
}

function refusalIn(path: string): string | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EROFS' ? 'is on a read-only file system' : 'is not for you to read and write';
  }
}

function strangerIn({ uid }: Stats): string | undefined {
  return process.geteuid === undefined || uid === process.geteuid() ? undefined : `it belongs to user ${uid}`;
}

function ownIt(path: string): string {
  return `sudo chown "$(id -u)" ${quoted([path])}`;
}

function elsewhere(path: string, variable: string): string {
  try {
    return `export ${variable}=${quoted([realpathSync(path)])}`;
  } catch {
    return `rm ${quoted([path])}`;
  }
}

function modeOf({ mode }: Stats): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
