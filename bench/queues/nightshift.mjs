// The engine as a worker uses it: leases for as many as there are slots, a hint or a quarter of a second when there is nothing.
import { Client } from 'pg';
import engine from '../../plugins/engine-pgboss/dist/index.js';

const [pgboss] = engine.engines;
const SLOTS = 20;
const POLL = 250;
const clock = { now: () => new Date(), monotonic: () => performance.now(), sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) };
const options = (connection) => ({ connection, schema: 'bench', lease: 10_000, demand: 'durable', keepDays: 400, acceptDataLoss: false });
const open = (connection) => pgboss.open(options(connection), { clock, namespace: 'bench' });
let made = 0;

export async function nightshift(connection) {
  const producer = open(connection);
  return {
    share: 1,
    async enqueue() {
      const parent = newId();
      await producer.store.insert(
        { instanceId: parent, type: 'BackgroundJob', command: 'true', origin: { kind: 'demand', runNow: true } },
        [{ instanceId: newId(), type: 'BackgroundJob', command: 'true', origin: { kind: 'parent' }, run: { carries: parent }, launch: '{"argv":["true"]}' }],
      );
    },
    analyze: () => analyze(connection),
    async work(workers, ended, failed) {
      const stopped = new AbortController();
      const engines = Array.from({ length: workers }, () => open(connection));
      const loops = engines.map((one, index) => loop(one, `host-${index}`, stopped.signal, ended).catch(failed));
      return {
        async stop() {
          stopped.abort();
          await Promise.all(loops);
          for (const one of engines) await one[Symbol.asyncDispose]();
        },
      };
    },
    close: () => producer[Symbol.asyncDispose](),
  };
}

async function loop({ queue, store }, host, signal, ended) {
  let wake = () => {};
  const listening = (async () => {
    for await (const _ of store.watch(signal)) wake();
  })();
  while (!signal.aborted) {
    // Before the look: what is told between the look and the wait is not missed.
    const hint = new Promise((resolve) => (wake = resolve));
    const leases = await queue.acquire({ host, routes: ['default'], slots: SLOTS });
    await Promise.all(leases.map((lease) => settle(queue, lease, ended)));
    if (leases.length === 0) await waited(hint, signal);
  }
  await listening;
}

async function settle(queue, lease, ended) {
  const endTime = new Date();
  const transitions = [lease.instance, lease.job].map(({ instanceId }) => ({ instanceId, from: ['NotStarted'], to: 'Completed', beginTime: endTime, endTime, exitCode: 0 }));
  if (!(await queue.settle(lease, { transitions }))) throw new Error('a lease was lost');
  ended();
}

async function waited(hint, signal) {
  let timer;
  const pause = new Promise((resolve) => {
    timer = setTimeout(resolve, POLL);
    signal.addEventListener('abort', resolve, { once: true });
  });
  await Promise.race([hint, pause]);
  clearTimeout(timer);
}

function newId() {
  made += 1;
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`;
}

/** What the server does by itself within a minute. */
export async function analyze(connection) {
  const client = new Client(connection);
  await client.connect();
  await client.query('ANALYZE');
  await client.end();
}
