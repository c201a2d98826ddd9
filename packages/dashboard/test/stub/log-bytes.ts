import type { LogLine, LogMatches, LogPiece, LogPlace } from '../../src/api.ts';

/** A file of bytes that need not exist: a gigabyte is a function of the place. */
export interface Bytes {
  readonly size: number;
  read(from: number, to: number): Buffer;
  /** Where the only matches are, where looking for them would take too long. */
  readonly matches?: readonly number[];
}

export function bytesOf(text: string): Bytes {
  const buffer = Buffer.from(text);
  return { size: buffer.length, read: (from, to) => buffer.subarray(from, to) };
}

const LINE = 64;

/** Lines of 64 bytes, each of which names its own number: `line 00000017 …`. */
export function numberedLines(size: number, needle?: number): Bytes {
  const lineAt = (line: number): string => `${`line ${String(line + 1).padStart(8, '0')}${line === needle ? ' needle' : ''} `.padEnd(LINE - 1, '.')}\n`;
  return {
    size,
    ...(needle === undefined ? {} : { matches: [needle * LINE] }),
    read(from, to) {
      const [first, last] = [Math.floor(from / LINE), Math.ceil(to / LINE)];
      const text = Array.from({ length: last - first }, (_, at) => lineAt(first + at)).join('');
      return Buffer.from(text).subarray(from - first * LINE, to - first * LINE);
    },
  };
}

const LONGEST = 65_536;

/** Whole lines around a place, as the contract has it. */
export function pieceOf(bytes: Bytes, place: LogPlace, query: URLSearchParams): LogPiece {
  const length = Number(query.get('bytes') ?? 65_536);
  const [from, before] = [query.get('from'), query.get('before')];
  const end = before === null ? bytes.size : Number(before);
  const begin = from === null ? Math.max(0, end - length) : Number(from);
  const first = lineStart(bytes, begin);
  const raw = bytes.read(first, Math.min(bytes.size, from === null ? end : Math.max(first + length, first + 1) + LONGEST));
  const lines: LogLine[] = [];
  let at = first;
  while (at - first < raw.length) {
    const newline = raw.indexOf(10, at - first);
    const stop = newline < 0 ? raw.length + first : first + newline;
    if (from !== null && at - first >= length && lines.length > 0) break;
    const text = raw.subarray(at - first, stop - first).toString();
    const stream = text.startsWith('::warning::') ? 'warning' : text.startsWith('::debug::') ? 'debug' : place.channel === 'stderr' ? 'error' : 'output';
    lines.push({ at, stream, text: text.replace(/^::\w+::/, ''), time: null, ...(newline < 0 ? { open: true as const } : {}) });
    at = newline < 0 ? stop : stop + 1;
  }
  return { apiVersion: 1, jobId: place.jobId, attempt: place.attempt, channel: place.channel, size: bytes.size, ended: place.ended, from: lines[0]?.at ?? first, to: at, lines };
}

function lineStart(bytes: Bytes, place: number): number {
  if (place === 0) return 0;
  const around = bytes.read(place - 1, Math.min(bytes.size, place + LONGEST));
  const newline = around.indexOf(10);
  return newline < 0 ? place : place + newline;
}

export function matchesOf(bytes: Bytes, query: URLSearchParams): LogMatches {
  const [text, from, limit] = [(query.get('text') ?? '').toLowerCase(), Number(query.get('from') ?? 0), Number(query.get('limit') ?? 100)];
  const end = Math.min(bytes.size, from + 67_108_864);
  if (bytes.matches !== undefined) return { apiVersion: 1, matches: bytes.matches.filter((at) => at >= from && at < end).map((at) => ({ at, text })), next: end >= bytes.size ? null : end, size: bytes.size };
  const matches: { readonly at: number; readonly text: string }[] = [];
  let at = from;
  for (const line of bytes.read(from, end).toString().split('\n')) {
    if (line.toLowerCase().includes(text) && line !== '') matches.push({ at, text: line.slice(0, 200) });
    at += Buffer.byteLength(line) + 1;
    if (matches.length === limit) return { apiVersion: 1, matches, next: at >= bytes.size ? null : at, size: bytes.size };
  }
  return { apiVersion: 1, matches, next: end >= bytes.size ? null : end, size: bytes.size };
}
