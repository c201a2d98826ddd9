import type { HostStores } from '../stores.ts';
import { openFirings } from '@nightshift/store';

/** The numbers of triggers, by the definition's key: one that was given once is not given again. Source: scheduled-jobs.md 12.1. */
export interface TriggerIds {
  /** For `count` new triggers beside those that have the ids `used`. Of a definition without triggers, numbering begins at 1. */
  next(key: string, used: readonly number[], count: number): Promise<readonly number[]>;
  /** Before some of `used` go: those that go last are the highest that anybody has seen. */
  remember(key: string, used: readonly number[]): Promise<void>;
  /** After all of them went. */
  forget(key: string): Promise<void>;
}

export function createTriggerIds(stores: Pick<HostStores, 'openDurable' | 'parts'>): TriggerIds {
  const firings = (): ReturnType<typeof openFirings> => openFirings(stores.openDurable(), stores.parts.ids);
  return {
    async next(key, used, count) {
      if (used.length === 0) await firings().forgetTriggerIds(key);
      return firings().nextTriggerIds(key, used, count);
    },
    async remember(key, used) {
      await firings().nextTriggerIds(key, used, 0);
    },
    forget: (key) => firings().forgetTriggerIds(key),
  };
}
