/** What of the process a run shares with everybody else in it, and therefore leaves as it was. */
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROTOTYPES = [Object, Array, String, Promise, Function] as const;

/** A look at the process. */
export interface ProcessState {
  /** What keeps the process alive, by kind. */
  readonly resources: ReadonlyMap<string, number>;
  readonly listeners: ReadonlyMap<string, number>;
  readonly directory: string;
  readonly environment: string;
  readonly globals: readonly string[];
}

export function processState(): ProcessState {
  return {
    resources: new Map([...counted(process.getActiveResourcesInfo()), ['open file', openFiles()], ['program', programs()]]),
    listeners: new Map(process.eventNames().map((name) => [String(name), process.listenerCount(name)])),
    directory: process.cwd(),
    environment: JSON.stringify(process.env),
    globals: [...Object.getOwnPropertyNames(globalThis), ...PROTOTYPES.flatMap((one) => Object.getOwnPropertyNames(one.prototype).map((member) => `${one.name}.prototype.${member}`))],
  };
}

/** What of `before` is not as it was, each as a few words; empty when all is. `least`: how much more of a kind of resource counts. Default 1. */
export function changesSince(before: ProcessState, least = 1): readonly string[] {
  const now = processState();
  return [
    ...more(before.resources, now.resources, least).map((kind) => `something of the kind ${kind} is left`),
    ...more(before.listeners, now.listeners, 1).map((name) => `process has one more listener of "${name}"`),
    ...(before.directory === now.directory ? [] : [`the working directory of the process is now ${now.directory}`]),
    ...(before.environment === now.environment ? [] : ['process.env is not what it was']),
    ...newGlobals(before),
  ];
}

/** Globals and members of built-in prototypes that were not there before, each in a few words. */
export function newGlobals({ globals }: ProcessState): readonly string[] {
  return processState().globals.filter((name) => !globals.includes(name)).map((name) => `there is a new global ${name}`);
}

/** Where os.tmpdir() looks for it. */
const TEMPORARY: readonly string[] = ['TMPDIR', 'TMP', 'TEMP'];

/** A temporary folder that nobody else uses, until it is disposed of. `left`: what lies in it, in a few words, from so many entries on. */
export function ownTemporaryFolder(): Disposable & { left(least: number): readonly string[] } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'exercise-')));
  const before = TEMPORARY.map((name) => [name, process.env[name]] as const);
  for (const name of TEMPORARY) process.env[name] = folder;
  return {
    left(least) {
      const entries = readdirSync(folder);
      return entries.length < least ? [] : [`${entries.slice(0, 3).join(', ')} ${entries.length === 1 ? 'is' : 'are'} left in the temporary folder`];
    },
    [Symbol.dispose]() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the system tells; else none. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/** Programs that this process has started and that still run, also those that it does not wait for. */
function programs(): number {
  try {
    return readdirSync('/proc/self/task').flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' ').filter(Boolean)).length;
  } catch {
    return 0;
  }
}

function more(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>, least: number): readonly string[] {
  return [...now].filter(([kind, count]) => count >= (before.get(kind) ?? 0) + least).map(([kind]) => kind);
}

function counted(kinds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of kinds) if (!PASSING.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Work of one turn, of whoever else is in the process: it passes by itself. */
const PASSING: readonly string[] = ['Immediate', 'FSReqPromise', 'FSReqCallback', 'TickObject', 'PromiseResolve', 'CloseReq', 'WriteWrap', 'ShutdownWrap'];
