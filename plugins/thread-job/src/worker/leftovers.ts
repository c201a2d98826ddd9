/** What was there before the first job. */
const GLOBALS: ReadonlySet<PropertyKey> = new Set(Reflect.ownKeys(globalThis));
const FIRST_COUNT = GLOBALS.size;
const cwd = process.cwd.bind(process);

/** Puts the worker into a job's place. The system's own idea of the current folder is that of the whole process. */
export function enter(folder: string, environment: Readonly<Record<string, string>>, variables: Readonly<Record<string, string>>): void {
  process.cwd = () => folder;
  process.env = { ...environment, ...variables };
}

/**
 * Takes away what a job has left: global variables, listeners of the process. False where something stays that would meet the
 * next job: what still runs (timers, sockets), a global that cannot be deleted. What it changed inside built-in objects, and
 * the state of the modules that it loaded, is not looked for.
 */
export function leave(listeners: number): boolean {
  process.cwd = cwd;
  if (!withoutNewGlobals()) return false;
  if (process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException') > listeners) return false;
  return process.getActiveResourcesInfo().every((name) => HARMLESS.has(name));
}

/** Of ours, or over by themselves. */
const HARMLESS: ReadonlySet<string> = new Set(['MessagePort', 'Immediate', 'CloseReq']);

function withoutNewGlobals(): boolean {
  const keys = Reflect.ownKeys(globalThis);
  if (keys.length === FIRST_COUNT) return true;
  return keys.every((key) => GLOBALS.has(key) || Reflect.deleteProperty(globalThis, key));
}
