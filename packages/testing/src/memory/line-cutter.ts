import { cutRecord } from '@nightshift/core';
import type { Instance } from '@nightshift/sdk';
import type { MemoryStore } from './memory-store.ts';

const LINE_END = 10;

/** Makes records of what a program writes: whole lines as they come, what is left at its end. */
export class LineCutter {
  readonly #store: MemoryStore;
  readonly #instance: Instance;
  readonly #pending: Record<'stdout' | 'stderr', Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };

  constructor(store: MemoryStore, instance: Instance) {
    this.#store = store;
    this.#instance = instance;
  }

  hear(channel: 'stdout' | 'stderr', bytes: Uint8Array): void {
    let rest = Buffer.concat([this.#pending[channel], bytes]);
    for (let end = rest.indexOf(LINE_END); end !== -1; end = rest.indexOf(LINE_END)) {
      this.#write(channel, rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
    }
    this.#pending[channel] = rest;
  }

  finish(): void {
    for (const channel of ['stdout', 'stderr'] as const) {
      if (this.#pending[channel].length > 0) this.#write(channel, this.#pending[channel]);
      this.#pending[channel] = Buffer.alloc(0);
    }
  }

  #write(channel: 'stdout' | 'stderr', line: Uint8Array): void {
    const text = line.at(-1) === LINE_END ? line.subarray(0, line.at(-2) === 13 ? -2 : -1) : line;
    const { firstWarning: _firstWarning, bytes, ...record } = cutRecord(text, channel, this.#instance.run);
    this.#store.append(this.#instance, channel, { channel, at: null, ...record, ...(bytes === undefined ? {} : { bytes: line }) }, line);
  }
}
