import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { doubtful, well, type Finding } from './finding.ts';
import { systemNames, systemText, type Surroundings } from './surroundings.ts';

/** Whether jobs outlive the logout: systemd may end all processes of a login, of a user or of a service together. */
export function logout(surroundings: Surroundings): Finding {
  const subject = 'logout';
  const group = controlGroup(systemText(surroundings, '/proc/self/cgroup') ?? '');
  const service = /\/(?!user@)([^/]+\.service)(?:\/|$)/.exec(group)?.[1];
  if (/\/session-[^/]+\.scope/.test(group)) return ofSession(subject, surroundings);
  if (/\/user@\d+\.service/.test(group)) return ofUser(subject, surroundings);
  if (service !== undefined) return doubtful(subject, `what is started here belongs to ${service} and ends when that is stopped`, 'systemd-run --scope start-job -- PROGRAM');
  return well(subject, 'nothing here ends jobs at the logout');
}

/** A scope of its own, in a manager that stays: what is in it is not of the session any more. */
const OWN_SCOPE = 'loginctl enable-linger && systemd-run --user --scope start-job -- PROGRAM';

function ofSession(subject: string, surroundings: Surroundings): Finding {
  const { kills, because } = killsAtLogout(surroundings, nameOfUser());
  return kills ? doubtful(subject, `${because}: your jobs end when you log out`, OWN_SCOPE) : well(subject, 'jobs outlive it');
}

/** Whether the services of the user run without a login: from the boot on, and after the last logout. Source: loginctl(1). */
export function lingers({ system }: Pick<Surroundings, 'system'>): boolean {
  return existsSync(join(system, '/var/lib/systemd/linger', nameOfUser()));
}

function ofUser(subject: string, surroundings: Surroundings): Finding {
  if (lingers(surroundings)) return well(subject, 'jobs outlive it: your services linger');
  return doubtful(subject, "what is started here belongs to your services, which end with your last login: your jobs with them", 'loginctl enable-linger');
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? '');
  }
}

/** The one of version 2, else of systemd's own hierarchy. Source: cgroups(7). */
export function controlGroup(text: string): string {
  const lines = text.split('\n');
  const groups = ['0::', 'name=systemd:'].map((mark) => lines.find((line) => line.startsWith(mark) || line.includes(`:${mark}`)));
  return groups.map((line) => line?.slice(line.indexOf('/')) ?? '').find((group) => group.length > 1) ?? '';
}

/** Where parts of the configuration lie, those that win first. Source: logind.conf(5). */
const FOLDERS = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];

/** Of a user's processes in a session: whether they are ended at the logout, and what says so. */
export function killsAtLogout(surroundings: Surroundings, user: string): { readonly kills: boolean; readonly because: string } {
  const main = FOLDERS.map((folder) => systemText(surroundings, `${folder}/logind.conf`)).find((text) => text !== undefined) ?? '';
  const said = [main, ...dropIns(surroundings)].reduce<Record<string, string>>((settings, text) => ({ ...settings, ...settingsIn(text) }), {});
  // What systemd was built with stands in the file as a comment.
  const asBuilt = /^#\s*KillUserProcesses=(\S+)/m.exec(main)?.[1] ?? 'no';
  const isMeant = /^(?:1|yes|true|on)$/i.test(said['KillUserProcesses'] ?? asBuilt);
  const only = words(said['KillOnlyUsers'] ?? '');
  const isExcluded = words(said['KillExcludeUsers'] ?? 'root').includes(user);
  return { kills: isMeant && !isExcluded && (only.length === 0 || only.includes(user)), because: 'systemd has KillUserProcesses=yes' };
}

/** In the order of their names, whatever folder they lie in; of one name only the first counts. */
function dropIns(surroundings: Surroundings): readonly string[] {
  const paths = FOLDERS.flatMap((folder) => systemNames(surroundings, `${folder}/logind.conf.d`).map((name) => `${folder}/logind.conf.d/${name}`)).filter((path) => path.endsWith('.conf'));
  const first = paths.filter((path, index) => paths.findIndex((other) => basename(other) === basename(path)) === index);
  return first.toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1)).map((path) => systemText(surroundings, path) ?? '');
}

function settingsIn(text: string): Record<string, string> {
  let section = '';
  const settings: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, name] = /^\[(.*)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) section = name;
    else if (section === 'Login' && key !== undefined && value !== undefined) settings[key] = value;
  }
  return settings;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
