import type { RunFacts, StoredRecord } from '@nightshift/sdk';
import { streamCommand } from './stream-commands.ts';

const COLON = 58;

/** A record, without its place. `firstWarning`: one more record, of the stream Warning, follows the first line of a run that has one. */
export type CutRecord = Pick<StoredRecord, 'stream' | 'value' | 'bytes'> & { readonly firstWarning?: string };

/**
 * The record of one line of a command. stdout is Output but for stream commands, stderr is Error. Output keeps its bytes:
 * what is no UTF-8 must come out as it went in.
 */
export function cutRecord(line: Uint8Array, channel: 'stdout' | 'stderr', facts: RunFacts | undefined): CutRecord {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
  if (channel === 'stderr') return { stream: 'error', value: { message: text }, bytes: line };
  if (line[0] === COLON && line[1] === COLON && facts?.streamCommands !== false) {
    const command = streamCommand(text);
    if (command !== undefined) return command;
  }
  if (facts?.outputFormat === 'ndjson') return jsonRecord(text, line);
  return { stream: 'output', value: text, bytes: line };
}

/** A line that is not JSON is kept as a text, and the first one of a run is told of. Source: jobs.md 4.6. */
function jsonRecord(text: string, bytes: Uint8Array): CutRecord {
  try {
    return { stream: 'output', value: JSON.parse(text) as unknown };
  } catch {
    return { stream: 'output', value: text, bytes, firstWarning: `a line of the output is not JSON and is kept as text: ${text.slice(0, 80)}` };
  }
}
