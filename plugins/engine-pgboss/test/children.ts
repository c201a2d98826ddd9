import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { PgbossOptions } from '../src/options.ts';

/** What a program has said, in its order. */
export interface Said {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** A process of its own, as a host or a scheduler on another machine is. */
export interface Child extends Disposable {
  readonly process: ChildProcess;
  readonly said: readonly Said[];
  /** Waits until it has said so, once more if it had before; throws after twenty seconds, with what it said. */
  says(event: string): Promise<Said>;
  /** When it is gone. */
  readonly gone: Promise<void>;
}

const PATIENCE = 20_000;

export function startProgram(name: 'host' | 'firer', options: PgbossOptions, ...words: readonly (string | number)[]): Child {
  const program = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', program, JSON.stringify(options), ...words.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: Said[] = [];
  const heard = new Set<() => void>();
  let told = 0;
  createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on('line', (line) => {
    said.push(JSON.parse(line) as Said);
    for (const wake of heard) wake();
  });
  // Who is killed reads no more.
  child.stdin?.on('error', () => {});
  return {
    process: child,
    said,
    gone: new Promise((resolve) => void child.once('close', () => resolve())),
    async says(event) {
      const { promise, resolve, reject } = Promise.withResolvers<Said>();
      const look = (): void => {
        const index = said.findIndex((one, at) => at >= told && one.event === event);
        if (index < 0) return;
        told = index + 1;
        resolve(said[index] as Said);
      };
      const late = setTimeout(() => reject(new Error(`${name} did not say "${event}" after ${JSON.stringify(said.slice(told))}`)), PATIENCE);
      heard.add(look);
      look();
      try {
        return await promise;
      } finally {
        clearTimeout(late);
        heard.delete(look);
      }
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}
