// One shell of a reader: what is typed into it is run by bash, in order, in a home of its own.

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../e2e/product.ts';

const DEADLINE = 60_000;
/** Where the repository is that the reader has cloned. */
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
/** The reader's home, as the documents show it. */
const HOME = '/home/you';

export interface Typed {
  /** Both streams, as a terminal shows them. */
  readonly printed: string;
  readonly status: number;
}

/** Begins in an empty home. `npx` is there as in a repository that has the product installed. */
export function openShell(place: Place): { type(command: string): Promise<Typed>; close(): void } {
  const { NIGHTSHIFT_STATE_DIR: _, ...env } = place.env;
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd: place.home, env: { ...env, REPOSITORY, PATH: [npxOf(place), env['PATH']].join(delimiter) }, stdio: 'pipe' });
  let seen = '';
  let last = 0;
  let wake = (): void => {};
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      wake();
    });
  }
  shell.stdin.on('error', () => {}); // it may have ended
  shell.on('close', () => wake());
  shell.stdin.write('umask 022; exec 2>&1\n');

  const type = async (command: string): Promise<Typed> => {
    const mark = `[${crypto.randomUUID()}]`;
    const file = join(place.root, 'typed.sh');
    writeFileSync(file, `${command}\n`);
    seen = '';
    // What the reader sees in $? is the status of what was typed before.
    shell.stdin.write(`(exit ${last}); . '${file}' </dev/null; printf '%s%s\\n' '${mark}' "$?"\n`);
    const late = AbortSignal.timeout(DEADLINE);
    late.addEventListener('abort', () => wake());
    for (;;) {
      const [printed, status] = seen.split(mark);
      if (status?.endsWith('\n')) {
        last = Number(status);
        return { printed: (printed as string).replaceAll(place.home, HOME), status: last };
      }
      if (late.aborted || shell.exitCode !== null) throw new Error(`no end of: ${command}\nprinted so far: ${seen}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return { type, close: () => void shell.kill('SIGKILL') };
}

/** Runs what is installed, and never fetches anything. */
function npxOf({ root }: Place): string {
  const folder = join(root, 'npx');
  mkdirSync(folder);
  writeFileSync(join(folder, 'npx'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(folder, 'npx'), 0o755);
  return folder;
}
