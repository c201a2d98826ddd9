/**
 * Pieces of what runs have written, from wherever in it: a log of a gigabyte is opened at its end and scrolled without being
 * read. A line has the offset of its first byte for a name, which never changes.
 *
 * A line of more than 64 KiB comes in pieces. They begin at the beginning of the line and at every multiple of 64 KiB in the
 * file, so that whoever begins somewhere in the middle cuts it at the same places. Lines of records are JSON and stay whole.
 *
 *     offset   0        65,536      131,072
 *     line     |--------:-----------:---|  more than 64 KiB: three pieces
 *     line                 |--:--|         less: one, wherever it lies
 */
import { cutRecord, maskedRecord, type CoreParts } from '@nightshift/core';
import { isFinished, isJobError, JobError, STREAM_NAMES, type Instance, type JobStore, type Piece, type ProgressRecord, type StoredRecord, type StreamName } from '@nightshift/sdk';
import { breathe } from './breathe.ts';
import { readPiece } from './read-piece.ts';

/** Whose output, and which part of it. */
export interface LogPlace {
  readonly instance: Instance;
  readonly store: JobStore;
  readonly attempt: number;
  readonly channel: 'stdout' | 'stderr' | 'records';
}

export interface LogLine {
  readonly at: number;
  readonly stream: StreamName;
  readonly text: string;
  readonly time: Date | null;
  /** It goes on in the next one. */
  readonly cut: boolean;
  /** It has no line end yet. */
  readonly open: boolean;
}

/** The lines in [from, to). */
export interface LogPiece {
  readonly size: number;
  readonly ended: boolean;
  readonly from: number;
  readonly to: number;
  readonly lines: readonly LogLine[];
}

/** Where to begin: at a place, or so far before one; neither: at the end. */
export type LogFrom = { readonly from: number } | { readonly before: number } | undefined;

export interface Logs {
  size(place: LogPlace): Promise<{ readonly size: number; readonly ended: boolean }>;
  piece(place: LogPlace, from: LogFrom, bytes: number): Promise<LogPiece>;
  /** Lines with a text in them (ASCII without case), from a place on, at most `limit`; `next`: where to go on, undefined at the end. */
  search(place: LogPlace, text: string, from: number, limit: number): Promise<{ readonly matches: readonly { readonly at: number; readonly text: string }[]; readonly next: number | undefined; readonly size: number }>;
  /** All of it, as bytes; secrets are masked. */
  whole(place: LogPlace, signal: AbortSignal): AsyncGenerator<Uint8Array>;
  /** The last line with something in it, cut at so many characters; undefined: there is none. */
  lastLine(place: LogPlace, characters: number): Promise<string | undefined>;
  /** The last record of the progress stream among so many bytes at the end; undefined: there is none, or the last one says that it is over. */
  lastProgress(place: LogPlace, bytes: number): Promise<ProgressRecord | undefined>;
  /** Masked. Of a run with secrets alone it costs anything. */
  maskedRecords(instance: Instance, records: readonly StoredRecord[]): Promise<readonly StoredRecord[]>;
}

const LONG = 65_536;
/** The longest record that a run of JavaScript may write, and some. */
const LONG_RECORD = 4_194_304;
const NEWLINE = 10;
/** Looked through for one question. */
const SEARCHED = 67_108_864;
const CHUNK = 1_048_576;
/** A longer secret is not looked for across a place where a line was cut. */
const BORDER = 4_096;

type Mask = ((text: string) => string) | undefined;

export function createLogs(core: CoreParts): Logs {
  const maskOf = async (instance: Instance): Promise<Mask> => (instance.run?.secrets === undefined ? undefined : core.masking?.(instance));
  const logs: Logs = {
    async size(place) {
      const { size } = await read(place, 0, 0);
      return { size, ended: isEnded(place) };
    },
    async piece(place, from, bytes) {
      const [{ size, ended }, mask] = [await logs.size(place), await maskOf(place.instance)];
      const [start, end] = await spanOf(place, from, bytes, size);
      const { lines, to } = await linesIn(place, start, end, size, ended, mask);
      return { size, ended, from: start, to, lines };
    },
    async search(place, text, from, limit) {
      const mask = await maskOf(place.instance);
      return mask === undefined && place.channel !== 'records' ? searchBytes(place, text, from, limit) : searchLines(place, text, from, limit, mask);
    },
    async *whole(place, signal) {
      const mask = await maskOf(place.instance);
      yield* mask === undefined ? bytesOf(place, signal) : maskedBytes(place, mask, signal);
    },
    async lastLine(place, characters) {
      const { size } = await read(place, 0, 0);
      const begin = Math.max(0, size - BORDER);
      const { bytes } = await read(place, begin, BORDER);
      // What was cut off at its beginning may hold half a secret.
      const lines = textOf(bytes).split('\n').slice(begin === 0 ? 0 : 1);
      const line = lines.findLast((text) => text.trim() !== '');
      if (line === undefined) return undefined;
      return recordOf(place, Buffer.from(line), undefined, await maskOf(place.instance)).text.slice(0, characters);
    },
    async lastProgress(place, bytes) {
      const { size } = await read(place, 0, 0);
      const begin = Math.max(0, size - bytes);
      const { bytes: end } = await read(place, begin, bytes);
      const found = textOf(end).split('\n').slice(begin === 0 ? 0 : 1).findLast((line) => line.includes('progress'));
      const record = found === undefined ? undefined : place.channel === 'records' ? parsed(found) : { ...cutRecord(Buffer.from(found), place.channel, place.instance.run), seq: 0, at: null };
      if (record?.stream !== 'progress' || (record.value as ProgressRecord).completed === true) return undefined;
      const [shown] = await logs.maskedRecords(place.instance, [record]);
      return shown?.value as ProgressRecord;
    },
    async maskedRecords(instance, records) {
      const mask = await maskOf(instance);
      return mask === undefined ? records : records.map((record) => maskedRecord(record, mask));
    },
  };
  return logs;
}

async function read({ store, instance, attempt, channel }: LogPlace, offset: number, limit: number): Promise<Piece> {
  try {
    return await readPiece(store, instance, { attempt, channel, offset, limit });
  } catch (cause) {
    throw unreadable(instance, channel, cause);
  }
}

/** What the system says of its file, for people; a reader moves nothing aside. Anything else is told as it is. */
export function unreadable({ name, id }: Instance, what: string, cause: unknown): unknown {
  const { syscall, path, message } = cause as NodeJS.ErrnoException;
  if (isJobError(cause) || syscall === undefined) return cause;
  return new JobError({ code: 'CantLoadScheduledJobDefinitionFromStore', message: `the ${what} of ${name} (${id}) cannot be read: ${message}`, ...(path === undefined ? {} : { file: path }), hint: 'nightshift doctor' }, { cause });
}

function isEnded({ instance, attempt }: LogPlace): boolean {
  return isFinished(instance.state) || attempt < instance.attempt;
}

function longestOf({ channel }: LogPlace): number {
  return channel === 'records' ? LONG_RECORD : LONG;
}

/** The bytes that are asked for, beginning at the beginning of a line or of a piece of one. */
async function spanOf(place: LogPlace, from: LogFrom, bytes: number, size: number): Promise<readonly [start: number, end: number]> {
  if (from !== undefined && 'from' in from) {
    const start = await aligned(place, Math.min(from.from, size), size);
    return [start, Math.min(size, start + bytes)];
  }
  const end = Math.min(from?.before ?? size, size);
  // A line, or a piece of one, must fit in, or nothing would begin there.
  const start = await aligned(place, Math.max(0, end - Math.max(bytes, place.channel === 'records' ? bytes : LONG)), size);
  if (start < end || end === 0) return [start, end];
  return [await aligned(place, Math.max(0, end - longestOf(place) - 1), size), end];
}

/** The first place at an offset or after it where a line begins, or a piece of a long one. */
async function aligned(place: LogPlace, offset: number, size: number): Promise<number> {
  if (offset <= 0 || offset >= size) return Math.max(0, Math.min(offset, size));
  const longest = longestOf(place);
  const { bytes } = await read(place, offset - 1, longest + 1);
  if (bytes[0] === NEWLINE) return offset;
  const end = bytes.indexOf(NEWLINE, 1);
  const nextLine = end === -1 ? size : offset + end;
  const border = Math.ceil(offset / longest) * longest;
  return border < nextLine && (await isWithinLongLine(place, border)) ? border : nextLine;
}

async function isWithinLongLine(place: LogPlace, offset: number): Promise<boolean> {
  const longest = longestOf(place);
  const begin = Math.max(0, offset - longest);
  const { bytes } = await read(place, begin, offset - begin + longest);
  const before = bytes.subarray(0, offset - begin).lastIndexOf(NEWLINE);
  const after = bytes.indexOf(NEWLINE, offset - begin);
  const lineStart = before === -1 ? begin - 1 : begin + before + 1;
  const lineEnd = after === -1 ? begin + bytes.length : begin + after;
  return lineEnd - lineStart > longest;
}

async function linesIn(place: LogPlace, start: number, end: number, size: number, ended: boolean, mask: Mask): Promise<{ readonly lines: readonly LogLine[]; readonly to: number }> {
  const longest = longestOf(place);
  if (start >= end) return { lines: [], to: start };
  // The last line may go on behind what was asked for.
  const { bytes } = await read(place, start, end - start + longest + BORDER);
  const lines: LogLine[] = [];
  let at = start;
  let continues = start > 0 && !(await endsLine(place, start));
  while (at < end) {
    const offset = at - start;
    const newline = bytes.indexOf(NEWLINE, offset);
    const lineEnd = newline === -1 ? bytes.length : newline;
    const isLong = lineEnd - offset > longest;
    const next = isLong ? (Math.floor(at / longest) + 1) * longest : start + (newline === -1 ? lineEnd : newline + 1);
    if (next <= at) break;
    const line = bytes.subarray(offset, isLong ? next - start : lineEnd);
    const shown = textBetween(line, isLong ? bytes.subarray(next - start, next - start + BORDER) : undefined, continues ? await before(place, at) : undefined, mask);
    lines.push({ at, ...recordOf(place, line, isLong || continues ? shown : undefined, mask), cut: isLong, open: !isLong && newline === -1 && next >= size && !ended });
    continues = isLong;
    at = next;
  }
  return { lines, to: at };
}

async function endsLine(place: LogPlace, offset: number): Promise<boolean> {
  return (await read(place, offset - 1, 1)).bytes[0] === NEWLINE;
}

async function before(place: LogPlace, offset: number): Promise<Uint8Array> {
  const begin = Math.max(0, offset - BORDER);
  return (await read(place, begin, offset - begin)).bytes;
}

/** A piece of a line. Where a secret lies across one of its ends, what is near that end is left out. */
function textBetween(bytes: Uint8Array, after: Uint8Array | undefined, earlier: Uint8Array | undefined, mask: Mask): string {
  const text = textOf(bytes);
  if (mask === undefined) return text;
  const crosses = (left: string, right: string): boolean => mask(left + right) !== mask(left) + mask(right);
  const withEnd = after !== undefined && crosses(text.slice(-BORDER), textOf(after)) ? `${text.slice(0, -BORDER)}***` : text;
  const whole = earlier !== undefined && crosses(textOf(earlier), text.slice(0, BORDER)) ? `***${withEnd.slice(BORDER)}` : withEnd;
  return mask(whole);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** `piece`: the text of a part of a line, which is no stream command whatever it begins with. */
function recordOf(place: LogPlace, line: Uint8Array, piece: string | undefined, mask: Mask): Pick<LogLine, 'stream' | 'text' | 'time'> {
  if (place.channel === 'records') return codeRecord(textOf(line), mask);
  const { channel, instance } = place;
  if (piece !== undefined) return { stream: channel === 'stderr' ? 'error' : 'output', text: piece, time: null };
  const bytes = line.at(-1) === 13 ? line.subarray(0, -1) : line;
  const { stream, value } = cutRecord(bytes, channel, instance.run);
  const text = stream === 'output' || channel === 'stderr' ? textOf(bytes) : wordsOf(value);
  return { stream, text: mask === undefined ? text : mask(text), time: null };
}

/** A line that is no record of ours is shown as it is. */
function codeRecord(text: string, mask: Mask): Pick<LogLine, 'stream' | 'text' | 'time'> {
  const record = parsed(text);
  if (record === undefined) return { stream: 'output', text: mask === undefined ? text.slice(0, LONG) : mask(text).slice(0, LONG), time: null };
  const shown = mask === undefined ? record : maskedRecord(record, mask);
  return { stream: shown.stream, text: wordsOf(shown.value).slice(0, LONG), time: shown.at };
}

function parsed(text: string): StoredRecord | undefined {
  try {
    const { seq, at, stream, value } = JSON.parse(text) as { seq?: unknown; at?: unknown; stream?: unknown; value?: unknown };
    if (typeof seq !== 'number' || !STREAM_NAMES.includes(stream as StreamName) || value === undefined) return undefined;
    return { seq, at: typeof at === 'string' ? new Date(at) : null, stream, value } as StoredRecord;
  } catch {
    return undefined;
  }
}

/** A value as a line: a text is itself, of a record its message, anything else JSON. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { message, activity, status, percent } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof message === 'string') return message;
  if (typeof activity === 'string') return [activity, status, percent === undefined ? undefined : `${String(percent)} %`].filter((part) => part !== undefined && part !== '').join(' ');
  return JSON.stringify(message ?? value) ?? '';
}

/** Bytes are letters here, one each: a place in the text is a place in the file. */
async function searchBytes(place: LogPlace, text: string, from: number, limit: number): ReturnType<Logs['search']> {
  const wanted = lower(Buffer.from(text, 'utf8').toString('latin1'));
  const { size } = await read(place, 0, 0);
  const found: number[] = [];
  let at = from;
  for (; at < Math.min(size, from + SEARCHED) && found.length < limit; ) {
    const { bytes } = await read(place, at, CHUNK + LONG);
    const letters = lower(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
    let searched = Math.min(CHUNK, letters.length);
    for (let hit = letters.indexOf(wanted); hit !== -1 && hit < CHUNK && found.length < limit; ) {
      found.push(at + hit);
      const lineEnd = letters.indexOf('\n', hit);
      const next = lineEnd === -1 ? Math.max(hit + 1, letters.length - wanted.length) : lineEnd + 1;
      searched = Math.max(searched, Math.min(next, letters.length));
      hit = letters.indexOf(wanted, next);
      if (found.length === limit) searched = Math.min(next, letters.length);
    }
    at += searched;
    await breathe();
  }
  const matches = await Promise.all(found.map((hit) => lineAround(place, hit)));
  return { matches, next: at >= size ? undefined : at, size };
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The line, or the piece of a long one, in which a byte lies. */
async function lineAround(place: LogPlace, offset: number): Promise<{ readonly at: number; readonly text: string }> {
  const begin = Math.max(0, offset - LONG);
  const { bytes } = await read(place, begin, offset - begin + 1_024);
  const lineBefore = bytes.subarray(0, offset - begin).lastIndexOf(NEWLINE);
  const at = lineBefore === -1 ? (begin === 0 ? 0 : Math.floor(offset / LONG) * LONG) : begin + lineBefore + 1;
  const end = bytes.indexOf(NEWLINE, offset - begin);
  const text = textOf(bytes.subarray(at - begin, end === -1 ? bytes.length : end));
  return { at, text: text.length <= 1_000 ? text : text.slice(Math.max(0, offset - at - 200), offset - at + 800) };
}

/** In what people may see: a search must not tell what is masked. */
async function searchLines(place: LogPlace, text: string, from: number, limit: number, mask: Mask): ReturnType<Logs['search']> {
  const wanted = lower(text);
  const { size } = await read(place, 0, 0);
  const matches: { at: number; text: string }[] = [];
  let at = await aligned(place, from, size);
  while (at < Math.min(size, from + SEARCHED) && matches.length < limit) {
    const { lines, to } = await linesIn(place, at, Math.min(size, at + CHUNK), size, isEnded(place), mask);
    let next = to;
    for (const line of lines) {
      if (!lower(line.text).includes(wanted)) continue;
      if (matches.length === limit) {
        next = line.at;
        break;
      }
      matches.push({ at: line.at, text: line.text.slice(0, 1_000) });
    }
    if (next <= at) break;
    at = next;
    await breathe();
  }
  return { matches, next: at >= size ? undefined : at, size };
}

async function* bytesOf(place: LogPlace, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; !signal.aborted; ) {
    const { bytes } = await read(place, at, 262_144);
    if (bytes.length === 0) return;
    at += bytes.length;
    yield bytes;
  }
}

/** By lines, as they are shown: what is raw there is masked here. */
async function* maskedBytes(place: LogPlace, mask: (text: string) => string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let pending = '';
  const decoder = new TextDecoder();
  for await (const bytes of bytesOf(place, signal)) {
    pending += decoder.decode(bytes, { stream: true });
    const end = splitOf(pending, mask);
    if (end === 0) continue;
    yield Buffer.from(mask(pending.slice(0, end)));
    pending = pending.slice(end);
  }
  yield Buffer.from(mask(pending + decoder.decode()));
}

/** Where a text can be cut with no secret across the cut: behind a line, or in a long one wherever masking both parts is masking the whole. */
function splitOf(text: string, mask: (text: string) => string): number {
  const lineEnd = text.lastIndexOf('\n') + 1;
  if (lineEnd > 0 || text.length < CHUNK) return lineEnd;
  for (let end = text.length - BORDER; end > text.length - 16 * BORDER; end -= 997) {
    const [left, right] = [text.slice(end - BORDER, end), text.slice(end, end + BORDER)];
    if (mask(left + right) === mask(left) + mask(right)) return end;
  }
  return 0;
}
