import type { Clock } from '@nightshift/sdk';
import type { Boss } from './boss.ts';
import type { Database } from './database.ts';
import type { Days } from './days.ts';
import type { Hints } from './hints.ts';
import type { PgbossOptions } from './options.ts';
import type { ObjectStore } from './output/object-store.ts';
import type { Upkeep } from './upkeep-port.ts';

/** What every part of an open engine works with. The schema is up to date by the time of the first answer. */
export interface EngineContext {
  readonly database: Database;
  /** Name of our schema: `${schema}.instance`. */
  readonly schema: string;
  readonly boss: Boss;
  readonly days: Days;
  readonly hints: Hints;
  /** For times that are written; leases are judged by the server's clock (`clock_timestamp()`) alone. */
  readonly clock: Clock;
  readonly options: PgbossOptions;
  /** Where large output goes. Default: into the database. */
  readonly objects?: ObjectStore;
  /** Whoever comes by often calls `tend`: what has to be done now and then is done. */
  readonly upkeep: Pick<Upkeep, 'tend' | 'failed'>;
}
