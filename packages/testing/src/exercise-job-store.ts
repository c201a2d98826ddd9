import type { Instance, JobStore } from '@nightshift/sdk';
import { skip, type TestRunner } from './runner.ts';
import { attempts } from './store/attempts.ts';
import type { StoreBench, StoreProperty, Written } from './store/bench.ts';
import { codeRecords } from './store/code-records.ts';
import { crashes } from './store/crashes.ts';
import { imports } from './store/imports.ts';
import { instances } from './store/instances.ts';
import { queries } from './store/queries.ts';
import { readers } from './store/readers.ts';
import { records } from './store/records.ts';
import { retention } from './store/retention.ts';
import { transitions } from './store/transitions.ts';

/** A store that is put to the test. */
export interface StoreSubject<Store extends JobStore = JobStore> {
  /** A new and empty one, for each test. */
  open(): Promise<Store>;
  /** The same store as it is found after a crash: nobody says goodbye. Default: the crash cases are listed as skipped. */
  reopen?(store: Store): Promise<Store>;
  /** Writes into a channel of a run what its command would write, whole lines. Default: the records of commands are listed as skipped. */
  print?(store: Store, instance: Instance, channel: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Writes records of a run of JavaScript, as its host would. Default: the records of such runs are listed as skipped. */
  record?(store: Store, instance: Instance, records: readonly Written[]): Promise<void>;
  /** False of a store whose runs are given out by a queue: what takes runs up is listed as skipped. Default true. */
  readonly takesUp?: boolean;
  /** Called with every store that was opened, at the end of its test. Default: nothing is done. */
  close?(store: Store): Promise<void>;
}

const CHAPTERS: Readonly<Record<string, readonly StoreProperty[]>> = {
  'a store of jobs': instances,
  'a transition': transitions,
  'a query': queries,
  'an attempt': attempts,
  'the records of a run': records,
  'the records of a run of JavaScript': codeRecords,
  'a reader': readers,
  'retention': retention,
  'an import': imports,
  'a crash': crashes,
};

/** The full suite against one store; firings are another port. Every property is a test of its own, on a store of its own. */
export function exerciseJobStore<Store extends JobStore>(runner: TestRunner, subject: StoreSubject<Store>): void {
  for (const [chapter, properties] of Object.entries(CHAPTERS)) {
    runner.describe(chapter, () => {
      for (const property of properties) {
        const { needs, takesUp, title } = property;
        if (takesUp === true && subject.takesUp === false) skip(runner, `${title}: a queue gives runs out`);
        else if (needs !== undefined && subject[needs] === undefined) skip(runner, `${title}: no \`${needs}\` was given`);
        else runner.test(title, () => checkOn(subject, property));
      }
    });
  }
}

async function checkOn<Store extends JobStore>(subject: StoreSubject<Store>, property: StoreProperty): Promise<void> {
  const opened: Store[] = [await subject.open()];
  const newest = (): Store => opened.at(-1) as Store;
  const bench: StoreBench = {
    store: newest(),
    print: async (instance, channel, text) => subject.print?.(newest(), instance, channel, text),
    record: async (instance, written) => subject.record?.(newest(), instance, written),
    async reopen() {
      opened.push(await (subject.reopen as NonNullable<StoreSubject<Store>['reopen']>)(newest()));
      return newest();
    },
  };
  try {
    await property.check(bench);
  } finally {
    for (const store of opened) await subject.close?.(store);
  }
}
