import type { Engine, Instance, JobQueue, Lease } from '@nightshift/sdk';
import { exerciseEngine, type TestRunner } from '@nightshift/testing';
import { describe, expect, test } from 'vitest';
import { enginesOfThisFile, type Opened } from './engines.ts';

type Parts = { readonly [Part in 'store' | 'queue' | 'output']?: Partial<Engine[Part]> };

const file = enginesOfThisFile();

/** Faults that authors of engines make, each over an engine without one, and the chapter and property that must find it. */
const PLANTED: Readonly<Record<string, readonly [found: RegExp, fault: (engine: Engine) => Parts]>> = {
  'gives what it has given once more': [/gives a run that was inserted to one host/, ({ queue }) => {
    const given: Lease[] = [];
    return { queue: { acquire: async (request) => given.length > 0 ? given : (given.push(...(await queue.acquire(request))), given) } };
  }],
  'takes an instance id for an error': [/has one place for a run that was inserted twice/, ({ store }) => ({
    store: {
      async insert(parent, children) {
        if ((await store.find({ instanceIds: [parent.instanceId] })).length > 0) throw new Error('it exists');
        return store.insert(parent, children);
      },
    },
  })],
  'takes the newest first': [/no more than there are slots for/, ({ queue }) => ({ queue: { acquire: async (request) => (await queue.acquire({ ...request, slots: request.slots * 100 })).toReversed().slice(0, request.slots) } })],
  'knows no priority': [/gives the highest priority first/, ({ store }) => ({ store: { insert: (parent, children) => store.insert(parent, children.map(({ priority: _priority, ...child }) => child)) } })],
  'gives runs out before their time': [/keeps a run until its time has come/, ({ store }) => ({ store: { insert: (parent, children) => store.insert(parent, children.map(({ notBefore: _notBefore, ...child }) => child)) } })],
  'knows no routes': [/runs of its routes only/, ({ queue }) => ({ queue: { acquire: (request) => queue.acquire({ ...request, routes: ['default', 'linux', 'linux+gpu'] }) } })],
  'knows no types': [/only types that it can run/, ({ queue }) => ({ queue: { acquire: ({ types: _types, ...request }) => queue.acquire(request) } })],
  'knows no caps': [/never lets more than its limit of a cap run/, ({ store }) => ({ store: { insert: (parent, children) => store.insert(parent, children.map(({ cap: _cap, ...child }) => child)) } })],
  'looks no further than the first few that wait': [/behind any number of runs whose caps are full/, ({ queue, store }) => ({
    queue: {
      async acquire(request) {
        const waiting = (await store.find({ states: ['NotStarted'] })).filter(({ fence = 0, run }) => run !== undefined && fence === 0);
        const first = waiting.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0)).slice(0, 10 + request.slots);
        return (await queue.acquire(request)).filter(({ instance }) => first.some(({ id }) => id === instance.id));
      },
    },
  })],
  'lets all run at once that queue': [/queues behind others of its definition/, ({ store }) => ({ store: { insert: (parent, children) => store.insert(parent, children.map(({ queued: _queued, ...child }) => child)) } })],
  'counts what waits as what runs': [/how many wait and how many run/, ({ queue }) => ({ queue: { depth: async (route) => ({ ...(await queue.depth(route)), active: (await queue.depth(route)).queued }) } })],
  'forgets what hosts run': [/knows the hosts/, ({ queue }) => ({ queue: { hosts: async () => (await queue.hosts()).map((host) => ({ ...host, running: 0 })) } })],
  'renews nothing': [/lasts as long as it is renewed/, () => ({ queue: { renew: async () => ({ lost: [], wishes: [] }) } })],
  'names no lease as lost': [/is lost: it is not renewed/, ({ queue }) => ({ queue: { renew: async (...words) => ({ ...(await queue.renew(...words)), lost: [] }) } })],
  'gives a lease that ran out to all who look': [/goes to one of many who look/, ({ queue }) => {
    const given: Lease[] = [];
    return { queue: { expired: async (host) => (given.push(...(await queue.expired(host))), given) } };
  }],
  'takes every result': [/is lost: it is not renewed/, ({ queue }) => ({ queue: { settle: async (...words) => (await queue.settle(...words)) || true } })],
  'ends a run and leaves its lease': [/with the last states of the run and its job, once/, ({ queue, store }) => ({ queue: { settle: async (lease, end) => ('transitions' in end ? (await store.transition(end.transitions)) || true : queue.settle(lease, end)) } })],
  'gives the next attempt out at once': [/not before its time, and the closed one is kept/, ({ queue }) => ({ queue: { settle: (lease, end) => queue.settle(lease, 'next' in end ? { next: { ...end.next, notBefore: new Date() } } : end) } })],
  'forgets the rest of an end that is refused': [/a change that the run does not allow/, ({ queue, store }) => ({
    queue: {
      async settle(lease, end) {
        const isSettled = await queue.settle(lease, end);
        if (!isSettled && 'transitions' in end) for (const change of end.transitions) await store.transition([change]);
        return isSettled;
      },
    },
  })],
  'tells no wishes': [/is told at the next renewal/, ({ queue }) => ({ queue: { renew: async (...words) => ({ ...(await queue.renew(...words)), wishes: [] }) } })],
  'tells a wish once': [/is told at the next renewal/, ({ queue }) => ({ queue: { renew: async (leases) => queue.renew(leases, leases.map(({ instance }) => instance.instanceId)) } })],
  'takes a wish away that it has not told': [/that came after the one that was fulfilled/, ({ queue }) => ({
    queue: {
      async renew(leases, fulfilled = []) {
        const { lost, wishes } = await queue.renew(leases, fulfilled);
        return { lost, wishes: wishes.filter(({ instanceId }) => !fulfilled.includes(instanceId)) };
      },
    },
  })],
  'lets one wait that is to be stopped': [/stops it and its job at once/, ({ store }) => ({ store: { wish: async (instanceId, wish) => (wish.wish === 'stop' ? true : store.wish(instanceId, wish)) } })],
  'takes wishes of what has ended': [/of a run that has ended is refused/, ({ store }) => ({ store: { wish: async (...words) => (await store.wish(...words)) || true } })],
  'appends once more what was sent twice': [/that is sent twice is there once/, ({ output }) => ({ output: { append: async (to, bytes) => output.append({ ...to, offset: await output.size(to) }, bytes) } })],
  'fills a gap with nothing': [/that would leave a gap/, ({ output }) => ({
    output: {
      async append(to, bytes) {
        const size = await output.size(to);
        return output.append({ ...to, offset: Math.min(size, to.offset) }, to.offset > size ? Buffer.concat([Buffer.alloc(to.offset - size), bytes]) : bytes);
      },
    },
  })],
  'says that the output of a host without a lease was written': [/of a host whose lease another has/, ({ output }) => ({ output: { append: async (...words) => (await output.append(...words), { is: 'written' }) } })],
  'adds to what has ended': [/of what has ended is whole/, ({ output, store }) => ({
    output: { append: async (to, bytes) => ((await store.find({ instanceIds: [to.instanceId], states: ['Completed'] })).length > 0 ? { is: 'written' } : output.append(to, bytes)) },
  })],
  'takes children from a host without a lease': [/adds no child to the run/, ({ store }) => ({ store: { insert: ({ fence: _fence, ...parent }, children) => store.insert(parent, children) } })],
  'mixes the attempts': [/of each attempt and each channel is kept apart/, ({ output }) => ({ output: { size: (of) => output.size({ ...of, attempt: 1 }), read: (from) => output.read({ ...from, attempt: 1 }) } })],
  'reads a segment further than asked': [/is read as it was written/, ({ output }) => ({ output: { read: (from) => output.read({ ...from, limit: from.limit + 1 }) } })],
  'forgets the output of what has ended': [/stays after the end of its job/, ({ output, store }) => ({ output: { read: async (from) => ((await store.find({ instanceIds: [from.instanceId], states: ['Completed'] })).length > 0 ? new Uint8Array() : output.read(from)) } })],
  'inserts first and queues later': [/a job that cannot be queued is not inserted/, ({ store }) => {
    const late: Instance[] = [];
    return {
      store: {
        insert: (parent, children) => store.insert(parent, children).catch(async (cause) => {
          late.push(...(await store.insert(parent, children.map(({ run: _run, ...child }) => child))));
          throw cause;
        }),
      },
    };
  }],
};

/** What the property that must find a fault says of it. */
async function complaint(found: RegExp, fault: (engine: Engine) => Parts): Promise<string | undefined> {
  const bodies: (() => Promise<void>)[] = [];
  const collect: TestRunner = { describe: (_title, body) => body(), test: (title, body) => void (found.test(title) && bodies.push(body)), skip: () => {} };
  const planted = async (opening: Promise<Opened>): Promise<Engine> => {
    const engine = await opening;
    const { store, queue, output } = fault(engine);
    return { ...engine, store: { ...engine.store, ...store }, queue: { ...engine.queue, ...queue } as JobQueue, output: { ...engine.output, ...output } };
  };
  exerciseEngine(collect, {
    has: ['queue', 'output'],
    features: { durable: true, shared: true },
    open: () => planted(file.openAgain()),
    another: () => planted(file.joinAgain()),
    reopen: () => planted(file.join()),
    jam: () => file.jam(),
  });
  if (bodies.length === 0) throw new Error(`no property is called ${String(found)}`);
  for (const body of bodies) {
    try {
      await body();
    } catch (cause) {
      return (cause as Error).message;
    }
  }
  return undefined;
}

describe('an engine', () => {
  test.each(Object.entries(PLANTED))('that %s is found out', async (_name, [found, fault]) => {
    expect(await complaint(found, fault)).toBeDefined();
  });
});
