import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatcherSeen } from '@nightshift/core';
import { isFinished, type Instance } from '@nightshift/sdk';

/** Where watchers (`CommandLine.reattach`) write down what they see: a folder for each run, one in it for each attempt. */
export class WatcherFolders {
  readonly #folders = new Map<string, string>();

  /** What a watcher is told, and the folder of its attempt. */
  make({ instanceId, attempt }: Pick<Instance, 'instanceId' | 'attempt'>): { readonly attempt: string; readonly environment: Readonly<Record<string, string>> } {
    const run = this.#folders.get(instanceId) ?? mkdtempSync(join(tmpdir(), 'watched-'));
    this.#folders.set(instanceId, run);
    mkdirSync(join(run, String(attempt)), { recursive: true });
    return { attempt: join(run, String(attempt)), environment: { NIGHTSHIFT_RUN_DIR: run, NIGHTSHIFT_ATTEMPT: String(attempt), NIGHTSHIFT_INSTANCE_ID: instanceId } };
  }

  /** What its newest attempt that ran has written down; undefined: none has run. */
  seen({ instanceId, attempt }: Instance): WatcherSeen | undefined {
    const run = this.#folders.get(instanceId);
    if (run === undefined) return undefined;
    for (let number = attempt; number > 0; number--) {
      const folder = join(run, String(number));
      if (existsSync(folder)) return { reached: number === attempt && existsSync(join(folder, 'started')), ...leftIn(folder) };
    }
    return undefined;
  }

  /** Before any signal: without it a watcher takes that for a computer that goes down. */
  wishEnd({ instanceId, attempt, stopReason = 'stopped' }: Instance): void {
    const run = this.#folders.get(instanceId);
    if (run !== undefined) writeFileSync(join(run, String(attempt), 'stop'), `${stopReason}\n`);
  }

  close(): void {
    for (const folder of this.#folders.values()) rmSync(folder, { recursive: true, force: true });
  }
}

/** What a watcher has left in the folder of an attempt. */
export function leftIn(attempt: string): Pick<WatcherSeen, 'outcome' | 'said'> {
  const said = textOf(join(attempt, 'disconnected'))?.trim();
  const text = textOf(join(attempt, 'outcome.json'));
  if (text === undefined) return said === undefined ? {} : { said };
  try {
    const outcome = JSON.parse(text) as NonNullable<WatcherSeen['outcome']>;
    if (isFinished(outcome.state)) return { outcome: { ...outcome, at: new Date(outcome.at ?? Date.now()) } };
  } catch {
    // A watcher that writes it in two steps is as one that has not written it.
  }
  return { said: `its outcome.json is none: ${text.slice(0, 200)}` };
}

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
