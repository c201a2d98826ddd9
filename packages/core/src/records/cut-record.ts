import type { RunFacts, StoredRecord } from '@nightshift/sdk';
import { streamCommand } from './stream-commands.ts';

const COLON = 58;

/**
 * The record of one line of a command. stdout is Output but for stream commands, stderr is Error. Output keeps its bytes:
 * what is no UTF-8 must come out as it went in.
 */
export function cutRecord(line: Uint8Array, channel: 'stdout' | 'stderr', facts: RunFacts | undefined): Pick<StoredRecord, 'stream' | 'value' | 'bytes'> {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
  if (channel === 'stderr') return { stream: 'error', value: { message: text }, bytes: line };
  if (line[0] === COLON && line[1] === COLON && facts?.streamCommands !== false) {
    const command = streamCommand(text);
    if (command !== undefined) return command;
  }
  return { stream: 'output', value: text, bytes: line };
}
