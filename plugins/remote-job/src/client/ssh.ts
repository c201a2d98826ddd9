/** How ssh is called: the system's own, with its keys, agents and configuration, but never so that it could ask somebody. */
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { controlFolder } from './control-folder.ts';
import type { RemoteOrder } from './order.ts';

export type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

/** Before anything of the user's configuration. Sources: ssh_config(5). */
const FIXED = [
  'BatchMode=yes', 'NumberOfPasswordPrompts=0', 'ConnectTimeout=10', 'ServerAliveInterval=5', 'ServerAliveCountMax=3', 'ForwardAgent=no', 'ForwardX11=no',
  'ClearAllForwardings=yes', 'PermitLocalCommand=no', 'RequestTTY=no', 'RemoteCommand=none', 'EscapeChar=none', 'LogLevel=ERROR',
] as const;

/** Whether an open connection to the same computer is used, and this one left open: `none` tries without what others have left. */
export type Sharing = 'make' | 'use' | 'none';

/**
 * Connects to the order's computer and starts the shell there that reads standard input. ssh's own words go to `log`, so that
 * standard error is that of the other computer. Plain words: every login shell knows them.
 */
export function connect(order: RemoteOrder, log: string, sharing: Sharing, environment: NodeJS.ProcessEnv): Ssh {
  const options = [...FIXED, `StrictHostKeyChecking=${hostKeyChecking(order, environment)}`, ...sharingOptions(sharing, environment)];
  // In a session of its own: what ssh has started to get there (ProxyJump, ProxyCommand) serves those who share the connection, and must
  // not end with the group of this job. The end of its standard input ends it.
  return spawn('ssh', [...options.flatMap((option) => ['-o', option]), '-E', log, ...addressOf(order), 'exec sh -s'], { stdio: 'pipe', env: ownEnvironment(environment), cwd: '/', detached: true });
}

function addressOf({ computer, user, port }: RemoteOrder): readonly string[] {
  return [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', String(port)]), '--', computer];
}

/** A connection that stays open for a minute must not be taken for a part of the job, and nobody is to be asked for a password. */
function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(environment).filter(([name]) => !/^(?:NIGHTSHIFT_|SSH_ASKPASS)/.test(name));
  return { ...Object.fromEntries(passed), SSH_ASKPASS_REQUIRE: 'never' };
}

/** A host key that nobody has accepted is refused, unless the user's own configuration takes new ones in; a changed one always. */
function hostKeyChecking(order: RemoteOrder, environment: NodeJS.ProcessEnv): 'yes' | 'accept-new' {
  const { stdout } = spawnSync('ssh', ['-G', ...addressOf(order)], { env: ownEnvironment(environment), cwd: '/', stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8', timeout: 10_000 });
  return /^stricthostkeychecking accept-new$/m.test(stdout ?? '') ? 'accept-new' : 'yes';
}

function sharingOptions(sharing: Sharing, environment: NodeJS.ProcessEnv): readonly string[] {
  const folder = sharing === 'none' ? undefined : controlFolder(environment);
  if (folder === undefined) return ['ControlMaster=no', 'ControlPath=none'];
  return [`ControlPath=${folder}/%C`, ...(sharing === 'make' ? ['ControlMaster=auto', 'ControlPersist=60'] : ['ControlMaster=no'])];
}
