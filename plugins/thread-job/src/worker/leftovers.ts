import { variablesOfNames, type TaskNames } from '../messages.ts';
import { workIn } from './own-folder.ts';

/** Global variables that a job has made. To list all that there are would take longer than most jobs. */
const made = new Set<PropertyKey>();

// What is assigned and not there is looked for in the prototype, which sees every new name.
Object.setPrototypeOf(globalThis, new Proxy(Object.getPrototypeOf(globalThis) as object, {
  set(target, name, value, receiver) {
    made.add(name);
    return Reflect.set(target, name, value, receiver);
  },
}));

let folder = '';
let shared: Readonly<Record<string, string>> = {};
let own: TaskNames | undefined;
let known: Record<string, string | undefined> | undefined;

const real = process.cwd;
const cwd = (): string => folder;
process.cwd = cwd;
// Made for who looks at it: a copy for each job, which may change it as it likes.
Object.defineProperty(process, 'env', {
  configurable: true,
  enumerable: true,
  get: () => (known ??= { ...shared, ...(own === undefined ? {} : variablesOfNames(own)) }),
  set(value: Record<string, string | undefined>) {
    known = value;
  },
});

/** Puts the worker into a job's place. The system's own idea of the current folder is that of the whole process. */
export function enter(workingDirectory: string, environment: Readonly<Record<string, string>>, names: TaskNames | undefined): void {
  if (folder !== workingDirectory) workIn(workingDirectory, real);
  folder = workingDirectory;
  known = undefined;
  shared = environment;
  own = names;
}

/**
 * Takes away what a job has left: global variables, listeners of the process. False where something stays that would meet the
 * next job: what still runs (timers, sockets), a global that cannot be deleted. What it changed inside built-in objects, what
 * it defined as a global by other means than by assigning it, and the state of the modules that it loaded, is not looked for.
 */
export function leave(listeners: number): boolean {
  if (process.cwd !== cwd) process.cwd = cwd;
  if (!withoutNewGlobals()) return false;
  if (process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException') > listeners) return false;
  return process.getActiveResourcesInfo().every((name) => HARMLESS.has(name));
}

/** Of ours, or over by themselves. */
const HARMLESS: ReadonlySet<string> = new Set(['MessagePort', 'Immediate', 'CloseReq']);

function withoutNewGlobals(): boolean {
  if (made.size === 0) return true;
  const areGone = [...made].every((name) => Reflect.deleteProperty(globalThis, name));
  made.clear();
  return areGone;
}
