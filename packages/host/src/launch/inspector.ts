/**
 * The debugger of a job that is a Node process: SIGUSR1 makes Node listen for one on loopback (nodejs.org, "Debugging Node.js").
 * The signal ends every other program, so only what is Node beyond doubt is sent it.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock, Instance } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from '@nightshift/store';
import { shimOf } from './end-tree.ts';
import { startTimeOf, thisProcess } from './identity.ts';
import { sessionMembers, signal as signalTo, type Found } from './processes.ts';

/** How long a busy Node may take to listen, in milliseconds, and how often we look. */
const PATIENCE = 5_000;
const LOOK = 20;

/** The address of the inspector, opened if need be; undefined when no process of the run is a Node. `taken`: where it would listen, another process does. */
export async function inspectorOf(instance: Instance, clock: Clock): Promise<string | { readonly taken: string } | undefined> {
  const shim = shimOf(instance);
  const node = shim === undefined ? undefined : sessionMembers(shim.pid).filter(isNode).toSorted((a, b) => a.pid - b.pid)[0];
  if (node === undefined) return undefined;
  const open = await addressOf(node);
  const said = errorLength(node);
  if (open !== undefined || !signalTo(node, 'SIGUSR1')) return open;
  for (const until = clock.monotonic() + PATIENCE; clock.monotonic() < until; await clock.sleep(LOOK)) {
    const address = await addressOf(node);
    if (address !== undefined) return address;
    const taken = complaintOf(node, said);
    if (taken !== undefined) return { taken };
  }
  return undefined;
}

/** What Node writes to its standard error when it cannot listen. */
const COMPLAINT = /^Starting inspector on (\S+) failed: address already in use$/m;
/** More than a Node may say beside its complaint between two looks. */
const LONGEST_COMPLAINT = 65_536;

/** The address in a complaint of Node's that begins after so many bytes. */
function complaintOf(node: Found, after: number): string | undefined {
  const length = Math.min(errorLength(node) - after, LONGEST_COMPLAINT);
  if (length <= 0) return undefined;
  let file: number;
  try {
    file = openSync(standardErrorOf(node), 'r');
  } catch {
    // It has gone.
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(length);
    return COMPLAINT.exec(bytes.toString('latin1', 0, readSync(file, bytes, 0, length, after)))?.[1];
  } finally {
    closeSync(file);
  }
}

/** How long its standard error is; 0 where that is no file. What is in a pipe belongs to its reader. */
function errorLength(node: Found): number {
  try {
    const facts = statSync(standardErrorOf(node));
    return facts.isFile() ? facts.size : 0;
  } catch {
    // It has gone.
    return 0;
  }
}

function standardErrorOf({ pid }: Found): string {
  return `/proc/${pid}/fd/2`;
}

/**
 * Pauses what runs there at its next statement, tells so, and stays until it goes on again: because somebody resumed it, or
 * because `signal` ends the pause. The pause ends with this process, whatever happens to it.
 */
export async function pauseAt(address: string, instance: Instance, paused: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const mark = join(attemptFolder(instance.runFolder as string, instance.attempt), RUN_FILES.debugger);
  const { pid, startTime, boot } = thisProcess();
  writeFileSync(mark, `${pid} ${startTime} ${boot}\n`, { mode: 0o600 });
  const socket = new WebSocket(address);
  const send = (id: number, method: string): void => socket.send(JSON.stringify({ id, method }));
  const { promise: over, resolve } = Promise.withResolvers<void>();
  socket.addEventListener('open', () => {
    send(1, 'Debugger.enable');
    send(2, 'Debugger.pause');
  });
  socket.addEventListener('message', ({ data }) => {
    const { method } = JSON.parse(String(data)) as { method?: string };
    if (method === 'Debugger.paused') void paused();
    if (method === 'Debugger.resumed') resolve();
  });
  for (const end of ['close', 'error']) socket.addEventListener(end, () => resolve());
  signal.addEventListener('abort', () => resolve(), { once: true });
  await over;
  socket.close();
  rmSync(mark, { force: true });
}

/** Whether a debug-job that holds the run at a breakpoint still lives. */
export function isHeld(attempt: string): boolean {
  const [pid, startTime] = textOf(join(attempt, RUN_FILES.debugger))?.split(' ') ?? [];
  return startTime !== undefined && startTimeOf(Number(pid)) === startTime;
}

function isNode({ pid }: Found): boolean {
  try {
    return /^node(?:js)?$/.test(basename(readlinkSync(`/proc/${pid}/exe`)));
  } catch {
    // It has gone, or is another user's.
    return false;
  }
}

/** Of the ports that the process listens on, the one that answers as an inspector does. */
async function addressOf(node: Found): Promise<string | undefined> {
  for (const port of portsOf(node.pid)) {
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(1_000) }).then((answer) => answer.json(), () => undefined);
    const address = (targets as { webSocketDebuggerUrl?: string }[] | undefined)?.[0]?.webSocketDebuggerUrl;
    if (address !== undefined) return address;
  }
  return undefined;
}

/** Sockets that listen on loopback (state 0A in proc_net(5)) and belong to the process. */
function portsOf(pid: number): number[] {
  const own = new Set(namesIn(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]));
  const rows = (textOf(`/proc/${pid}/net/tcp`) ?? '').split('\n').slice(1).map((row) => row.trim().split(/\s+/));
  return rows.filter(([, address, , state, , , , , , inode]) => state === '0A' && address?.startsWith('0100007F:') === true && own.has(inode)).map(([, address]) => Number.parseInt((address as string).split(':')[1] as string, 16));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return undefined;
  }
}
