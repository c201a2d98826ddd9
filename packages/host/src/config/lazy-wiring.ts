import type { JobError } from '@nightshift/sdk';
import type { WireRequest, Wiring } from '../container.ts';
import { isMissingType } from '../trust/missing-type.ts';

/** What only verbs that read definitions need: loaded at the first call, with the configuration. */
export interface LazyWiring {
  /** For core, which may yet find that it needs a plugin: says nothing of those that are ignored. */
  assemble(): Promise<Wiring>;
  /** For verbs that go on without the plugins of a project that is not trusted: they say so, once. */
  wiring(): Promise<Wiring>;
  /** The same with every plugin loaded that may be. */
  withPlugins(): Promise<Wiring>;
  /** Does what may want a job type that only a plugin brings, and explains its lack. */
  explaining<T>(act: () => Promise<T>): Promise<T>;
  /** For doctor: mistakes of the configuration are in its report, and warnings are returned. */
  examine(): Promise<{ readonly wiring: Wiring; readonly warnings: readonly JobError[] }>;
  /** Ends what runs of plugins. */
  close(): Promise<void>;
}

export function lazyWiring(request: () => WireRequest): LazyWiring {
  let wired: Promise<Wiring> | undefined;
  let isTold = false;
  const assemble = (): Promise<Wiring> => (wired ??= import('../container.ts').then(({ wire }) => wire(request())));
  const wiring = async (): Promise<Wiring> => {
    const parts = await assemble();
    if (!isTold) parts.configuration.warnings.forEach(request().warn);
    isTold = true;
    return parts;
  };
  return {
    assemble,
    wiring,
    async withPlugins() {
      const parts = await assemble();
      await parts.plugins.load();
      return parts;
    },
    async close() {
      // What went wrong with it was told to whoever wanted it.
      (await wired?.catch(() => undefined))?.plugins.close();
    },
    async explaining(act) {
      const result = await act().catch(async (cause: unknown) => {
        throw isMissingType(cause) ? await (await assemble()).explainMissingType(cause) : cause;
      });
      if (wired !== undefined) await wiring();
      return result;
    },
    async examine() {
      const warnings: JobError[] = [];
      const { wireAnyway } = await import('../container.ts');
      return { wiring: await wireAnyway({ ...request(), warn: (warning) => void warnings.push(warning) }), warnings };
    },
  };
}
