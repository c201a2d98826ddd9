import { isUtf8 } from 'node:buffer';
import type { Complaint } from './complaint.ts';
import { LIMITS } from './limits.ts';

/** A carriage return counts as part of a line end only. */
const CONTROL = /(?![\t\n]|\r\n)\p{Cc}/u;

const UTF8 = new TextDecoder();

/** Bytes of a file as text without BOM. With a complaint the text serves to show the place, nothing else. */
export interface Decoded {
  readonly text: string;
  readonly complaint?: Complaint;
}

export function decodeText(bytes: Uint8Array): Decoded {
  const text = UTF8.decode(bytes.subarray(0, LIMITS.bytes));
  const complaint = tooLong(bytes, text) ?? notUtf8(bytes, text) ?? controlCharacter(text);
  return complaint === undefined ? { text } : { text, complaint };
}

function tooLong(bytes: Uint8Array, text: string): Complaint | undefined {
  if (bytes.length <= LIMITS.bytes) return undefined;
  return { code: 'DefinitionTooLarge', message: `the file has more than ${LIMITS.bytes / 1024} KiB`, start: text.length, end: text.length };
}

function notUtf8(bytes: Uint8Array, text: string): Complaint | undefined {
  if (isUtf8(bytes)) return undefined;
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const start = wide ? 0 : firstReplaced(bytes, text);
  const message = wide ? 'the file is UTF-16; a definition is UTF-8' : 'this byte is not UTF-8';
  return { code: 'DefinitionSyntaxError', message, hint: 'save the file as UTF-8', start, end: start + 1 };
}

/** Where the decoder put U+FFFD for a byte, and not for the bytes EF BF BD that mean it. */
function firstReplaced(bytes: Uint8Array, text: string): number {
  let byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) as number;
    if (point === 0xfffd && !(bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd)) return at;
    byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (point >= 0x10000) at++;
  }
  return text.length;
}

function controlCharacter(text: string): Complaint | undefined {
  const at = text.search(CONTROL);
  if (at === -1) return undefined;
  return { code: 'DefinitionSyntaxError', message: `the control character ${codePoint(text, at)} is not allowed`, start: at, end: at + 1 };
}

/** "U+001B" */
export function codePoint(text: string, at: number): string {
  return `U+${(text.codePointAt(at) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}
