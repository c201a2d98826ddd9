/** Lives the life of a job, or what is left of it: life.ts OPTIONS JOB-ID RUN-ID. */
import { openEngine } from '../../src/open.ts';
import type { PgbossOptions } from '../../src/options.ts';
import { live } from '../life.ts';
import { realTime } from '../real-time.ts';

const [options, jobId, runId] = process.argv.slice(2) as [string, string, string];
await using engine = openEngine(JSON.parse(options) as PgbossOptions, { clock: realTime, namespace: 'p' });
await live(engine, jobId, runId);
