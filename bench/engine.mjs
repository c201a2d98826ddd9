// The queue of the PostgreSQL engine beside pg-boss's own work(), a bare loop over its fetch() and complete(), and graphile-worker:
// the same server, with every commit on the disk, one after the other in one run. Ours keeps more: two rows of history for each
// job, a place with its lease, and the fence. The figure compares it with the bare loop, the least that one could do with pg-boss.
import { startPostgres } from '../plugins/engine-pgboss/test/postgres.ts';
import { median } from './pairs.mjs';
import { bareLoop, pgBossWork } from './queues/boss.mjs';
import { graphileWorker } from './queues/graphile.mjs';
import { nightshift } from './queues/nightshift.mjs';

const JOBS = Number(process.env.ENGINE_JOBS ?? 1_000);
const WORKERS = [1, 2, 4];
const ROUNDS = 3;
/** Producers at once, each a job at a time. */
const PRODUCERS = 8;
const PICK_UPS = 30;

export async function bench() {
  // The server does not keep a process alive that uses it.
  const alive = setInterval(() => {}, 1_000);
  const server = await startPostgres({});
  try {
    const queues = {};
    for (const [name, open] of Object.entries({ nightshift, 'bare fetch': bareLoop, 'pg-boss work()': pgBossWork, 'graphile-worker': graphileWorker })) queues[name] = await open(server.connectionString);
    const measured = await measure(queues);
    for (const queue of Object.values(queues)) await queue.close();
    const at = WORKERS.at(-1);
    return {
      figure: median(measured.nightshift.drained[at].map((rate, round) => rate / measured['bare fetch'].drained[at][round])),
      atLeast: 0.3,
      what: `jobs drained a second by ${at} workers : by a bare loop over pg-boss`,
      details: Object.entries(measured).map(([name, { enqueued, pickUp, drained }]) => `${name}: enqueue ${Math.round(median(enqueued))}/s, pick-up ${pickUp.toFixed(1)} ms, drain ${Object.values(drained).map((rates) => Math.round(median(rates))).join('/')} jobs/s`).join('; '),
      measured,
    };
  } finally {
    await server.stop();
    clearInterval(alive);
  }
}

/** In turns, round after round: whatever else the machine does meets each of them. */
async function measure(queues) {
  const measured = Object.fromEntries(Object.keys(queues).map((name) => [name, { enqueued: [], drained: Object.fromEntries(WORKERS.map((workers) => [workers, []])), pickUp: 0 }]));
  for (const queue of Object.values(queues)) {
    await enqueue(queue, PRODUCERS);
    await drain(queue, 1, PRODUCERS);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const workers of WORKERS) {
      for (const [name, queue] of Object.entries(queues)) {
        const jobs = Math.round(JOBS * queue.share);
        measured[name].enqueued.push(jobs / (await seconds(() => enqueue(queue, jobs))));
        await queue.analyze();
        measured[name].drained[workers].push(jobs / (await drain(queue, workers, jobs)));
      }
    }
  }
  for (const [name, queue] of Object.entries(queues)) measured[name].pickUp = await pickUp(queue);
  return measured;
}

async function enqueue(queue, count) {
  let left = count;
  const producer = async () => {
    while (left-- > 0) await queue.enqueue();
  };
  await Promise.all(Array.from({ length: PRODUCERS }, producer));
}

/** Seconds until the last of `count` jobs has ended. */
async function drain(queue, workers, count) {
  return await seconds(async () => {
    const { promise, resolve, reject } = Promise.withResolvers();
    let left = count;
    const started = await queue.work(workers, () => void (--left === 0 && resolve()), reject);
    await promise;
    await started.stop();
  });
}

/** How long a job of an idle queue waits for the one host that is there. */
async function pickUp(queue) {
  const times = [];
  let arrived = () => {};
  const worker = await queue.work(1, () => arrived(), (cause) => { throw cause; });
  for (let n = 0; n < PICK_UPS; n += 1) {
    const picked = new Promise((resolve) => (arrived = resolve));
    // Somewhere between two looks of those that look at intervals.
    await new Promise((resolve) => setTimeout(resolve, 50 + ((n * 37) % 100)));
    await queue.enqueue();
    const committed = performance.now();
    await picked;
    times.push(performance.now() - committed);
  }
  await worker.stop();
  return median(times);
}

async function seconds(act) {
  const begin = performance.now();
  await act();
  return (performance.now() - begin) / 1_000;
}
