import { JobError, parseDuration, type JobErrorFacts } from '@nightshift/sdk';

/** `retention` as it stands in a file whose values are of the right kind. */
export interface RetentionValues {
  readonly storeCap?: string;
  readonly history?: string | 0;
  readonly historyRows?: number;
}

/** What the scheduler keeps: bytes, milliseconds, rows. */
export interface Retention {
  readonly storeCap: number;
  readonly history: number;
  readonly historyRows: number;
}

const DAY = 86_400_000;

/** Defaults: reliability specification, section 10. */
export function retentionOf({ storeCap = '10GB', history = '400d', historyRows = 10_000 }: RetentionValues = {}): Retention {
  return { storeCap: bytesOf(storeCap), history: parseDuration(String(history)), historyRows };
}

/** What no table of keys can say: a history of less than a day would forget what has just been decided. */
export function retentionFault({ history }: RetentionValues): JobErrorFacts | undefined {
  if (history === undefined || millisecondsOf(history) >= DAY) return undefined;
  return { code: 'DefinitionValueInvalid', message: `"history" is at least a day, not ${String(history)}`, hint: 'write 1d, or more' };
}

/** One that is no duration was complained about already. */
function millisecondsOf(history: string | 0): number {
  try {
    return parseDuration(String(history));
  } catch (cause) {
    if (cause instanceof JobError) return Infinity;
    throw cause;
  }
}

const POWERS = ['', 'k', 'm', 'g', 't'];

/** `10GB` is 10,000,000,000; `10GiB` is 10 times 1024 to the third. */
export function bytesOf(size: string): number {
  const [, number, prefix = '', binary] = /^([\d.]+) ?([kmgt]?)(i?)b$/i.exec(size) as unknown as [string, string, string?, string?];
  return Math.round(Number(number) * (binary ? 1_024 : 1_000) ** POWERS.indexOf(prefix.toLowerCase()));
}
