/** Who changed and started what: one JSON object a line, only ever added to. Source: security specification S33, S35. */
import { closeSync, constants, fchmodSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { JobError, type Clock } from '@nightshift/sdk';

/** What somebody wants, and what came of it. */
export interface AuditEntry {
  readonly act: 'login' | 'enable' | 'disable' | 'start' | 'stop' | 'start-again' | 'run-missed';
  /** Key of a definition, or id of a job. */
  readonly on?: string;
  /** `asked` is written before anything is done: nothing is done that is not in the file. */
  readonly phase: 'asked' | 'done' | 'failed' | 'refused';
  /** The address that the request came from, and what it has shown. */
  readonly from: string;
  readonly shown: 'cookie' | 'token' | 'none';
  readonly jobs?: readonly number[];
  readonly errors?: readonly string[];
  readonly dueTimes?: readonly string[];
}

export interface Audit {
  readonly file: string;
  /** On the disk when it returns. Throws what keeps it from that. */
  note(entry: AuditEntry): void;
  close(): void;
}

export function openAudit(file: string, clock: Pick<Clock, 'now'>): Audit {
  const descriptor = openSync(file, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600);
  if (!fstatSync(descriptor).isFile()) throw new JobError({ code: 'StoreUnavailable', message: `${file} is no regular file` });
  fchmodSync(descriptor, 0o600);
  const user = userName();
  return {
    file,
    note(entry) {
      writeSync(descriptor, `${JSON.stringify({ at: clock.now().toISOString(), user, pid: process.pid, ...entry })}\n`);
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // No account of this number.
    return String(process.getuid?.() ?? 'unknown');
  }
}
