import type { DefinitionStore } from '@nightshift/sdk';
import { openBook } from '../durable-book.ts';
import type { HostStores } from '../stores.ts';

/** The numbers of triggers, by the definition's key: one that was given once is not given again. Source: scheduled-jobs.md 12.1. */
export interface TriggerIds {
  /** For `count` new triggers beside those that have the ids `used`. Of a definition without triggers, numbering begins at 1. */
  next(key: string, used: readonly number[], count: number): Promise<readonly number[]>;
  /** Before some of `used` go: those that go last are the highest that anybody has seen. */
  remember(key: string, used: readonly number[]): Promise<void>;
  /** After all of them went. */
  forget(key: string): Promise<void>;
}

export function createTriggerIds(stores: HostStores): TriggerIds {
  const definitions = (): DefinitionStore => openBook(stores).definitions;
  return {
    async next(key, used, count) {
      if (used.length === 0) await definitions().forgetTriggerIds(key);
      return definitions().nextTriggerIds(key, used, count);
    },
    async remember(key, used) {
      await definitions().nextTriggerIds(key, used, 0);
    },
    forget: (key) => definitions().forgetTriggerIds(key),
  };
}
