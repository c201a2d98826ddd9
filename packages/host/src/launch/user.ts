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
export function checkUser({ user, initializes, secrets = {} }: CommandLine): void {
  if (!isOther(user)) return;
  if (accountOf(user) === undefined) throw refusal(`there is no user "${user}"`);
  if (initializes === true) throw refusal(`an initialization script cannot run as another user ("${user}")`);
  if (isRoot()) {
    if (runuser() === undefined) throw refusal('the system has no program "runuser"');
  } else if (!isPermitted(user, [])) throw refusal(`the system does not let you become "${user}" without a password`);
  else if (!isPermitted(user, Object.keys(secrets))) throw refusal(`the system does not let you hand variables to "${user}", and secrets are no arguments`, 'a rule of sudoers with the tag SETENV permits it');
}

/** Where the system keeps it; a PATH need not lead there. */
function runuser(): string | undefined {
  const found = findProgram('runuser', { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }, '/', false);
  return 'failed' in found ? undefined : found.path;
}

/** The words that run a command as that user. */
export function asUser({ user, environment: declared = {}, secrets = {} }: CommandLine, words: readonly string[], environment: Readonly<Record<string, string>>): readonly string[] {
  if (!isOther(user)) return words;
  // Without -p runuser sets HOME, USER and LOGNAME itself, whatever was declared: what we hand on has that user's already.
  if (isRoot()) return [runuser() ?? 'runuser', '-p', '-u', user, '--', ...words];
  // sudo gives that user's clean environment: what names the job and what was declared for it is told again.
  const told = Object.entries(environment).filter(([name]) => name.startsWith('NIGHTSHIFT_') || (typeof declared[name] === 'string' && !Object.hasOwn(secrets, name))).map(([name, value]) => `${name}=${value}`);
  return [...sudo(user, Object.keys(secrets)), '/usr/bin/env', ...told, ...words];
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

function isPermitted(user: string, variables: readonly string[]): boolean {
  return answerOf([...sudo(user, variables), 'true'], PATIENCE).status === 0;
}

/** `variables`: those that it hands on as they are. Everybody can read its arguments, so the values are not among them. */
function sudo(user: string, variables: readonly string[]): readonly [string, ...string[]] {
  return ['sudo', '-n', ...(variables.length === 0 ? [] : [`--preserve-env=${variables.join(',')}`]), '-u', user, '--'];
}

function refusal(message: string, hint?: string): JobError {
  return new JobError({ code: 'CredentialNotSupported', message, ...(hint === undefined ? {} : { hint }) });
}
