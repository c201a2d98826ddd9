// Everything the run says on stdout. Names of files go through `quoted` or `visible` before they come here: a name
// may hold a line end followed by `::error::`, and that must not become a stream command.

import { isUtf8 } from 'node:buffer';

const LINES_A_SECOND = 10;

export const output = (text) => void process.stdout.write(`${text}\n`);
export const warn = (text) => output(`::warning::${text}`);

/** Who reads our output may leave early; the archive is wanted all the same. */
export function surviveClosedOutput() {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Progress of one activity, by bytes, not oftener than a reader can follow. */
export class Progress {
  #activity;
  #total;
  #done = { files: 0, bytes: 0 };
  #nextLine = 0;

  constructor(activity, total) {
    this.#activity = activity;
    this.#total = total;
  }

  addBytes(count) {
    this.#done.bytes += count;
    if (performance.now() >= this.#nextLine) this.#print();
  }

  addFile() {
    this.#done.files += 1;
  }

  finish() {
    this.#done = { ...this.#total };
    this.#print();
  }

  #print() {
    this.#nextLine = performance.now() + 1000 / LINES_A_SECOND;
    const { files, bytes } = this.#total;
    // Files may grow after they were counted.
    const percent = bytes === 0 ? 100 : Math.min(100, Math.floor((100 * this.#done.bytes) / bytes));
    output(`::progress activity=${this.#activity},percent=${percent}::${this.#done.files} of ${inWords.count(files, 'file')}`);
  }
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

export const inWords = {
  count: (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`,
  size(bytes) {
    const power = Math.max(0, UNITS.findLastIndex((_, step) => bytes >= 1000 ** step));
    return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
  },
};

// Control characters, invisible ones and those that change the direction of writing: none of them may reach a
// terminal or end a line.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\\]/gu;
const UNSEEN_OR_NO_ASCII = /[^\x20-\x7e]|\\/g;

/** Text in which nothing is hidden: `a<line end>b` becomes `a\nb`. */
export const visible = (text) => text.replace(UNSEEN, escapeOf);

export const quoted = (text) => `"${visible(text).replaceAll('"', '\\"')}"`;

/** The same for a path as git gave it, bytes in a latin1 string, which need not be UTF-8. */
export function quotedPath(path) {
  const bytes = Buffer.from(path, 'latin1');
  return isUtf8(bytes) ? quoted(bytes.toString()) : `"${path.replace(UNSEEN_OR_NO_ASCII, escapeOf).replaceAll('"', '\\"')}"`;
}

function escapeOf(character) {
  const short = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  const hex = character.codePointAt(0).toString(16);
  return short ?? (hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
}
