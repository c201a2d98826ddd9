import type { Database } from './database.ts';

/** Wake-ups for whoever waits on another machine. They are told after the commit, in a transaction of their own, and may be lost: a NOTIFY inside ours would let all commits of the server wait for one another. */
export interface Hints {
  /** Something of these instances has changed; without any, something has. Returns at once. */
  tell(instanceIds?: readonly string[]): void;
  watch(signal: AbortSignal): AsyncIterable<{ readonly instanceId?: string }>;
  /** What was told is on its way. */
  settled(): Promise<void>;
}

/** A message holds 8,000 bytes; of more than these many instances nobody is named. */
const NAMED = 100;

export function hintsOn(database: Database): Hints {
  const channel = `${database.schema}_hint`;
  let pending = new Set<string>();
  let sending: Promise<void> | undefined;

  /** One message at a time; what is told meanwhile goes with the next. */
  async function send(): Promise<void> {
    while (pending.size > 0) {
      const named = [...pending];
      pending = new Set();
      const payload = named.length > NAMED || named.includes('') ? '' : named.join(' ');
      await database.query('SELECT pg_notify($1, $2)', [channel, payload]).catch(() => {});
    }
    sending = undefined;
  }

  return {
    tell(instanceIds = ['']) {
      for (const instanceId of instanceIds) pending.add(instanceId);
      if (pending.size > 0) sending ??= send();
    },
    async *watch(signal) {
      for await (const payload of database.listen(channel, signal)) {
        const named = payload === undefined || payload === '' ? [] : payload.split(' ');
        if (named.length === 0) yield {};
        for (const instanceId of named) yield { instanceId };
      }
    },
    settled: async () => sending,
  };
}
