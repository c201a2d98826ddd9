import { fstatSync } from 'node:fs';

/** Severities of syslog(3) that a line may have in the journal; without one it is of interest, and no more. */
export type Priority = 3 | 4;

/** Whether standard error goes to the journal: the variable alone may be inherited from a service that is none of ours. Source: systemd.exec(5), JOURNAL_STREAM. */
export function isJournal(environment: NodeJS.ProcessEnv, descriptor = 2): boolean {
  const told = environment['JOURNAL_STREAM'];
  if (told === undefined) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return told === `${dev}:${ino}`;
  } catch {
    // It is closed.
    return false;
  }
}

/** Each line with its severity in front, which the journal takes off. Source: sd-daemon(3). */
export function forJournal(text: string, priority: Priority | undefined): string {
  return priority === undefined ? text : text.replaceAll(/^(?=.)/gm, `<${priority}>`);
}
