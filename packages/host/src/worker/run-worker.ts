/** The worker of this machine for an engine, and what is known of all workers. Loaded by the verb `worker` alone. */
import { JobError, type Engine, type HostFacts } from '@nightshift/sdk';
import { createTroubles } from '@nightshift/scheduler';
import type { EmbeddedStore } from '@nightshift/store';
import type { Assembly } from '../assemble-core.ts';
import { isHere, isWorker } from '../engine/beacon.ts';
import { lackOfSpace } from '../free-space.ts';
import { thisMachine } from '../launch/identity.ts';
import { systemClock } from '#system-clock';
import { createGate } from './gate.ts';
import { openLeases } from './leases.ts';
import { createLocalRuns } from './local-runs.ts';
import { createPersistence } from './persistence.ts';
import { CHUNK } from './ship-output.ts';
import { work, type WorkingTime } from './worker.ts';
import { openPlace, workerName } from './worker-place.ts';
import type { WorkerReport } from './worker-events.ts';

/** What a worker is told. */
export interface RunWorkerRequest extends WorkingTime {
  /** Default: the name of the machine. */
  readonly name?: string;
  /** Which runs it takes. Default: `default`, those that name no route. */
  readonly routes?: readonly string[];
  /** How many it runs at a time. Default 8. */
  readonly slots?: number;
  readonly report: WorkerReport;
}

/** A host of an engine, as everybody sees it. */
export type WorkerView = HostFacts & { readonly lastSeen: Date; readonly running: number; readonly isHere: boolean };

/** Workers of the configured engine. */
export interface Workers {
  /** Works until the signal fires. Throws `WorkerAlreadyRunning`, `ParameterArgumentValidationError`, and what the engine says at its first call. */
  run(request: RunWorkerRequest, signal: AbortSignal): Promise<void>;
  /** Those that were seen within a day, by name; not the schedulers, which are hosts of the engine too. */
  list(): Promise<readonly WorkerView[]>;
}

export interface WorkersParts {
  /** Opened at the first call. Undefined: the configuration names none. */
  readonly engine: () => Promise<Engine | undefined>;
  /** The state folder of the user. */
  readonly state: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A Nightshift that keeps its runs in that folder, and whose jobs get nothing of our environment that they are not to have. */
  readonly assemble: (worker: string) => Assembly;
}

const SLOTS = 8;
const ROUTES: readonly string[] = ['default'];
const ROUTE = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$/;
/** Pieces of output that are in memory at a time. */
const PIECES = 4;

export function createWorkers(parts: WorkersParts): Workers {
  return {
    run: (request, signal) => runWorker(parts, request, signal),
    async list() {
      const hosts = await (await inUse(parts)).queue.hosts();
      const now = systemClock.now();
      return hosts.filter(isWorker).map((one) => ({ ...one, isHere: isHere(one, now) })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

async function runWorker({ engine: open, state, environment, assemble }: WorkersParts, request: RunWorkerRequest, signal: AbortSignal): Promise<void> {
  const { report, routes = ROUTES, slots = SLOTS } = request;
  const name = workerName(request.name);
  check(routes, slots);
  const engine = await inUse({ engine: open });
  const { folder, lock } = openPlace(state, name);
  const { parts: core, stores, types, loadPlugins, wiring } = assemble(folder);
  try {
    const { clock, launcher } = core;
    // Whoever cannot be reached at the start may be named wrongly: that is said at once, and not waited for.
    await engine.queue.register({ name, routes, slots });
    const local = createLocalRuns(core, stores.session() as EmbeddedStore, { types, loadPlugins });
    const { boot } = thisMachine();
    const persistence = createPersistence(createTroubles(report, []), clock);
    const shipping = { output: engine.output, clock, gate: createGate(PIECES, CHUNK) };
    const hindrance = lackOfSpace({ folder, clock, environment });
    await work({ engine, clock, local, launcher, shipping, persistence, report, hindrance, boot, leases: openLeases(folder, boot) }, { name, routes, slots }, request, signal);
  } finally {
    await wiring.close();
    stores.close();
    lock.release();
  }
}

function check(routes: readonly string[], slots: number): void {
  const route = routes.find((one) => !ROUTE.test(one));
  if (route !== undefined || routes.length === 0) throw new JobError({ code: 'ParameterArgumentValidationError', message: `${JSON.stringify(route ?? '')} is no route`, hint: '--route linux,gpu' });
  if (!Number.isInteger(slots) || slots < 1) throw new JobError({ code: 'ParameterArgumentValidationError', message: '--slots takes a whole number above 0' });
}

/** Throws `DefinitionKeyMissing` where the configuration names none. */
async function inUse({ engine }: Pick<WorkersParts, 'engine'>): Promise<Engine> {
  const opened = await engine();
  if (opened !== undefined) return opened;
  throw new JobError({ code: 'DefinitionKeyMissing', message: 'the configuration names no engine, and a worker runs the jobs of one', hint: "write plugins: ['@nightshift/engine-pgboss'] and engine: { name: pgboss, connection: env:NAME } into your own configuration, ~/.config/nightshift/config.yaml" });
}
