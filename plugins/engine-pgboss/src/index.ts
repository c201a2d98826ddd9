/** The engine on PostgreSQL: one set of jobs for any number of machines. */
import { API_VERSION, definePlugin, type EngineType, type JobTypePlugin } from '@nightshift/sdk';
import { openEngine } from './open.ts';
import { optionsSchema, type PgbossOptions } from './options.ts';

export type { PgbossOptions } from './options.ts';

/** Durable on a server that keeps what it has acknowledged; for any number of schedulers, workers and clients at once. */
export const pgboss: EngineType<PgbossOptions> = {
  name: 'pgboss',
  description: 'Jobs in PostgreSQL, queued by pg-boss: scheduled and run by any number of machines.',
  options: optionsSchema,
  open: openEngine,
};

const plugin: JobTypePlugin = definePlugin({ name: '@nightshift/engine-pgboss', version: '0.1.0', apiVersion: API_VERSION, engines: [pgboss] });

export default plugin;
