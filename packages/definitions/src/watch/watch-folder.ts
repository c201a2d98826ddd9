/**
 * One folder under observation. Two sources say that something may have happened to a file:
 *
 *     notices of the system   at once; lost where a queue overflows, and never given for what a link leads to
 *     a look at every file    each 30 s as a safety net; about once a second where notices cannot be had or say too little
 *
 * Both only stir the file; what has become of it is looked at again until it has settled (settling.ts). Notices begin before
 * the first look, and that before `watchFolder` returns: of what happens after that, nothing is overlooked.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isJobError, type JobError } from '@nightshift/sdk';
import { errorCodeOf, watchedSlowly } from '../errors.ts';
import { definitionName } from '../list-folder.ts';
import { type Look, lookAt, stampOf } from './look.ts';
import { identityOf, type Notices, openNotices, type WatchFolder } from './notices.ts';
import { createSettling, type Settling } from './settling.ts';

/** Milliseconds between looks where notices are to be relied upon. */
const SELDOM = 30_000;
/** Where they are not: what is seen then has 150 ms left to settle within a second. */
const OFTEN = 800;
/** After a doubtful notice, of which there may be many. */
const DOUBTFUL = 100;
/** Looks take at most this part of the time, all folders together: 10,000 definitions are looked at within a second. */
const SHARE = 1 / 20;
/** As a mere safety net they must not be what keeps an idle machine awake. */
const SAFETY_SHARE = 1 / 500;

export interface FolderWatch {
  readonly folder: string;
  /** Folders that share the time. */
  readonly folders: number;
  readonly clock: Clock;
  readonly watch: WatchFolder;
  readonly warn: (warning: JobError) => void;
  readonly changed: (fileName: string) => void;
  /** Takes charge of what goes on in the background. */
  readonly run: (task: Promise<void>) => void;
}

/** Watches until the signal fires; then nothing of it is left. */
export function watchFolder(parts: FolderWatch, signal: AbortSignal): void {
  const state = new FolderState(parts, signal);
  state.look();
  parts.run(state.goOn());
}

class FolderState {
  readonly #parts: FolderWatch;
  readonly #signal: AbortSignal;
  readonly #settling: Settling;
  #known: Map<string, string | undefined> = new Map();
  #isFirst = true;
  #notices: Notices | undefined;
  #hasLinks = false;
  #hindrance: string | undefined;
  /** Milliseconds that the last look took. */
  #took = 0;
  #rest = new AbortController();

  constructor(parts: FolderWatch, signal: AbortSignal) {
    const { clock, folder, changed, run } = parts;
    this.#parts = parts;
    this.#signal = signal;
    const settled = (fileName: string, stamp: string | undefined): void => {
      if (stamp === undefined) this.#known.delete(fileName);
      else this.#known.set(fileName, stamp);
      changed(fileName);
    };
    this.#settling = createSettling(clock, (fileName) => stampOf(join(folder, fileName)), settled, run, signal);
    signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  async goOn(): Promise<void> {
    while (!this.#signal.aborted) {
      await this.#pause();
      // A server that does not answer is met here, where nobody waits for it; the look behind it holds up everything.
      await stat(this.#parts.folder).catch(() => undefined);
      if (!this.#signal.aborted) this.look();
    }
  }

  /** Looks at the folder and at every file, and stirs what is not as it was. */
  look(): void {
    const { clock, folder } = this.#parts;
    const begun = clock.monotonic();
    this.#watchAgain();
    const found = this.#found(folder);
    if (found !== undefined) this.#compare(found);
    this.#took = clock.monotonic() - begun;
  }

  /** Notices belong to a folder, not to its path: they are opened anew when another one bears the name. */
  #watchAgain(): void {
    const { folder, watch, warn } = this.#parts;
    if (this.#notices !== undefined && this.#notices.identity === identityOf(folder)) return;
    this.#closeNotices();
    const opened = openNotices(folder, { file: (fileName) => this.#onFile(fileName), folder: (cut) => this.#onFolder(cut) }, watch);
    const { notices, hindrance } = opened;
    this.#notices = notices;
    if (hindrance !== undefined && hindrance !== this.#hindrance) warn(watchedSlowly(folder, hindrance));
    this.#hindrance = hindrance;
  }

  /** Undefined where it cannot be told what is there: then everything counts as it was. A folder that is gone has no files. */
  #found(folder: string): Look | undefined {
    try {
      return lookAt(folder);
    } catch (error) {
      const code = errorCodeOf(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return { stamps: new Map(), hasLinks: false };
      if (code === undefined && !isJobError(error)) throw error;
      return undefined;
    }
  }

  #compare({ stamps, hasLinks }: Look): void {
    this.#hasLinks = hasLinks;
    if (this.#isFirst) this.#known = new Map(stamps);
    this.#isFirst = false;
    for (const [fileName, stamp] of stamps) if (stamp !== this.#known.get(fileName)) this.#settling.stir(fileName);
    for (const fileName of this.#known.keys()) if (!stamps.has(fileName)) this.#settling.stir(fileName);
  }

  #onFile(fileName: string): void {
    if (definitionName(fileName) !== undefined) this.#settling.stir(fileName);
    // Links of a folder may all lead over another one, as in a volume of Kubernetes, where it is that one which is exchanged.
    else if (this.#hasLinks) this.#onFolder(false);
  }

  #onFolder(cut: boolean): void {
    if (cut) this.#closeNotices();
    this.#rest.abort();
  }

  async #pause(): Promise<void> {
    const { clock, folders } = this.#parts;
    const areEnough = this.#notices !== undefined && this.#hindrance === undefined && !this.#notices.overLink && !this.#hasLinks;
    const [usual, share] = areEnough ? [SELDOM, SAFETY_SHARE] : [OFTEN, SHARE];
    await this.#sleep(Math.max(usual, (this.#took * folders) / share));
    if (!this.#rest.signal.aborted || this.#signal.aborted) return;
    this.#rest = new AbortController();
    await clock.sleep(DOUBTFUL, this.#signal);
  }

  /** Cut short by a notice about the folder. */
  async #sleep(milliseconds: number): Promise<void> {
    try {
      await this.#parts.clock.sleep(milliseconds, this.#rest.signal);
    } catch (cause) {
      if (!this.#rest.signal.aborted) throw cause;
    }
  }

  #closeNotices(): void {
    this.#notices?.close();
    this.#notices = undefined;
  }

  #end(): void {
    this.#closeNotices();
    this.#rest.abort();
  }
}
