import type { Cursor, Instance, InstanceQuery, NewInstance, NextAttempt, ProcessIdentity, Reading, ReadRequest, ReadResult, Transition } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { exerciseJobStore, type TestRunner } from '../src/index.ts';
import { MemoryStore } from '../src/memory/memory-store.ts';

/** Faults that authors of stores make, each over a store without one. */
const PLANTED: Readonly<Record<string, new () => MemoryStore>> = {
  'takes an instance id twice': class extends MemoryStore {
    override insert(parent: NewInstance, children: readonly NewInstance[]): Promise<readonly Instance[]> {
      return super.insert(parent, children).catch(() => super.insert({ ...parent, instanceId: `${parent.instanceId}-2` }, []));
    }
  },
  'makes those changes of a transition that it can': class extends MemoryStore {
    override async transition(changes: readonly Transition[]): Promise<boolean> {
      const answers = await Promise.all(changes.map((change) => super.transition([change])));
      return answers.every(Boolean);
    }
  },
  'looks first and sets later': class extends MemoryStore {
    override async transition(changes: readonly Transition[]): Promise<boolean> {
      for (const { instanceId, from } of changes) if (!from.includes((await this.find({ instanceIds: [instanceId] }))[0]?.state ?? 'Failed')) return false;
      return super.transition(changes.map((change) => ({ ...change, from: ['NotStarted', 'Running', 'Completed', 'Failed', 'Stopped', 'Stopping'] })));
    }
  },
  'does not compare the attempt': class extends MemoryStore {
    override transition(changes: readonly Transition[]): Promise<boolean> {
      return super.transition(changes.map(({ attempt: _attempt, ...change }) => change));
    }
  },
  'finds names with their case alone': class extends MemoryStore {
    override async find(query: InstanceQuery): Promise<readonly Instance[]> {
      return (await super.find(query)).filter(({ name }) => query.names?.includes(name) !== false);
    }
  },
  'finds the newest first': class extends MemoryStore {
    override async find(query: InstanceQuery): Promise<readonly Instance[]> {
      const found = await super.find(query);
      return query.newest === undefined ? found : found.toReversed();
    }
  },
  'takes an empty list for no condition': class extends MemoryStore {
    override find(query: InstanceQuery): Promise<readonly Instance[]> {
      return super.find(Object.fromEntries(Object.entries(query).filter(([, value]) => !Array.isArray(value) || value.length > 0)));
    }
  },
  'gives a waiting run to whoever asks': class extends MemoryStore {
    override async takeUp(instance: Instance, holder: ProcessIdentity): Promise<Instance | undefined> {
      return (await super.takeUp(instance, holder, true)) ?? (await this.find({ instanceIds: [instance.instanceId] }))[0];
    }
  },
  'closes an attempt of a run that is to be stopped': class extends MemoryStore {
    override async nextAttempt(next: NextAttempt): Promise<boolean> {
      await super.nextAttempt(next);
      return true;
    }
  },
  'gives more records than were asked for': class extends MemoryStore {
    override read(instance: Instance, request: ReadRequest): Promise<ReadResult> {
      return super.read(instance, { ...request, limit: request.limit + 1 });
    }
  },
  'consumes the records of all streams': class extends MemoryStore {
    override async read(instance: Instance, request: ReadRequest): Promise<ReadResult> {
      const { records, more, drained } = await super.read(instance, request);
      const { cursor } = await super.read(instance, { ...request, streams: ['output', 'error', 'warning', 'verbose', 'debug', 'information', 'progress'] });
      return { records, more, drained, cursor };
    }
  },
  'forgets where a reader was': class extends MemoryStore {
    override async read(instance: Instance, request: ReadRequest): Promise<ReadResult> {
      return { ...(await super.read(instance, request)), cursor: '' as Cursor };
    }
  },
  'forgets what was once delivered': class extends MemoryStore {
    readonly #last = new Map<string, Reading>();
    override async saveReading(instanceId: string, reading: Reading): Promise<void> {
      this.#last.set(instanceId, reading);
    }
    override async reading(instanceIds: readonly string[]): Promise<ReadonlyMap<string, Reading>> {
      return new Map([...this.#last].filter(([instanceId]) => instanceIds.includes(instanceId)));
    }
  },
  'keeps the oldest and lets the newest go': class extends MemoryStore {
    override async finishedBeyond(definitionKey: string, keep: number): Promise<readonly Instance[]> {
      const all = await super.finishedBeyond(definitionKey, 0);
      return all.slice(keep * 2);
    }
  },
  'lets a job go without its children': class extends MemoryStore {
    override async finishedBeyond(definitionKey: string, keep: number): Promise<readonly Instance[]> {
      return (await super.finishedBeyond(definitionKey, keep)).filter(({ parentId }) => parentId === undefined);
    }
  },
  'lets a job join one that has ended': class extends MemoryStore {
    override insert({ parentInstanceId, ...parent }: NewInstance, children: readonly NewInstance[]): Promise<readonly Instance[]> {
      return super.insert(parent, children);
    }
  },
};

async function firstFailure(Store: new () => MemoryStore): Promise<string | undefined> {
  const tests: { readonly title: string; readonly body: () => Promise<void> }[] = [];
  const collect: TestRunner = { describe: (_title, body) => body(), test: (title, body) => void tests.push({ title, body }), skip: () => {} };
  exerciseJobStore(collect, {
    open: async () => new Store(),
    async record(store, instance, records) {
      for (const record of records) store.append(instance, 'streams', record);
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

describe('a store', () => {
  test.each(Object.entries(PLANTED))('that %s is found out', async (_fault, Store) => {
    expect(await firstFailure(Store)).toBeDefined();
  });

  test('without a fault passes', async () => {
    expect(await firstFailure(MemoryStore)).toBeUndefined();
  });
});
