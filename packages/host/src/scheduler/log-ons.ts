import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogOn } from '@nightshift/scheduler';

/** Where systemd-logind keeps a file for each session (sd-login; the format of its files is not promised, and read with care). */
const SESSIONS = 'run/systemd/sessions';

/**
 * Local login sessions that are open now; none where the machine keeps no account of them. `system` is the root of the file
 * system. Sessions of services and of the machine's own greeter are no log-ons, and neither are remote ones.
 */
export function openLogOns(system: string): readonly LogOn[] {
  const folder = join(system, SESSIONS);
  return namesIn(folder).flatMap((name) => logOnOf(textOf(join(folder, name))));
}

/** Whether log-ons can be seen on this machine. */
export function seesLogOns(system: string): boolean {
  return namesIn(join(system, SESSIONS, '..')).includes('sessions');
}

function logOnOf(text: string): readonly LogOn[] {
  const facts = Object.fromEntries(text.split('\n').flatMap((line) => (line.includes('=') ? [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]] : [])));
  const microseconds = Number(facts['REALTIME']);
  if (facts['CLASS'] !== 'user' || facts['REMOTE'] === '1' || facts['USER'] === undefined || !Number.isSafeInteger(microseconds) || microseconds <= 0) return [];
  return [{ user: facts['USER'], at: new Date(Math.floor(microseconds / 1_000)) }];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No systemd, or none that we may ask: nobody is seen to log on.
    return [];
  }
}

/** A session may end between the listing and this look. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
