import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutRecord } from '@nightshift/core';
import type { FiringDecision, FiringResult, FiringStore } from '@nightshift/sdk';
import { createIdCounter, durableLayout, openEmbeddedStore, openFirings, type EmbeddedStore } from '@nightshift/store';
import { describe, expect, test } from 'vitest';
import { exerciseEngine, type TestRunner } from '../src/index.ts';

type Fault = (firings: FiringStore, store: EmbeddedStore) => Partial<FiringStore>;

/** Faults that authors of engines make, each over firings without one. */
const PLANTED: Readonly<Record<string, Fault>> = {
  'writes a due time that has its word once more': (firings) => ({
    fire: (decisions) => firings.fire(decisions.map((decision) => ({ ...decision, firings: decision.firings.map((firing, index) => ({ ...firing, triggerId: firing.triggerId + 100 * (Math.floor(Math.random() * 1e6) + index) })) }))),
  }),
  'fires each decision in a transaction of its own, and stops at the first that is refused': (firings) => ({
    async fire(decisions) {
      const results: FiringResult[] = [];
      for (const decision of decisions) {
        const [result] = await firings.fire([decision]);
        if (result?.is !== 'fired') return decisions.map(() => result as FiringResult);
        results.push(result);
      }
      return results;
    },
  }),
  'does not look at the unfinished jobs': (firings) => ({ fire: (decisions) => firings.fire(decisions.map(({ unfinished: _unfinished, ...decision }): FiringDecision => decision)) }),
  'moves clocks from wherever they stand': (firings) => ({
    async fire(decisions) {
      const clocks = await firings.clocks();
      const stands = (definition: string, triggerId: number): (typeof clocks)[number] | undefined => clocks.find((clock) => clock.definition === definition && clock.triggerId === triggerId);
      return firings.fire(decisions.map((decision) => ({
        ...decision,
        clocks: decision.clocks.map(({ to, from }) => {
          const known = to ?? from;
          const found = known === undefined ? undefined : stands(known.definition, known.triggerId);
          return { ...(found === undefined ? {} : { from: found }), ...(to === undefined ? {} : { to }) };
        }),
      })));
    },
  }),
  'starts no job of run-now': (firings) => ({ fire: (decisions) => firings.fire(decisions.map(({ starts: _starts, ...decision }): FiringDecision => decision)) }),
  'makes a row of its own of what would lengthen another': (firings) => ({ fire: (decisions) => firings.fire(decisions.map((decision) => ({ ...decision, firings: decision.firings.map((firing) => ({ ...firing, lengthens: false })) }))) }),
  'lets what waited for an idle machine wait for ever': (firings) => ({ fire: (decisions) => firings.fire(decisions.map((decision) => ({ ...decision, firings: decision.firings.map((firing) => ({ ...firing, waited: false })) }))) }),
  'finds the oldest first': (firings) => ({ firings: async (query) => (await firings.firings(query)).toReversed() }),
  'finds firings of all definitions': (firings) => ({ firings: ({ definitions: _definitions, ...query }) => firings.firings(query) }),
  'voids nothing': () => ({ voidAfter: async () => 0 }),
  'voids due times and leaves the clocks ahead': (firings) => ({
    async voidAfter(definitions, after, now) {
      const [clock] = await firings.clocks(definitions);
      const voided = await firings.voidAfter(definitions, after, now);
      const [back] = await firings.clocks(definitions);
      if (clock !== undefined && back !== undefined) await firings.fire([{ definition: clock.definition, decidedAt: now, clocks: [{ from: back, to: clock }], firings: [] }]);
      return voided;
    },
  }),
  'forgets definitions that have a clock alone': (firings) => ({ definitions: async () => [...new Set((await firings.firings({ limit: 1_000 })).map(({ definition }) => definition))].toSorted() }),
};

async function firstFailure(fault: Fault): Promise<string | undefined> {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  const collect: TestRunner = { describe: (_title, body) => body(), test: (title, body) => void tests.push({ title, body }), skip: () => {} };
  exerciseEngine(collect, {
    async open() {
      const root = realpathSync(mkdtempSync(join(tmpdir(), 'planted-firings-')));
      const ids = createIdCounter(root);
      const store = openEmbeddedStore({ layout: durableLayout, synchronous: 'OFF', durable: true, root }, { ids, cutRecord, processes: { me: () => ({ host: 'h', boot: 'b', pid: 7, startTime: '7' }), isAlive: () => true } });
      const firings: FiringStore = openFirings(store, ids);
      return { store, ids, firings: { clocks: firings.clocks, definitions: firings.definitions, fire: firings.fire, firings: firings.firings, voidAfter: firings.voidAfter, ...fault(firings, store) } };
    },
    async close({ store, ids }) {
      ids.close();
      store.close();
      rmSync(store.root, { recursive: true });
    },
  });
  for (const { title, body } of tests) {
    try {
      await body();
    } catch {
      return title;
    }
  }
  return undefined;
}

describe('an engine', () => {
  test.each(Object.entries(PLANTED))('that %s is found out', async (_fault, plant) => {
    expect(await firstFailure(plant)).toBeDefined();
  });

  test('without a fault passes', async () => {
    expect(await firstFailure(() => ({}))).toBeUndefined();
  });
});
