import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A UUIDv7 (RFC 9562, section 5.7). The randomness is read by hand: loading node:crypto costs a sixth of an empty Node
 * process. Where there is no /dev/urandom, Web Crypto gives it.
 */
export function newInstanceId(): string {
  const bytes = randomBytes();
  const milliseconds = Date.now();
  for (let index = 0; index < 6; index++) bytes[index] = Math.floor(milliseconds / 2 ** (8 * (5 - index))) & 0xff;
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Read ahead: a job and its child need one each, and a program may start many. */
let ahead = new Uint8Array(16 * 16);
let used = ahead.length;
/** Bytes that are read at a time by who has needed more than a few. */
const MANY = 16 * 512;
let hasRead = false;

function randomBytes(): Uint8Array {
  if (used === ahead.length) {
    if (hasRead && ahead.length < MANY) ahead = new Uint8Array(MANY);
    fill(ahead);
    hasRead = true;
    used = 0;
  }
  used += 16;
  return ahead.slice(used - 16, used);
}

function fill(bytes: Uint8Array<ArrayBuffer>): void {
  try {
    const source = openSync('/dev/urandom', 'r');
    try {
      if (readSync(source, bytes) === bytes.length) return;
    } finally {
      closeSync(source);
    }
  } catch {
    // No such device on this system.
  }
  globalThis.crypto.getRandomValues(bytes);
}
