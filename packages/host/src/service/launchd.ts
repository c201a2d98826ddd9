import { join } from 'node:path';
import { quoted } from '@nightshift/core';
import { JobError } from '@nightshift/sdk';
import { answerOf, type Answer } from '../launch/spawn-detached.ts';
import { labelOf, launchdPlist, logOf } from './launchd-plist.ts';
import type { ServiceManager } from './service-manager.ts';

export interface LaunchdParts {
  readonly name: string;
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Number of the user. */
  readonly uid: number;
}

const PATIENCE = 120_000;

/** The agents of a user who is logged in on macOS. Source: launchctl(1). */
export function launchd({ name, home, environment, uid }: LaunchdParts): ServiceManager {
  const unit = labelOf(name);
  const file = join(home, 'Library', 'LaunchAgents', `${unit}.plist`);
  const [domain, service] = [`gui/${uid}`, `gui/${uid}/${unit}`];
  const ask = (...words: string[]): Answer => answerOf(['launchctl', ...words], PATIENCE, environment);
  const tell = (...words: string[]): void => {
    const { status, complaint } = ask(...words);
    if (status !== 0) throw new JobError({ code: 'ServiceManagerFailed', message: `launchctl ${words.join(' ')} has failed: ${complaint.trim().split('\n').join('; ') || `status ${status ?? 'unknown'}`}`, hint: `launchctl print ${service}` });
  };
  const isLoaded = (): boolean => ask('print', service).status === 0;
  return {
    unit,
    file,
    textOf: (facts) => launchdPlist(facts, home),
    async faultOf() {
      return undefined;
    },
    isThere: () => ask('print', domain).status === 0,
    pid() {
      const pid = /^\s*pid = (\d+)$/m.exec(ask('print', service).text)?.[1];
      return pid === undefined ? undefined : Number(pid);
    },
    start(anew) {
      // What is loaded is as the file was then.
      if (isLoaded()) {
        if (!anew) return;
        tell('bootout', service);
      }
      tell('bootstrap', domain, file);
    },
    stop() {
      if (isLoaded()) tell('bootout', service);
    },
    async forget() {},
    toStart: [quoted(['launchctl', 'bootstrap', domain, file])],
    toStop: [`launchctl bootout ${service}`],
    advice: () => [],
    log: quoted(['tail', '-f', logOf(name, home)]),
  };
}
