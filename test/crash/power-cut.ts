/**
 * What a disk may hold after a power cut. A file system promises only what was synced: bytes by a sync of their file, names by
 * a sync of their folder. Everything else may be there or not, in any combination and whatever came first:
 *
 *     a name (folder made, file made, file renamed)     there, or not
 *     the bytes of a file                               any of the contents it had since its last sync; as many zeros as it was
 *                                                       long, where it was never synced; cut at a multiple of 512
 *
 * Contents of one sector come one after the other and never mixed. `statesAfter` gives each different disk once.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** One step, as it reached the system. Paths are relative to the folder that is looked at; '' is that folder, which is always there. */
export type Step =
  | { readonly does: 'folder' | 'file'; readonly path: string }
  | { readonly does: 'content'; readonly path: string; readonly content: Buffer }
  | { readonly does: 'sync'; readonly path: string }
  | { readonly does: 'rename'; readonly path: string; readonly from: string }
  /** Something outside the folder that lasts from here on. */
  | { readonly does: 'mark'; readonly what: string };

/** Paths with what lies there: a folder, or a file of that content. */
export type Disk = ReadonlyMap<string, 'folder' | Buffer>;

/** Runs `act` and says what it did below a folder. Steps that it takes inside another one are that one's. */
export function recorded(root: string, act: () => void): Step[] {
  const steps: Step[] = [];
  const real = { mkdirSync: fs.mkdirSync, writeFileSync: fs.writeFileSync, renameSync: fs.renameSync, fsyncSync: fs.fsyncSync };
  let depth = 0;
  const within = (path: unknown): string => relative(root, String(path));
  const noting = <Words extends unknown[], Answer>(call: (...words: Words) => Answer, note: (...words: Words) => readonly Step[]) => (...words: Words): Answer => {
    // What lies where is asked before it is changed.
    const noted = depth === 0 ? note(...words) : [];
    depth += 1;
    try {
      const answer = call(...words);
      steps.push(...noted);
      return answer;
    } finally {
      depth -= 1;
    }
  };
  Object.assign(fs, {
    mkdirSync: noting(real.mkdirSync as (path: string) => unknown, (path) => [{ does: 'folder', path: within(path) }]),
    writeFileSync: noting(real.writeFileSync as (path: string, data: string, options: { flush?: boolean }) => void, (file, data, { flush } = {}) => [
      ...(fs.existsSync(file) ? [] : [{ does: 'file', path: within(file) } as const]),
      { does: 'content', path: within(file), content: Buffer.from(data) },
      ...(flush === true ? [{ does: 'sync', path: within(file) } as const] : []),
    ]),
    renameSync: noting(real.renameSync as (from: string, to: string) => void, (from, path) => [{ does: 'rename', from: within(from), path: within(path) }]),
    fsyncSync: noting(real.fsyncSync, (descriptor) => [{ does: 'sync', path: within(fs.readlinkSync(`/proc/self/fd/${descriptor}`)) }]),
  });
  syncBuiltinESMExports();
  try {
    act();
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
  return steps;
}

interface Bytes {
  readonly contents: Buffer[];
  /** How many of them were synced: the last of these is the least that is left. */
  synced: number;
}

interface Naming {
  readonly step: Extract<Step, { does: 'folder' | 'file' | 'rename' }>;
  readonly bytes: Bytes | undefined;
  isSynced: boolean;
}

/** Every disk that a power cut right after these steps may leave. Throws when there are more than `most`. */
export function statesAfter(steps: readonly Step[], most = 2_000): Disk[] {
  const { names, files } = played(steps);
  const disks = new Map<string, Disk>();
  const open = names.filter(({ isSynced }) => !isSynced);
  const choices = files.map(contentsOf);
  for (let subset = 0; subset < 2 ** open.length; subset += 1) {
    const kept = names.filter((name) => name.isSynced || (subset & (1 << open.indexOf(name))) !== 0);
    for (const contents of productOf(choices)) {
      const disk = diskOf(kept, new Map(files.map((file, index) => [file, contents[index] as Buffer])));
      disks.set(JSON.stringify([...disk].map(([path, what]) => [path, what.toString('latin1')]).toSorted()), disk);
      if (disks.size > most) throw new Error(`more than ${most} states`);
    }
  }
  return [...disks.values()];
}

function played(steps: readonly Step[]): { readonly names: Naming[]; readonly files: Bytes[] } {
  const names: Naming[] = [];
  const at = new Map<string, Bytes>();
  for (const step of steps) {
    if (step.does === 'folder') names.push({ step, bytes: undefined, isSynced: false });
    else if (step.does === 'file') {
      at.set(step.path, { contents: [], synced: 0 });
      names.push({ step, bytes: at.get(step.path), isSynced: false });
    } else if (step.does === 'content') at.get(step.path)?.contents.push(step.content);
    else if (step.does === 'rename') {
      const bytes = at.get(step.from) as Bytes;
      at.delete(step.from);
      at.set(step.path, bytes);
      names.push({ step, bytes, isSynced: false });
    } else if (step.does === 'sync') {
      const bytes = at.get(step.path);
      if (bytes !== undefined) bytes.synced = bytes.contents.length;
      else for (const name of names) if (folderOf(name.step.path) === step.path) name.isSynced = true;
    }
  }
  return { names, files: [...new Set(names.flatMap(({ bytes }) => bytes ?? []))] };
}

const SECTOR = 512;

function contentsOf({ contents, synced }: Bytes): Buffer[] {
  const last = contents.at(-1) ?? Buffer.alloc(0);
  if (synced === contents.length && synced > 0) return [last];
  const torn = Array.from({ length: Math.ceil(last.length / SECTOR) - 1 }, (_, index) => last.subarray(0, (index + 1) * SECTOR));
  return synced > 0 ? [...contents.slice(synced - 1), ...torn] : [Buffer.alloc(0), Buffer.alloc(last.length), ...contents, ...torn];
}

function* productOf<T>(choices: readonly (readonly T[])[]): Generator<readonly T[]> {
  const [first, ...others] = choices;
  if (first === undefined) return yield [];
  for (const one of first) for (const rest of productOf(others)) yield [one, ...rest];
}

function diskOf(names: readonly Naming[], contents: ReadonlyMap<Bytes, Buffer>): Disk {
  const disk = new Map<string, 'folder' | Buffer>([['', 'folder']]);
  for (const { step, bytes } of names) {
    // A name whose folder is lost is lost with it.
    if (disk.get(folderOf(step.path)) !== 'folder') continue;
    if (step.does === 'rename') disk.delete(step.from);
    disk.set(step.path, bytes === undefined ? 'folder' : (contents.get(bytes) as Buffer));
  }
  return disk;
}

function folderOf(path: string): string {
  return dirname(path) === '.' ? '' : dirname(path);
}

/** Makes it anew below a folder. */
export function materialise(disk: Disk, root: string): void {
  fs.rmSync(root, { recursive: true, force: true });
  for (const [path, what] of disk) {
    if (what === 'folder') fs.mkdirSync(join(root, path), { recursive: true });
    else fs.writeFileSync(join(root, path), what);
  }
}
