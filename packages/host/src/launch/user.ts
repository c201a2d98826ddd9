/**
 * A job of another user, by the system's own means only: `runuser` as root, else `sudo -n` where it is permitted without a
 * password. Nightshift itself never changes user, and no password is ever asked for or read (S30, S31). The run folder stays
 * the caller's: its files are opened by us and handed over.
 */
import { readFileSync } from 'node:fs';
import { JobError, type CommandLine } from '@nightshift/sdk';
import { findProgram } from './find-program.ts';
import { answerOf } from './spawn-detached.ts';

const isRoot = (): boolean => process.getuid?.() === 0;

/** How long the system may take to say whether we are permitted, in milliseconds. */
const PATIENCE = 10_000;

/** Throws `CredentialNotSupported` for a user that does not exist or that the system does not let us become. */
export function checkUser({ user, initializes }: CommandLine): void {
  if (!isOther(user)) return;
  if (accountOf(user) === undefined) throw refusal(`there is no user "${user}"`);
  if (initializes === true) throw refusal(`an initialization script cannot run as another user ("${user}")`);
  if (isRoot()) {
    if (runuser() === undefined) throw refusal('the system has no program "runuser"');
  } else if (!isPermitted(user)) throw refusal(`the system does not let you become "${user}" without a password`);
}

/** Where the system keeps it; a PATH need not lead there. */
function runuser(): string | undefined {
  const found = findProgram('runuser', { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }, '/', false);
  return 'failed' in found ? undefined : found.path;
}

/** The words that run a command as that user. */
export function asUser({ user, environment: declared = {} }: CommandLine, words: readonly string[], environment: Readonly<Record<string, string>>): readonly string[] {
  if (!isOther(user)) return words;
  if (isRoot()) return [runuser() ?? 'runuser', '-u', user, '--', ...words];
  // sudo gives that user's clean environment: what names the job and what was declared for it is told again.
  const told = Object.entries(environment).filter(([name]) => name.startsWith('NIGHTSHIFT_') || typeof declared[name] === 'string').map(([name, value]) => `${name}=${value}`);
  return ['sudo', '-n', '-u', user, '--', '/usr/bin/env', ...told, ...words];
}

/** What a login of that user would begin with; for oneself the caller's environment. */
export function callersEnvironment(caller: NodeJS.ProcessEnv, user: string | undefined): NodeJS.ProcessEnv {
  if (!isOther(user)) return caller;
  const { home, shell } = accountOf(user) as Account;
  const kept = Object.fromEntries(Object.entries(caller).filter(([name]) => /^(?:PATH|LANG|LC_.*|TZ|TERM)$/.test(name)));
  return { ...kept, HOME: home, SHELL: shell, USER: user, LOGNAME: user };
}

function isOther(user: string | undefined): user is string {
  return user !== undefined && user !== ownName();
}

function ownName(): string | undefined {
  try {
    return process.getBuiltinModule('node:os').userInfo().username;
  } catch {
    // A user id without an account has no name.
    return undefined;
  }
}

interface Account {
  readonly home: string;
  readonly shell: string;
}

/** By getent, which knows the accounts of a network too; where there is none, by the file of accounts. */
function accountOf(user: string): Account | undefined {
  if (!/^[A-Za-z_][\w.@\\-]*\$?$/.test(user)) return undefined;
  const answer = answerOf(['getent', 'passwd', user], PATIENCE);
  const line = answer.status === undefined ? readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${user}:`)) : answer.text.trim();
  const [, , , , , home, shell] = line?.split(':') ?? [];
  return home === undefined || shell === undefined ? undefined : { home, shell: shell === '' ? '/bin/sh' : shell };
}

function isPermitted(user: string): boolean {
  return answerOf(['sudo', '-n', '-u', user, '--', 'true'], PATIENCE).status === 0;
}

function refusal(message: string): JobError {
  return new JobError({ code: 'CredentialNotSupported', message });
}
