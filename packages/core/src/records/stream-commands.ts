import type { ProgressRecord, StoredRecord } from '@nightshift/sdk';

type Cut = Pick<StoredRecord, 'stream' | 'value'>;

const COMMAND = /^::(warning|verbose|debug|information|notice|error|progress)( [^:]*(?::(?!:)[^:]*)*)?::([\s\S]*)$/;

/**
 * The record of a line such as `::warning::text` or `::progress activity=A,percent=N::status`; undefined for a plain line.
 * Names are lower case; whatever only looks similar is plain Output. Source: jobs.md 4.3.
 */
export function streamCommand(line: string): Cut | undefined {
  const [, name, facts, text] = COMMAND.exec(line) ?? [];
  if (name === undefined || text === undefined) return undefined;
  if (name === 'progress') return progress(facts ?? '', text);
  if (facts !== undefined) return undefined;
  switch (name) {
    case 'error':
      return { stream: 'error', value: { message: text } };
    case 'information':
    case 'notice':
      return { stream: 'information', value: { message: text } };
    default:
      return { stream: name as 'warning' | 'verbose' | 'debug', value: text };
  }
}

const PROGRESS_FACTS = /^ activity=([^,]+),percent=(\d{1,3}(?:\.\d+)?)$/;

function progress(facts: string, status: string): Cut | undefined {
  const [, activity, percent] = PROGRESS_FACTS.exec(facts) ?? [];
  if (activity === undefined || Number(percent) > 100) return undefined;
  const record: ProgressRecord = { activity, percent: Number(percent), ...(status === '' ? {} : { status }) };
  return { stream: 'progress', value: record };
}
