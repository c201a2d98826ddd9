import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { JobError } from '@nightshift/sdk';
import { lingers } from '../doctor/logout.ts';
import { answerOf, type Answer } from '../launch/spawn-detached.ts';
import type { ServiceManager } from './service-manager.ts';
import { systemdUnit, unitName } from './systemd-unit.ts';

export interface SystemdParts {
  readonly name: string;
  /** Where the user's configuration lies: `~/.config`. */
  readonly configHome: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Root of the file system that is asked whether the user lingers. */
  readonly system: string;
}

/** Longer than systemd itself gives a service to stop, in milliseconds. */
const PATIENCE = 120_000;

/** The user manager of systemd. */
export function systemd({ name, configHome, environment: given, system }: SystemdParts): ServiceManager {
  const environment = withRuntimeFolder(given, system);
  const unit = unitName(name);
  const folder = join(configHome, 'systemd', 'user');
  const ask = (...words: string[]): Answer => answerOf(['systemctl', '--user', ...words], PATIENCE, environment);
  const tell = (...words: string[]): void => {
    const { status, complaint } = ask(...words);
    if (status !== 0) throw new JobError({ code: 'ServiceManagerFailed', message: `systemctl --user ${words.join(' ')} has failed: ${oneLine(complaint) || `status ${status ?? 'unknown'}`}`, hint: `journalctl --user -u ${unit} -n 20` });
  };
  const lasting = { purpose: 'at boot, before you log in, and after you log out', command: 'loginctl enable-linger' };
  return {
    unit,
    file: join(folder, unit),
    textOf: systemdUnit,
    faultOf: (text) => verify(unit, text, environment),
    isThere: () => ask('show-environment').status === 0,
    pid() {
      const pid = Number(ask('show', '--property=MainPID', '--value', unit).text.trim());
      return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
    },
    start(anew) {
      // Somebody who installed it before us was killed between the file and the start.
      const isStale = ask('show', '--property=NeedDaemonReload', '--value', unit).text.trim() === 'yes';
      tell('daemon-reload');
      tell('enable', unit);
      // One that has failed too often is not begun again before that is forgotten.
      ask('reset-failed', unit);
      tell(anew || isStale ? 'restart' : 'start', unit);
    },
    stop: () => tell('disable', '--now', unit),
    async forget() {
      // Where no manager could be asked to disable it, the link by which it was enabled is still there.
      await unlinkIfOurs(join(folder, 'default.target.wants', unit), join(folder, unit));
      ask('daemon-reload');
      ask('reset-failed', unit);
    },
    toStart: ['systemctl --user daemon-reload', `systemctl --user enable --now ${unit}`],
    toStop: [`systemctl --user stop ${unit}`],
    advice: () => (lingers({ system }) ? [] : [lasting]),
    log: `journalctl --user -u ${unit}`,
  };
}

/** By `su` and `sudo` the variable is lost by which systemctl finds the manager of the user. */
function withRuntimeFolder(environment: NodeJS.ProcessEnv, system: string): NodeJS.ProcessEnv {
  const folder = `/run/user/${process.getuid?.()}`;
  return (environment['XDG_RUNTIME_DIR'] ?? '') !== '' || !existsSync(join(system, folder)) ? environment : { ...environment, XDG_RUNTIME_DIR: folder };
}

/**
 * What systemd itself says of the text, in lines that name the unit. Where it is not installed, or cannot judge anything here,
 * nobody can tell. Its exit status alone says too little: unknown settings are but a warning to it.
 */
async function verify(unit: string, text: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-unit-'));
  try {
    const path = join(folder, unit);
    await writeFile(path, text);
    // Without a login there is no runtime folder, and without one it looks at nothing.
    const { complaint } = answerOf(['systemd-analyze', '--user', '--man=no', 'verify', path], PATIENCE, { XDG_RUNTIME_DIR: folder, ...environment });
    const lines = complaint.split('\n').filter((line) => line.startsWith(path) || line.startsWith(`${unit}:`));
    return lines.length === 0 ? undefined : oneLine(lines.join('; ').replaceAll(`${folder}/`, ''));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unlinkIfOurs(link: string, file: string): Promise<void> {
  const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink && resolve(dirname(link), readlinkSync(link)) === file) await unlink(link);
}

function oneLine(text: string): string {
  return text.trim().split(/\s*\n\s*/).join('; ');
}
