/** What a run must not touch in its process, with somebody who notices while `act` is at work. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';

/** Calls of a run that go past its host, in words. */
export interface Guarded<T> {
  readonly result: T;
  readonly passedBy: readonly string[];
}

const OURS = new URL('..', import.meta.url).pathname;

/** Timers and the time are the host's: whoever calls them from a file of his own is told of. */
export async function withGuards<T>(act: () => Promise<T>): Promise<Guarded<T>> {
  const passedBy: string[] = [];
  const undo: (() => void)[] = [];
  const put = (target: object, key: string, double: (real: (...args: never[]) => unknown) => (...args: never[]) => unknown): void => {
    const holder = target as Record<string, (...args: never[]) => unknown>;
    const real = holder[key] as (...args: never[]) => unknown;
    holder[key] = Object.defineProperties(double(real), Object.getOwnPropertyDescriptors(real));
    undo.push(() => void (holder[key] = real));
  };
  const noting = (name: string) => (real: (...args: never[]) => unknown) => function (this: unknown, ...args: never[]): unknown {
    if (isTheirs(new Error(name).stack)) passedBy.push(name);
    return Reflect.apply(real, this, args);
  };
  for (const target of [globalThis, timers]) for (const name of ['setTimeout', 'setInterval']) put(target, name, noting(name));
  for (const name of ['setTimeout', 'setInterval']) put(timersPromises, name, noting(name));
  put(Date, 'now', noting('Date.now'));
  const { Date: RealDate } = globalThis;
  globalThis.Date = new Proxy(RealDate, {
    construct(target, args: unknown[], newTarget) {
      if (args.length === 0 && isTheirs(new Error('Date').stack)) passedBy.push('new Date');
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  undo.push(() => void (globalThis.Date = RealDate));
  syncBuiltinESMExports();
  try {
    return { result: await act(), passedBy };
  } finally {
    for (const restore of undo.toReversed()) restore();
    syncBuiltinESMExports();
  }
}

/** Whether the call came from a file that is neither Node's, nor the kit's, nor a library's. */
function isTheirs(stack = '', depth = 2): boolean {
  const caller = stack.split('\n')[depth] ?? '';
  return /(?:file:\/\/|\(|at )\/|file:\/\//.test(caller) && !caller.includes('node:') && !caller.includes('/node_modules/') && !caller.includes(OURS);
}

/** Variables of the process that somebody's file sets or deletes while `act` is at work, and the folder that it goes to. */
export async function changedSurroundings(act: () => Promise<unknown>): Promise<readonly string[]> {
  const { env: real, chdir } = process;
  const changed: string[] = [];
  const note = (key: unknown): void => {
    if (isTheirs(new Error('process.env').stack, 3)) changed.push(`process.env.${String(key)}`);
  };
  process.chdir = (folder) => {
    if (isTheirs(new Error('process.chdir').stack)) changed.push('the working directory');
    chdir(folder);
  };
  process.env = new Proxy(real, {
    set: (target, key, value) => (note(key), Reflect.set(target, key, value)),
    deleteProperty: (target, key) => (note(key), Reflect.deleteProperty(target, key)),
  });
  try {
    await act();
  } finally {
    Object.assign(process, { env: real, chdir });
  }
  return changed;
}

const DAY = 86_400_000;

/** The same, a day later by the clock on the wall. */
export async function aDayLater<T>(act: () => Promise<T>): Promise<T> {
  const Real = globalThis.Date;
  const Shifted = class extends Real {
    constructor(...args: readonly unknown[]) {
      super(...((args.length === 0 ? [Real.now() + DAY] : args) as [number]));
    }
    static override now(): number {
      return Real.now() + DAY;
    }
  };
  globalThis.Date = Shifted as unknown as DateConstructor;
  try {
    return await act();
  } finally {
    globalThis.Date = Real;
  }
}

/** What a variable is called that holds a secret. */
export const SECRET_NAME: RegExp = /(?:^|_)(?:pass|password|passwd|passphrase|secret|token|api_?key|credentials?)$/i;

/** What a secret of ours is worth: whoever finds it knows which it was. */
export const CANARY = 'canary-of-';

/** Every variable that is called like a secret has a value of ours while `act` is at work. */
export async function withCanaries<T>(act: () => Promise<T>): Promise<T> {
  const real = process.env;
  const isSecret = (key: unknown): key is string => typeof key === 'string' && (SECRET_NAME.test(key) || /(?:secret|token|password|credential)/i.test(key));
  process.env = new Proxy(real, { get: (target, key) => (isSecret(key) ? `${CANARY}${key}` : Reflect.get(target, key) as string), has: (target, key) => isSecret(key) || Reflect.has(target, key) });
  try {
    return await act();
  } finally {
    process.env = real;
  }
}
