import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigPlace } from '../config/config-place.ts';
import { userConfigPath } from '../places.ts';

/**
 * Whether it is worth while to read the configuration for an engine. Asked by verbs that know no configuration otherwise: where
 * the user has none, it costs them one look. `own`: what projects say does not count, as for whoever looks at jobs (S2).
 */
export function asksForEngine({ environment, workingDirectory, configFile }: ConfigPlace, scope: 'own' | 'project'): boolean {
  const named = configFile ?? environment['NIGHTSHIFT_CONFIG'];
  // A variable that leads nowhere is the trouble of verbs that read configurations.
  if (named && speaksOf(resolve(workingDirectory, named), ENGINE, configFile !== undefined || scope === 'project')) return true;
  const user = ownPath(environment);
  if (user !== undefined && speaksOf(user, scope === 'own' ? ENGINE : ENGINE_OR_TRUST, false)) return true;
  return scope === 'project' && environment['NIGHTSHIFT_TRUST'] === '1';
}

/** A letter may be written by its number. */
const ENGINE = /engine|\\/;
const ENGINE_OR_TRUST = /engine|trustedProjects|\\/;

/** One that is there and cannot be read is for whoever reads it properly to judge. */
function speaksOf(path: string, words: RegExp, otherwise: boolean): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined ? otherwise : words.test(readFileSync(path, 'utf8'));
  } catch {
    return true;
  }
}

/** Undefined without a home: then there is no such file. */
function ownPath(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    return userConfigPath(environment);
  } catch {
    return undefined;
  }
}
