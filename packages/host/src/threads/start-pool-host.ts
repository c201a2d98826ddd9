/** The file that Node is started with to be the host of a pool of thread jobs. */
import { systemClock } from '#system-clock';
import { runPoolHost } from './pool-host.ts';

const [, , pool = 'default'] = process.argv;
/** Milliseconds without a job. Source: jobs.md 16.5. */
const IDLE = 60_000;

process.umask(0o077);
void runPoolHost({ pool, environment: process.env, clock: systemClock, idle: IDLE, warn: (warning) => process.stderr.write(`${warning.code}: ${warning.message}\n`) }).then(() => process.exit());
