import type { JobError } from '@nightshift/sdk';
import type { ConfigPlace } from '../config/config-place.ts';
import type { HostStores } from '../stores.ts';
import { asksForEngine } from './asks-for-engine.ts';
import type { EngineRequest } from './open-engine.ts';

/** The engine of the configuration, opened before the first verb that may need it: what reads configurations is loaded only where one may be named. */
export interface LazyEngine {
  /** From then on the durable store is the engine's, where one is named. Throws what is wrong with a configuration that names one. */
  ready(scope: EngineRequest['scope']): Promise<void>;
  close(): Promise<void>;
}

export function lazyEngine(stores: HostStores, place: () => ConfigPlace, environment: NodeJS.ProcessEnv, warn: (warning: JobError) => void): LazyEngine {
  const looks = new Map<EngineRequest['scope'], Promise<void>>();
  const look = async (scope: EngineRequest['scope']): Promise<void> => {
    const where = place();
    if (stores.engine !== undefined || !asksForEngine(where, scope)) return;
    const { openEngine } = await import('./open-engine.ts');
    const opened = await openEngine({ ...where, environment: { ...environment, ...where.environment }, warn, scope });
    if (opened !== undefined) stores.use(opened);
  };
  const ready = (scope: EngineRequest['scope']): Promise<void> => {
    const known = looks.get(scope) ?? look(scope);
    looks.set(scope, known);
    return known;
  };
  return {
    ready,
    close: async () => stores.engine?.engine[Symbol.asyncDispose](),
  };
}
