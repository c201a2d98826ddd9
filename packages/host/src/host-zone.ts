import { hostZoneName } from '@nightshift/scheduler';
import { JobError } from '@nightshift/sdk';

/** The zone of this machine; UTC where TZ names none that is known, with a warning. An empty TZ is a way to say UTC. */
export function hostZone({ TZ: zone = '' }: NodeJS.ProcessEnv, warn: (warning: JobError) => void): string {
  const name = hostZoneName();
  if (name === undefined && zone !== '') {
    warn(new JobError({ code: 'TimeZoneIgnored', message: `TZ names no time zone that is known here (${JSON.stringify(zone)}); times are read and shown in UTC` }));
  }
  return name ?? 'UTC';
}
