/** Writes the records of a run of JavaScript, as `read-code.ts` reads them. */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StreamName } from '@nightshift/sdk';
import { attemptFolder, RUN_FILES } from './layout.ts';
import { openToRead } from './open-to-read.ts';
import { PIECE } from './output-source.ts';
import { NEWLINE, recordOf } from './read-code.ts';

/** A file of records that is being written. */
export interface RecordFile {
  /** Writes whole lines; `json` is the value. Throws what the system says, and has written nothing then. */
  append(records: readonly { readonly at: Date; readonly stream: StreamName; readonly json: string }[]): void;
  /** What was written survives a power cut. */
  sync(): void;
  close(): void;
}

/** Begins the records of an attempt; their numbers go on behind those of the attempts before it. */
export function openRecords(runFolder: string, attempt: number): RecordFile {
  const pathOf = (number: number): string => join(attemptFolder(runFolder, number), RUN_FILES.records);
  let seq = 0;
  for (let earlier = attempt - 1; earlier > 0 && seq === 0; earlier--) seq = lastSeq(pathOf(earlier));
  const file = openSync(pathOf(attempt), constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0), 0o600);
  let size = 0;
  return {
    append(records) {
      let text = '';
      for (const [index, { at, stream, json }] of records.entries()) text += `{"seq":${seq + index + 1},"at":"${at.toISOString()}","stream":"${stream}","value":${json}}\n`;
      const bytes = Buffer.from(text);
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      } catch (cause) {
        // Half a line would swallow the one behind it.
        ftruncateSync(file, size);
        throw cause;
      }
      size += bytes.length;
      seq += records.length;
    },
    sync: () => fsyncSync(file),
    close: () => closeSync(file),
  };
}

/** The number of the last record of an attempt; 0 where it wrote none. What is no record is passed over, and so is a torn line. */
function lastSeq(path: string): number {
  const file = openToRead(path);
  if (file === undefined) return 0;
  try {
    for (let end = (lastBreak(file, fstatSync(file).size) ?? -1) + 1; end > 0; ) {
      const start = (lastBreak(file, end - 1) ?? -1) + 1;
      const line = Buffer.allocUnsafe(end - 1 - start);
      readSync(file, line, 0, line.length, start);
      const record = recordOf(line.toString());
      if (record !== undefined) return record.seq;
      end = start;
    }
    return 0;
  } finally {
    closeSync(file);
  }
}

/** Offset of the last line end before `before`. */
function lastBreak(file: number, before: number): number | undefined {
  for (let end = before; end > 0; ) {
    const start = Math.max(0, end - PIECE);
    const bytes = Buffer.allocUnsafe(end - start);
    readSync(file, bytes, 0, bytes.length, start);
    const at = bytes.lastIndexOf(NEWLINE);
    if (at !== -1) return start + at;
    end = start;
  }
  return undefined;
}
