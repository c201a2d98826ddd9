// The tar format, as much of it as a snapshot needs. An archive is a row of members and two blocks of zeros; a member
// is a header block of 512 bytes and its content, filled up with zeros to whole blocks:
//
//   | pax header | records | | header | content ...... | 0 | | header | content | ... | zeros | zeros |
//     `--- only where needed ---'
//
// The header (ustar, POSIX.1-1988) has room for 100 bytes of name and 8 GiB of size. What does not fit stands in
// records such as `30 path=some/long/name...` of a member of type x in front of it (pax, POSIX.1-2001).
//
// Names are bytes in latin1 strings. A pax path is UTF-8 by definition; a name that is not UTF-8 therefore stays in
// the plain header, which has no such rule, and only when it is too long for that goes into a record marked
// `hdrcharset=BINARY` (GNU tar reads it rightly but remarks that it does not know the keyword).

import { isUtf8 } from 'node:buffer';

export const BLOCK = 512;
export const FILE = '0';
export const LINK = '2';
const PAX = 'x';

const NAME_ROOM = 100;
const NUMBER_LIMIT = 8 ** 11;
const PAX_LIMIT = 1024 * 1024;

/** The header of a member `{ name, type, size, mode, mtime, linkName }`, with pax records where it needs them. */
export function headerOf(member) {
  const records = Buffer.from(paxRecordsOf(member), 'latin1');
  if (records.length === 0) return ustarHeader(member);
  const pax = { name: 'PaxHeaders/next', type: PAX, size: records.length, mode: 0o644, mtime: 0, linkName: '' };
  return Buffer.concat([ustarHeader(pax), records, paddingOf(records.length), ustarHeader(member)]);
}

/** The zeros that follow a content of that size. */
export const paddingOf = (size) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

export const endOfArchive = () => Buffer.alloc(2 * BLOCK);

function paxRecordsOf({ name, linkName, size }) {
  const texts = [['path', name], ['linkpath', linkName]].filter(([, text]) => needsPax(text));
  const binary = texts.some(([, text]) => !isUtf8(Buffer.from(text, 'latin1')));
  const records = [
    ...(binary ? [['hdrcharset', 'BINARY']] : []),
    ...texts,
    ...(size >= NUMBER_LIMIT ? [['size', String(size)]] : []),
  ];
  return records.map(([key, value]) => paxRecord(key, value)).join('');
}

function needsPax(text) {
  if (text.length > NAME_ROOM) return true;
  const isAscii = !/[\x80-\xff]/.test(text);
  return !isAscii && isUtf8(Buffer.from(text, 'latin1'));
}

// A record begins with its own length, which counts its own digits.
function paxRecord(key, value) {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (`${length}${rest}`.length > length) length = `${length}${rest}`.length;
  return `${length}${rest}`;
}

function ustarHeader({ name, type, size, mode, mtime, linkName }) {
  const header = Buffer.alloc(BLOCK);
  // A cut name is only for readers without pax; a slash at its end would make it a folder to some.
  header.write(name.slice(0, NAME_ROOM).replace(/\/$/, ''), 0, 'latin1');
  writeOctal(header, 100, 8, mode);
  writeOctal(header, 108, 8, 0); // owner and group: whoever unpacks
  writeOctal(header, 116, 8, 0);
  writeOctal(header, 124, 12, size < NUMBER_LIMIT ? size : 0);
  writeOctal(header, 136, 12, Math.min(Math.max(mtime, 0), NUMBER_LIMIT - 1));
  header.write(type, 156, 'latin1');
  header.write(linkName.slice(0, NAME_ROOM), 157, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  writeOctal(header, 148, 7, checksumOf(header));
  header[155] = 0x20; // six digits, NUL, space: so it has always been written
  return header;
}

const writeOctal = (header, at, width, number) => header.write(number.toString(8).padStart(width - 1, '0'), at, 'latin1');

// The checksum's own eight bytes count as spaces.
const checksumOf = (header) => header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);

/**
 * The members of an archive, `{ name, type, size, mode, linkName, content }`, where `content` is an async iterable to
 * be read before the next member is asked for. Reads to the very end, so that gunzip gets to compare its own sum.
 */
export async function* readTar(chunks) {
  const source = new ByteSource(chunks);
  let records = {};
  for (let block = await source.exactly(BLOCK); !isZero(block); block = await source.exactly(BLOCK)) {
    const header = parseHeader(block);
    if (header.type === PAX) {
      records = await readRecords(source, header.size);
      continue;
    }
    yield* oneMember(source, { ...header, ...records });
    records = {};
  }
  if (!isZero(await source.exactly(BLOCK))) throw new Error('the end of the archive is damaged');
  await source.skipRest();
}

async function* oneMember(source, member) {
  const content = source.pieces(member.size);
  yield { ...member, content };
  for await (const piece of content) void piece; // what the reader did not want
  await source.exactly(paddingOf(member.size).length);
}

const isZero = (block) => block.every((byte) => byte === 0);

function parseHeader(block) {
  if (readOctal(block, 148, 8) !== checksumOf(block)) throw new Error('a header is damaged');
  return {
    name: readText(block, 0),
    type: String.fromCharCode(block[156]),
    mode: readOctal(block, 100, 8),
    size: readOctal(block, 124, 12),
    linkName: readText(block, 157),
  };
}

const readOctal = (block, at, width) => Number.parseInt(block.toString('latin1', at, at + width), 8);

const readText = (block, at) => block.toString('latin1', at, at + NAME_ROOM).split('\0', 1)[0];

async function readRecords(source, size) {
  if (size > PAX_LIMIT) throw new Error('a header is longer than any name can be');
  let rest = (await source.exactly(size + paddingOf(size).length)).toString('latin1', 0, size);
  const found = {};
  while (rest !== '') {
    const length = Number.parseInt(rest, 10);
    const [, key, value] = /^\d+ ([^=]+)=(.*)\n$/s.exec(rest.slice(0, length)) ?? [];
    if (key === undefined) throw new Error('a header is damaged');
    found[key] = value;
    rest = rest.slice(length);
  }
  return membersOwn(found);
}

const membersOwn = ({ path, linkpath, size }) => ({
  ...(path !== undefined && { name: path }),
  ...(linkpath !== undefined && { linkName: linkpath }),
  ...(size !== undefined && { size: Number(size) }),
});

/** Bytes in the portions that are asked for, out of chunks in whatever portions they come. */
class ByteSource {
  #chunks;
  #rest = Buffer.alloc(0);

  constructor(chunks) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async *pieces(size) {
    for (let left = size; left > 0; ) {
      await this.#fill();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async exactly(size) {
    return Buffer.concat(await Array.fromAsync(this.pieces(size)));
  }

  async skipRest() {
    this.#rest = Buffer.alloc(0);
    while (!(await this.#chunks.next()).done);
  }

  async #fill() {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) throw new Error('the archive ends too early');
      this.#rest = value;
    }
  }
}
