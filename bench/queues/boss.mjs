// pg-boss by itself: with its own workers, and with the smallest loop of ours. As durable as its commits; no history, no rows of ours.
import { PgBoss } from 'pg-boss';
import { analyze } from './nightshift.mjs';

const SLOTS = 20;
const POLL = 250;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** fetch() for as many as there are slots, and complete() for each of them, when it ends. */
export const bareLoop = (connection) => withBoss(connection, { queue: 'bare', share: 1 }, async (boss, queue, signal, ended) => {
  while (!signal.aborted) {
    const jobs = await boss.fetch(queue, { batchSize: SLOTS });
    await Promise.all(jobs.map(async (job) => {
      await boss.complete(queue, job);
      ended();
    }));
    if (jobs.length === 0) await pause(POLL);
  }
});

/** work(), as often as it may look, with as many jobs at once. It waits after each of them: a tenth of the jobs is enough to see it. */
export const pgBossWork = (connection) => withBoss(connection, { queue: 'work', share: 0.1 }, async (boss, queue, signal, ended) => {
  await boss.work(queue, { pollingIntervalSeconds: 0.5, localConcurrency: SLOTS }, async (jobs) => jobs.forEach(ended));
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await boss.offWork(queue, { wait: false });
});

async function withBoss(connection, { queue, share }, loop) {
  const open = async (migrate) => new PgBoss({ connectionString: connection, max: 6, supervise: false, schedule: false, migrate }).start();
  const producer = await open(true);
  await producer.createQueue(queue, { retryLimit: 0 });
  return {
    share,
    enqueue: () => producer.send(queue, { argv: ['true'] }),
    analyze: () => analyze(connection),
    async work(workers, ended, failed) {
      const stopped = new AbortController();
      const bosses = await Promise.all(Array.from({ length: workers }, () => open(false)));
      const loops = bosses.map((boss) => loop(boss, queue, stopped.signal, ended).catch(failed));
      return {
        async stop() {
          stopped.abort();
          await Promise.all(loops);
          for (const boss of bosses) await boss.stop({ graceful: false });
        },
      };
    },
    close: () => producer.stop({ graceful: false }),
  };
}
