import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Authoring } from './authoring.ts';
import { makeFolder } from './make-folder.ts';

/** Does the steps one after the other. When one fails, what the others have done is taken back, the last one first. */
export async function allOrNothing(act: (takeBack: TakeBack) => Promise<void>): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await act((step) => undo.push(step));
  } catch (cause) {
    // What cannot be taken back is smaller news than what went wrong.
    for (const step of undo.toReversed()) await step().catch(() => {});
    throw cause;
  }
}

/** Says how a step that was done is undone. */
export type TakeBack = (step: () => Promise<unknown>) => void;

/** A file that is not there yet, with the folders above it. */
export async function writeNew(authoring: Pick<Authoring, 'replaceFile'>, umask: number, { path, text }: { readonly path: string; readonly text: string }, takeBack: TakeBack): Promise<void> {
  await makeFolder(dirname(path), umask, (folder) => takeBack(() => rmdir(folder)));
  await authoring.replaceFile(path, text, { create: true });
  takeBack(() => rm(path));
}
