// graphile-worker as its documentation runs it.
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Pool } from 'pg';
import { analyze } from './nightshift.mjs';

const SLOTS = 20;
const logger = new Logger(() => () => {});

/** Its own one goes on when it is told to stop, and takes the process along when the server goes. */
function openPool(connectionString) {
  const pool = new Pool({ connectionString, max: 6 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

export async function graphileWorker(connection) {
  const pgPool = openPool(connection);
  const producer = await makeWorkerUtils({ pgPool, logger });
  await producer.migrate();
  return {
    share: 1,
    enqueue: () => producer.addJob('bench', { argv: ['true'] }, { maxAttempts: 1 }),
    analyze: () => analyze(connection),
    async work(workers, ended) {
      const pools = Array.from({ length: workers }, () => openPool(connection));
      const runners = await Promise.all(pools.map((one) => run({ pgPool: one, concurrency: SLOTS, logger, noHandleSignals: true, pollInterval: 250, taskList: { bench: async () => ended() } })));
      return {
        async stop() {
          for (const runner of runners) await runner.stop();
          for (const pool of pools) await pool.end();
        },
      };
    },
    async close() {
      await producer.release();
      await pgPool.end();
    },
  };
}
